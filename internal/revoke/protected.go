package revoke

import (
	"strings"

	"assume-role/internal/fault"
)

// Editable refuses the roles whose policies nobody can change in IAM, and says
// what to do instead.
func (s Subject) Editable() error {
	switch {
	case s.User:
		return nil
	case strings.HasPrefix(s.Path, "/aws-reserved/"), strings.HasPrefix(s.Name, reservedBySSO):
		return fault.New("", "%s belongs to IAM Identity Center and cannot be edited in IAM", s.Name).Fix("%s", InIdentityCenter)
	case strings.HasPrefix(s.Path, "/aws-service-role/"), strings.HasPrefix(s.Name, "AWSServiceRoleFor"):
		return fault.New("", "%s is a service-linked role: its sessions cannot be revoked and its policies cannot be edited", s.Name).
			Fix("stop or delete what uses it in the service that it is linked to; deny it on a resource with --print-deny")
	}
	return nil
}

// reservedBySSO begins the names of Identity Center's roles
// (https://docs.aws.amazon.com/singlesignon/latest/userguide/referencingpermissionsets.html).
const reservedBySSO = "AWSReservedSSO_"

// InIdentityCenter are the ways to end a role's sessions there
// (https://docs.aws.amazon.com/singlesignon/latest/userguide/useraccess.html).
const InIdentityCenter = "in Identity Center remove the user's assignment and end their active sessions, " +
	"and deny what was issued before now (aws:TokenIssueTime) in the permission set's inline policy or a service control policy"

// OfIdentityCenter is the refusal for a role that is known by its permission
// set alone, as in a profile with sso_role_name.
func OfIdentityCenter(permissionSet, account string) *fault.Error {
	return fault.New("", "its role is that of the permission set %s in account %s (%s%s_…), which belongs to IAM Identity Center and cannot be edited in IAM",
		permissionSet, account, reservedBySSO, permissionSet).Fix("%s", InIdentityCenter)
}
