package revoke

import (
	"strings"

	"assume-role/internal/fault"
)

// ParseName reads what stands in place of a profile: the ARN of a role or an
// IAM user, or that of one session (assumed-role/ROLE/SESSION and
// federated-user/NAME), which says the session's name besides. The ARN of a
// session has no path, and that of a federated user does not say whose keys
// made it: then the subject has neither ARN nor name.
func ParseName(arn string, which Sessions) (Subject, Sessions, error) {
	f := strings.SplitN(arn, ":", 6)
	if len(f) != 6 || f[2] != "sts" {
		s, err := ParseSubject(arn)
		return s, which, err
	}
	if which != (Sessions{}) {
		return Subject{}, which, fault.New(fault.InvalidValue, "%s is one session already", arn).Fix("leave out --session-name and --source-identity")
	}
	if f[0] != "arn" || !isPartition(f[1]) || f[3] != "" || !isAccount(f[4]) {
		return Subject{}, which, noSession(arn)
	}
	s, name := ofSession(f[1], f[4], f[5])
	if name == "" { // it would mean all of them
		return Subject{}, which, noSession(arn)
	}
	which = Sessions{Name: name}
	return s, which, which.Check(s)
}

// ofSession takes the last part of a session's ARN apart; name is empty where
// it is none.
func ofSession(partition, account, last string) (s Subject, name string) {
	kind, rest, _ := strings.Cut(last, "/")
	role, name, slash := strings.Cut(rest, "/")
	switch {
	case kind == "federated-user" && !slash:
		return Subject{User: true, Partition: partition, Account: account}, rest
	case kind == "assumed-role":
		s, err := ParseSubject("arn:" + partition + ":iam::" + account + ":role/" + role)
		if err == nil {
			return s, name
		}
	}
	return Subject{}, ""
}

func noSession(arn string) error {
	return fault.New(fault.InvalidValue, "%q is not a session's ARN", arn).
		Fix("write arn:aws:sts::ACCOUNT:assumed-role/ROLE/SESSION or arn:aws:sts::ACCOUNT:federated-user/NAME with the account's 12 digits")
}

// Identified refuses a federated user whose keys nobody named.
func (s Subject) Identified(which Sessions) error {
	if s.Name != "" {
		return nil
	}
	return fault.New(fault.InvalidValue, "the ARN of the federated user %s does not say which IAM user's keys made it", which.Name).
		Fix("name the user: assume-role revoke arn:%s:iam::%s:user/NAME --session-name %s --using PROFILE", s.Partition, s.Account, which.Name)
}
