package revoke

import (
	"strings"

	"assume-role/internal/fault"
)

// Subject is whose sessions end: a role, or the IAM user whose keys made
// sessions with GetSessionToken and GetFederationToken.
type Subject struct {
	// ARN is the role's or the user's own, path and all.
	ARN string
	// User says that it is an IAM user, not a role.
	User bool
	// Partition and Account are the ARN's.
	Partition, Account string
	// Path begins and ends with a slash, as IAM has it.
	Path string
	// Name is the last part, which IAM's calls take.
	Name string
}

// ParseSubject reads arn:PARTITION:iam::ACCOUNT:role/PATH/NAME, or user/ in
// place of role/
// (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html).
func ParseSubject(arn string) (Subject, error) {
	f := strings.SplitN(arn, ":", 6)
	if len(f) != 6 || f[0] != "arn" || !isPartition(f[1]) || f[2] != "iam" || f[3] != "" || !isAccount(f[4]) {
		return Subject{}, noSubject(arn)
	}
	kind, rest, _ := strings.Cut(f[5], "/")
	slash := strings.LastIndexByte(rest, '/') + 1
	s := Subject{ARN: arn, User: kind == "user", Partition: f[1], Account: f[4], Path: "/" + rest[:slash], Name: rest[slash:]}
	if kind != "role" && kind != "user" || !isName(s.Name, 1, 128) || !isPath(s.Path) {
		return Subject{}, noSubject(arn)
	}
	return s, nil
}

func noSubject(arn string) error {
	return fault.New(fault.InvalidValue, "%q is neither a role's ARN nor an IAM user's", arn).
		Fix("write arn:aws:iam::ACCOUNT:role/NAME or arn:aws:iam::ACCOUNT:user/NAME with the account's 12 digits")
}

// isPartition wants what AWS's partitions are called: aws, aws-cn, aws-us-gov …
func isPartition(text string) bool {
	return strings.HasPrefix(text, "aws") && strings.Trim(text, "abcdefghijklmnopqrstuvwxyz-") == ""
}

func isAccount(text string) bool {
	return len(text) == 12 && strings.Trim(text, "0123456789") == ""
}

// isPath wants what IAM allows in a path: printable ASCII.
func isPath(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return r < '!' || r > '~' })
}

// isName wants what IAM and STS allow in names: letters, digits, and _+=,.@-
// (https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html).
func isName(text string, least, most int) bool {
	return least <= len(text) && len(text) <= most && !strings.ContainsFunc(text, func(r rune) bool {
		letter := 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9'
		return !letter && !strings.ContainsRune("_+=,.@-", r)
	})
}

// Kind is what the subject is called in sentences: "role" or "user".
func (s Subject) Kind() string {
	if s.User {
		return "user"
	}
	return "role"
}

// Owns reports whether a caller, by the ARN that GetCallerIdentity shows, is a
// session of this role: the sessions that the policy ends. Such an ARN has the
// role without its path.
func (s Subject) Owns(caller string) bool {
	return !s.User && strings.HasPrefix(caller, "arn:"+s.Partition+":sts::"+s.Account+":assumed-role/"+s.Name+"/")
}

// UserOf is the IAM user behind an ARN of GetCallerIdentity. Root and other
// callers have none, which the error explains.
func UserOf(caller string) (Subject, error) {
	s, err := ParseSubject(caller)
	switch {
	case err == nil && s.User:
		return s, nil
	case strings.HasSuffix(caller, ":root"):
		return Subject{}, fault.New("", "the credentials are the root user's: no policy can deny anything to root's sessions").
			Fix("delete root's access keys, which is the last that can be made with them; sessions made already live until they expire, 1 hour at most")
	case strings.Contains(caller, ":federated-user/"):
		return Subject{}, fault.New("", "the credentials are the federated user's %s, and AWS does not say which IAM user made them", caller).
			Fix("name the user: assume-role revoke arn:aws:iam::ACCOUNT:user/NAME --using PROFILE")
	}
	return Subject{}, fault.New("", "the chain does not begin with an IAM user's keys, but with %s", caller).
		Fix("leave --user out to revoke the role's sessions")
}
