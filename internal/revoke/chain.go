package revoke

import (
	"slices"

	"assume-role/internal/fault"
	"assume-role/internal/profile"
)

// Step is one role of a chain.
type Step struct {
	Role Subject
	// Call is the call that assumes it, counted from 0; OfSource where the
	// source does, with a token or an assertion.
	Call int
}

// OfSource is the Call of a role that no other credentials of the chain come
// before.
const OfSource = -1

// Last is the role whose sessions the chain ends with.
func Last(chain *profile.Chain) (Step, error) {
	if n := len(chain.Calls) - 1; n >= 0 {
		if chain.Calls[n].Kind == profile.AssumeRole {
			return step(chain, n)
		}
		return Step{}, noRole(chain).Fix("end the sessions made with its keys: assume-role revoke %s --user", chain.Profile)
	}
	return ofSource(chain)
}

// All are the chain's roles, each once, the last one first: a session of the
// one before it signs the changes to its policies, and would be of no use once
// that has been revoked itself.
func All(chain *profile.Chain) ([]Step, error) {
	var steps []Step
	for n := OfSource; n < len(chain.Calls); n++ {
		if n == OfSource && chain.Source.Role == nil || n >= 0 && chain.Calls[n].Kind != profile.AssumeRole {
			continue
		}
		s, err := step(chain, n)
		if err != nil {
			return nil, err
		}
		if !slices.ContainsFunc(steps, func(o Step) bool { return o.Role.ARN == s.Role.ARN }) {
			steps = append(steps, s)
		}
	}
	if len(steps) == 0 {
		_, err := Last(chain)
		return nil, err
	}
	slices.Reverse(steps)
	return steps, nil
}

func step(chain *profile.Chain, n int) (Step, error) {
	call := chain.Source.Role
	if n >= 0 {
		call = &chain.Calls[n]
	}
	if call == nil || call.RoleARN == "" {
		return Step{}, noRole(chain).Fix("which role it gives shows only when it is asked: name the role: assume-role revoke ROLE-ARN --using PROFILE")
	}
	role, err := ParseSubject(call.RoleARN)
	return Step{role, n}, err
}

// ofSource is the role of a chain that is only a source.
func ofSource(chain *profile.Chain) (Step, error) {
	source := chain.Source
	switch source.Kind {
	case profile.WebIdentity, profile.SAML:
		return step(chain, OfSource)
	case profile.SSO:
		return Step{}, OfIdentityCenter(source.Settings["sso_role_name"].Text, source.Settings["sso_account_id"].Text).In(chain.Profile).At(source.Origin)
	case profile.Static, profile.Keyring:
		return Step{}, noRole(chain).Fix("end the sessions made with its keys: assume-role revoke %s --user", chain.Profile)
	}
	return Step{}, noRole(chain).Fix("see with `assume-role whoami %s` whose credentials it gives, then: assume-role revoke ROLE-ARN --using PROFILE, or --user for an IAM user's", chain.Profile)
}

func noRole(chain *profile.Chain) *fault.Error {
	return fault.New(fault.RoleARNMissing, "no role is assumed at its end (%s)", ending(chain)).In(chain.Profile).At(chain.Source.Origin)
}

// ending is what the chain ends with.
func ending(chain *profile.Chain) profile.Kind {
	if n := len(chain.Calls); n > 0 {
		return chain.Calls[n-1].Kind
	}
	return chain.Source.Kind
}

// UsersKeys refuses a chain that cannot begin with an IAM user's credentials.
func UsersKeys(chain *profile.Chain) error {
	switch kind := chain.Source.Kind; kind {
	case profile.SSO, profile.EC2, profile.Container, profile.WebIdentity, profile.SAML:
		return fault.New(fault.InvalidValue, "--user is for chains that begin with an IAM user's keys, and this one begins with %s", kind).
			In(chain.Profile).At(chain.Source.Origin).Fix("leave --user out to revoke the sessions of its role")
	}
	return nil
}
