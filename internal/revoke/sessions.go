package revoke

import (
	"strings"

	"assume-role/internal/fault"
)

// WholePolicy is the inline policy that the IAM console writes to revoke a
// role's active sessions.
const WholePolicy = "AWSRevokeOlderSessions"

// Sessions says which of a subject's sessions end. The zero value means all.
type Sessions struct {
	// Name is RoleSessionName, or for a user GetFederationToken's Name.
	Name string
	// SourceIdentity is the one that was set when the first role was assumed.
	SourceIdentity string
}

// Check refuses what no session can have. A name with a * in it would mean
// sessions that nobody named.
func (s Sessions) Check(of Subject) error {
	longest := 64
	if of.User {
		longest = 32
	}
	switch {
	case s.Name != "" && s.SourceIdentity != "":
		return fault.New(fault.InvalidValue, "--session-name and --source-identity exclude each other").Fix("run one after the other: each keeps the other's policy")
	case s.SourceIdentity != "" && of.User:
		return fault.New(fault.InvalidValue, "--source-identity is of roles' sessions: those of a user have none").Fix("leave it out, or name a federated user with --session-name")
	case s.Name != "" && !isName(s.Name, 2, longest):
		return badName("--session-name", s.Name, longest)
	case s.SourceIdentity != "" && !isName(s.SourceIdentity, 2, longest):
		return badName("--source-identity", s.SourceIdentity, longest)
	}
	return nil
}

func badName(flag, text string, longest int) error {
	return fault.New(fault.InvalidValue, "%s %q is not what a session can have", flag, text).
		Fix("give the whole of it: 2 to %d of A-Z, a-z, 0-9 and _+=,.@-", longest)
}

// PolicyName is the inline policy that ends these sessions. Each kind has one
// of its own, so that none undoes another. None is longer than IAM's 128
// characters, since Check holds what is in it to 64.
func (s Sessions) PolicyName() string {
	switch {
	case s.Name != "":
		return WholePolicy + "-session-" + s.Name
	case s.SourceIdentity != "":
		return WholePolicy + "-source-identity-" + s.SourceIdentity
	}
	return WholePolicy
}

// Which tells a person which sessions of a subject are meant.
func (s Sessions) Which() string {
	switch {
	case s.Name != "":
		return "the sessions named " + s.Name
	case s.SourceIdentity != "":
		return "the sessions with the source identity " + s.SourceIdentity
	}
	return "all sessions"
}

// Include reports whether a session may be among these, by its ARN as
// GetCallerIdentity shows it. Its source identity does not show there.
func (s Sessions) Include(session string) bool {
	return s.Name == "" || strings.HasSuffix(session, "/"+s.Name)
}
