package creds

import "strings"

// Role is what tells one role from another. A role's path is no part of it:
// names are unique within an account
// (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html),
// and the ARN of a session does not have the path.
type Role struct{ Partition, Account, Name string }

// RoleOf reads arn:PARTITION:iam::ACCOUNT:role/PATH/NAME.
func RoleOf(arn string) (Role, bool) {
	part := strings.SplitN(arn, ":", 6)
	if len(part) != 6 || part[0] != "arn" || part[2] != "iam" || !strings.HasPrefix(part[5], "role/") {
		return Role{}, false
	}
	name := part[5][strings.LastIndexByte(part[5], '/')+1:]
	return Role{part[1], part[4], name}, name != ""
}

// RoleOfSession reads arn:PARTITION:sts::ACCOUNT:assumed-role/NAME/SESSION.
func RoleOfSession(arn string) (Role, bool) {
	part := strings.SplitN(arn, ":", 6)
	if len(part) != 6 || part[0] != "arn" || part[2] != "sts" {
		return Role{}, false
	}
	resource := strings.Split(part[5], "/")
	if len(resource) != 3 || resource[0] != "assumed-role" || resource[1] == "" {
		return Role{}, false
	}
	return Role{part[1], part[4], resource[1]}, true
}

// AmongRoles reports whether the role of an ARN is one of those of others.
// What is no role's ARN is none of them.
func AmongRoles(arn string, others []string) bool {
	role, ok := RoleOf(arn)
	return ok && role.among(others)
}

// SessionOfRoles reports whether the ARN of a session is of one of the roles.
func SessionOfRoles(arn string, roles []string) bool {
	role, ok := RoleOfSession(arn)
	return ok && role.among(roles)
}

func (r Role) among(arns []string) bool {
	for _, arn := range arns {
		if other, ok := RoleOf(arn); ok && other == r {
			return true
		}
	}
	return false
}
