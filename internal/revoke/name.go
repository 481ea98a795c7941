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
	part := strings.Split(f[5], "/")
	switch {
	case len(part) == 2 && part[0] == "federated-user" && isPartition(f[1]) && isAccount(f[4]):
		return Subject{User: true, Partition: f[1], Account: f[4]}, Sessions{Name: part[1]}, nil
	case len(part) == 3 && part[0] == "assumed-role":
		s, err := ParseSubject("arn:" + f[1] + ":iam::" + f[4] + ":role/" + part[1])
		return s, Sessions{Name: part[2]}, err
	}
	return Subject{}, which, noSubject(arn)
}

// Identified refuses a federated user whose keys nobody named.
func (s Subject) Identified(which Sessions) error {
	if s.Name != "" {
		return nil
	}
	return fault.New(fault.InvalidValue, "the ARN of the federated user %s does not say which IAM user's keys made it", which.Name).
		Fix("name the user: assume-role revoke arn:%s:iam::%s:user/NAME --session-name %s --using PROFILE", s.Partition, s.Account, which.Name)
}
