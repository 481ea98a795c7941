package cmd

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"time"

	"assume-role/internal/assume"
	"assume-role/internal/cache"
	"assume-role/internal/creds"
	"assume-role/internal/exec"
	"assume-role/internal/fault"
	"assume-role/internal/profile"
	"assume-role/internal/securefile"
)

// The least validity of a session, where the user asks for none: what a
// person's command needs, and the window in which SDKs refresh by themselves.
const (
	ttlForPeople = 5 * time.Minute
	ttlForSDKs   = 15 * time.Minute
)

// session is what a command that needs credentials works with.
type session struct {
	chain       *profile.Chain
	credentials creds.Credentials
	assumer     *assume.Assumer
	settings    Settings
}

// session turns a profile's name and the flags into credentials. Everything
// that can be refused is refused before the first call.
func (a *app) session(ctx context.Context, name string, f *credentialFlags, ttl time.Duration) (*session, error) {
	settings, err := a.settings()
	if err != nil {
		return nil, err
	}
	policy, err := cachePolicy(f, settings, ttl)
	if err != nil {
		return nil, err
	}
	s, err := corrected(ctx, a, func() (*session, error) { return a.walk(ctx, name, f, settings, policy) })
	if err != nil {
		return nil, err
	}
	if err := s.checkAccount(ctx); err != nil {
		return nil, err
	}
	a.warnAbout(s)
	return s, nil
}

// walk plans the chain and walks it to its end.
func (a *app) walk(ctx context.Context, name string, f *credentialFlags, settings Settings, policy cache.Policy) (*session, error) {
	chain, _, err := a.resolve(ctx, name, f, settings)
	if err != nil {
		return nil, err
	}
	if chain, err = a.guardAgents(chain, f, settings); err != nil {
		return nil, err
	}
	a.notesOf(chain)
	assumer, err := a.assumer(ctx, chain, f, settings, policy)
	if err != nil {
		return nil, err
	}
	got, err := assumer.Credentials(ctx, chain)
	if err != nil {
		return nil, err
	}
	return &session{chain: chain, credentials: got, assumer: assumer, settings: settings}, nil
}

// notesOf says what was odd in the files and in the chain, each thing once.
func (a *app) notesOf(chain *profile.Chain) {
	notes := chain.Notes
	if config, err := a.config(); err == nil {
		notes = append(config.Notes(), notes...)
	}
	for _, note := range notes {
		if !slices.Contains(a.noted, note) {
			a.noted = append(a.noted, note)
			a.note(note)
		}
	}
	if chain.Region == "" {
		a.debug("no region is set: STS is called in %s, the default of the partition %s", chain.STS.Region, chain.STS.Partition)
	}
}

func cachePolicy(f *credentialFlags, settings Settings, ttl time.Duration) (cache.Policy, error) {
	if f.noCache && f.refresh {
		return cache.Policy{}, usage("--no-cache and --refresh exclude each other")
	}
	given, err := durationFlag("--min-ttl", f.minTTL)
	if err != nil {
		return cache.Policy{}, err
	}
	policy := cache.Policy{MinTTL: ttl, Refresh: f.refresh}
	if settings.MinTTL > 0 {
		policy.MinTTL = settings.MinTTL
	}
	if f.minTTL != "" {
		policy.MinTTL, policy.Explicit = given, true
	}
	return policy, nil
}

// resolve finds out which profile is meant and plans its chain.
func (a *app) resolve(ctx context.Context, name string, f *credentialFlags, settings Settings) (*profile.Chain, string, error) {
	return a.resolveWith(ctx, nil, name, f, settings)
}

// resolveWith also plans how services besides STS are reached.
func (a *app) resolveWith(ctx context.Context, services []string, name string, f *credentialFlags, settings Settings) (*profile.Chain, string, error) {
	if name != "" || f.fromJSON != "" || f.webIdentity != "" {
		if f.pick {
			return nil, "", usage("--pick chooses the profile, and one is given: leave out one of the two")
		}
		chain, err := a.resolveFor(services, name, "", f, settings)
		return chain, "", err
	}
	config, err := a.config()
	if err != nil {
		return nil, "", err
	}
	name, how, err := a.choice(ctx, config, f, settings)
	if err != nil {
		return nil, "", err
	}
	chain, err := a.resolveFor(services, name, how, f, settings)
	return chain, how, err
}

// resolveNamed plans the chain of a profile that a person named.
func (a *app) resolveNamed(name string, f *credentialFlags, settings Settings) (*profile.Chain, error) {
	return a.resolveChosen(name, "", f, settings)
}

// resolveChosen plans the chain of a profile; how is what profile.Select said.
func (a *app) resolveChosen(name, how string, f *credentialFlags, settings Settings) (*profile.Chain, error) {
	return a.resolveFor(nil, name, how, f, settings)
}

// resolveFor is resolveChosen with services as in resolveWith.
func (a *app) resolveFor(services []string, name, how string, f *credentialFlags, settings Settings) (*profile.Chain, error) {
	config, err := a.config()
	if err != nil {
		return nil, err
	}
	request := a.request(settings)
	request.Profile, request.SourceProfile, request.RoleARN = name, f.sourceProfile, f.roleARN
	request.WebIdentity, request.Chosen, request.Services = f.webIdentity, how, services
	if request.FromJSON, err = a.document(f.fromJSON); err != nil {
		return nil, err
	}
	if request.Overrides, err = f.overrides(); err != nil {
		return nil, err
	}
	return profile.Resolve(config, request)
}

// request is what every question to package profile has in common.
func (a *app) request(settings Settings) profile.Request {
	return profile.Request{
		Env: a.host.Getenv, StoredKey: a.storedKey, ReadFile: readPolicy, Absolute: a.absolute,
		Inside: a.host.Getenv("ASSUME_ROLE_PROFILE"), OnEC2: a.host.OnEC2, Now: a.host.Now,
		Defaults: profile.Defaults{
			TokenDuration: settings.TokenDuration, RoleDuration: settings.RoleDuration,
			SessionToken: settings.SessionToken, LegacySTS: !settings.RegionalSTS,
		},
	}
}

// absolute completes a path of the user's, as seen from where the command runs.
func (a *app) absolute(path string) string {
	if files, err := a.files(); err == nil {
		path = files.Expand(path)
	}
	if whole, err := filepath.Abs(path); err == nil {
		return whole
	}
	return path
}

// policyLimit is far above the 2,048 characters that STS takes.
const policyLimit = 1 << 16

// readPolicy reads the file that a profile's policy names.
func readPolicy(path string) ([]byte, error) { return securefile.Read(path, policyLimit) }

// checkAccount refuses credentials of another account than the expected one.
// What cannot be proven does not pass.
func (s *session) checkAccount(ctx context.Context) error {
	want := s.chain.ExpectAccount
	if want == "" {
		return nil
	}
	got := s.credentials.AccountID
	if !s.accountFromAWS() {
		id, err := s.assumer.Identity(ctx, s.chain.Profile, s.chain.STS, s.credentials)
		if err != nil {
			return fault.New("", "the account of the credentials could not be proven to be %s", want).
				In(s.chain.Profile).Fix("try again, or see with --debug why GetCallerIdentity failed").Because(err)
		}
		got = id.Account
	}
	if got != want {
		return fault.New("", "the credentials are of account %s, not of the expected %s", got, want).
			In(s.chain.Profile).Fix("check PROFILE, or --expect-account")
	}
	return nil
}

// accountFromAWS reports whether AWS named the account of the credentials in
// its answer to a call. What a file, a variable or a program says proves
// nothing.
func (s *session) accountFromAWS() bool {
	calls, source := s.chain.Calls, s.chain.Source
	switch {
	case s.credentials.AccountID == "":
		return false
	case len(calls) > 0:
		return !calls[len(calls)-1].Conditional
	}
	return source.Role != nil || source.Kind == profile.SSO
}

// warnAbout says what the credentials cannot do or should not be.
func (a *app) warnAbout(s *session) {
	calls := s.chain.Calls
	switch {
	case !s.credentials.Temporary() && s.chain.Source.Kind == profile.Process:
		a.note(fmt.Sprintf("profile %q: credential_process gave long-lived keys, and they are handed out as they are", s.chain.Profile))
	case a.host.ErrTerminal && len(calls) > 0 && withoutMFA(calls[len(calls)-1]):
		a.note(fmt.Sprintf("profile %q: a session without MFA cannot call IAM or most of STS: add mfa_serial, or use --no-session-token", s.chain.Profile))
	}
}

func withoutMFA(last profile.Call) bool {
	return last.Kind == profile.SessionToken && last.Device == nil && !last.Conditional
}

// handover is what the child, or the shell, gets.
func (a *app) handover(s *session) exec.Changes {
	return exec.Handover(a.host.Environ, a.grant(s))
}

// grant is what a child is given of a session.
func (a *app) grant(s *session) exec.Grant {
	return exec.Grant{
		Credentials: s.credentials, Profile: s.chain.Profile, Region: s.chain.Region, Child: s.chain.Child,
		AccountVariable: s.settings.EnvAccountID, VaultVariable: s.settings.EnvAWSVault,
	}
}
