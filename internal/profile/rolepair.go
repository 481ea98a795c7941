package profile

import "strings"

// RolePair is what one value of the attribute Role of a SAML assertion says:
// a role, and the identity provider in IAM that vouches for whoever takes it.
// See https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_saml_assertions.html.
type RolePair struct {
	Role     string
	Provider string
}

// ParseRolePair reads ROLE-ARN,PROVIDER-ARN in either order, since identity
// providers write both. It is false for what AWS would not take for a pair.
func ParseRolePair(text string) (RolePair, bool) {
	arns := splitARNs(text)
	if len(arns) != 2 {
		return RolePair{}, false
	}
	pair := RolePair{Role: arns[0], Provider: arns[1]}
	if strings.Contains(pair.Role, ":saml-provider/") {
		pair = RolePair{Role: arns[1], Provider: arns[0]}
	}
	role := checkRoleARN(given{Value: Value{Text: pair.Role}})
	provider := checkSAMLProviderARN(given{Value: Value{Text: pair.Provider}})
	return pair, role == nil && provider == nil
}

// Partition is that of the role: aws, aws-cn, aws-us-gov …
func (p RolePair) Partition() string { return partitionOfARN(p.Role) }
