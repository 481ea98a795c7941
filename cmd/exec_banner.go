package cmd

import "assume-role/internal/exec"

// welcome tells a person at a terminal which session the shell that starts now
// is in, until when, and how to leave. It says what is known: it makes no call.
// What a command runs with is that command's business alone: for one, and where
// nobody sees them, no lines are made.
func (a *app) welcome(opts *execOptions, lines func() []string) {
	if len(opts.command) > 0 || !a.host.ErrTerminal {
		return
	}
	leave := "leave with: exit"
	if outer, ok := exec.InsideOf(a.host.Environ); ok {
		leave += ", back to the session of " + outer.Profile
	}
	for _, line := range append(lines(), leave) {
		a.note(line)
	}
}

// who says whose credentials a shell gets: an ARN has a line for itself.
func who(grant exec.Grant) []string {
	line := "profile " + firstOf(grant.Profile, "none: the environment's own credentials")
	if grant.Credentials.AccountID != "" {
		line += ", account " + grant.Credentials.AccountID
	}
	if grant.Credentials.ARN == "" {
		return []string{line}
	}
	return []string{line, grant.Credentials.ARN}
}

// lasting says how long credentials last, by the local clock.
func (a *app) lasting(grant exec.Grant) string {
	c := grant.Credentials
	session := shellSession{exec.Inside{AccessKeyID: c.AccessKeyID, Temporary: c.Temporary(), Expires: c.Expiration}, 0}
	if !c.Expiration.IsZero() {
		session.skew = skewOf(a.known().Sessions, c.Expiration)
	}
	left, until := session.left(a.host.Now())
	if until == "" {
		return left
	}
	return left + " left, until " + until
}

// renewed is lasting for credentials that a server hands out.
const renewed = "a local server renews the credentials for as long as this shell lasts"
