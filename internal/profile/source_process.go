package profile

import (
	"runtime"

	"assume-role/internal/fault"
)

// signOfProcess returns the profile's credential_process, unless it calls
// this very tool for this very profile: that line is there for the SDKs, and
// the credentials are in the rest of the profile or in the key store.
func (r *resolver) signOfProcess(m member) given {
	process := m.get("credential_process")
	if process.isSet() && callsItself(process.Text, m.name, runtime.GOOS) {
		return given{}
	}
	return process
}

// readProcess reads a program that prints credentials.
// See https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html.
func (r *resolver) readProcess(m member) (*Source, error) {
	process := m.get("credential_process")
	s := &Source{Kind: Process, Profile: m.name, Origin: process.Origin, Settings: asSettings(process), Unavailable: r.untrusted(process)}
	if account := m.get(keyAccountID); account.isSet() {
		// A program's answer need not name the account.
		s.Keys.AccountID = account.Text
		return s, checkAccount(account)
	}
	return s, nil
}

// untrusted is why a program that a file names is not run: others could have
// written the file. Nil where it may be.
func (r *resolver) untrusted(program given) *fault.Error {
	t := r.cfg.trustIn(program.Origin)
	if t.problem == "" {
		return nil
	}
	return program.invalid("is not run, because %s", t.why).Fix("%s %s", t.fix, program.Origin.Path)
}
