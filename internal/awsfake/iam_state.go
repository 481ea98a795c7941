package awsfake

import "maps"

// policySet is the inline policies of a role or user, by name.
type policySet map[string]policyDocument

// iamState is what IAM keeps beside users, roles and keys.
type iamState struct {
	// policies are by the ARN of the role or user, as are withheld, the actions
	// that no policy allows, and mfaNeeded.
	policies  map[string]*settling[policySet]
	withheld  map[string][]string
	mfaNeeded map[string]bool
	// fido are the security keys of a user.
	fido map[string][]mfaDevice
	// propagation is how many looks a change stays unseen, pageSize the most
	// that a list answers with.
	propagation, pageSize int
}

func newIAMState() iamState {
	return iamState{
		policies: map[string]*settling[policySet]{}, withheld: map[string][]string{},
		mfaNeeded: map[string]bool{}, fido: map[string][]mfaDevice{}, pageSize: 100,
	}
}

// inline is the policies of a role or user; never nil.
func (s *iamState) inline(arn string) *settling[policySet] {
	if s.policies[arn] == nil {
		s.policies[arn] = &settling[policySet]{}
	}
	return s.policies[arn]
}

// put adds or replaces a policy, remove takes one away; that many evaluations
// still go by the policies before.
func (s *iamState) put(arn, name string, document policyDocument, looks int) {
	set := maps.Clone(s.inline(arn).now)
	if set == nil {
		set = policySet{}
	}
	set[name] = document
	s.inline(arn).change(set, looks)
}

func (s *iamState) remove(arn, name string, looks int) {
	set := maps.Clone(s.inline(arn).now)
	delete(set, name)
	s.inline(arn).change(set, looks)
}
