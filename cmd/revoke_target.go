package cmd

import (
	"time"

	"assume-role/internal/fault"
	"assume-role/internal/iam"
	"assume-role/internal/profile"
	"assume-role/internal/revoke"
)

// revocation is one run of revoke.
type revocation struct {
	*app
	*revokeOptions
	settings Settings
	// began is when the run did: what --before is counted from.
	began time.Time
	// moment is --before's by the local clock; zero means now.
	moment time.Time
	// named is the role or user whose ARN was given in place of a profile.
	named revoke.Subject
	// callers are those that are known so far.
	callers []*caller
	// keyIDs are the access key ids of the IAM user whose sessions end.
	keyIDs []string
}

// intent is one role or user whose sessions are to end, before anything is
// called.
type intent struct {
	// subject is empty for the IAM user whose keys a chain begins with: only
	// AWS knows who that is.
	subject revoke.Subject
	// keys is the chain whose user that is.
	keys *profile.Chain
	// change gives the credentials that make the change.
	change *profile.Chain
}

// plan finds out whose sessions end, and which credentials end them. It calls
// nothing.
func (r *revocation) plan() ([]intent, error) {
	using, err := r.usingChain()
	if err != nil {
		return nil, err
	}
	var plan []intent
	switch {
	case r.named.ARN != "" && using != nil && !r.chain:
		plan = []intent{{subject: r.named, change: using}}
	case r.named.User:
		return nil, fault.New(fault.NoCredentials, "nothing says whose credentials may change the user %s", r.named.Name).Fix("name a profile of account %s with --using", r.named.Account)
	case r.user:
		plan, err = r.planUser(using)
	default:
		plan, err = r.planRoles(using)
	}
	if err != nil {
		return nil, err
	}
	return plan, r.checkPlan(plan)
}

func (r *revocation) checkPlan(plan []intent) error {
	for _, p := range plan {
		if err := r.checkSubject(p.subject); err != nil {
			return err
		}
	}
	return nil
}

// checkSubject refuses what can be refused by its name alone.
func (r *revocation) checkSubject(s revoke.Subject) error {
	if err := s.Editable(); err != nil {
		return r.inProfile(err)
	}
	return r.which.Check(revoke.Subject{User: r.user})
}

// inProfile names the profile in an error, where one was given.
func (r *revocation) inProfile(err error) error {
	if f, ok := err.(*fault.Error); ok && r.named.ARN == "" {
		return f.In(r.profile)
	}
	return err
}

// usingChain gives the credentials of --using; nil without it.
func (r *revocation) usingChain() (*profile.Chain, error) {
	if r.using == "" {
		return nil, nil
	}
	chain, err := r.chainOf(r.using, &r.credentials)
	if err != nil {
		return nil, err
	}
	return chain.Administrator(len(chain.Calls), r.settings.TokenDuration), nil
}

// chainOf plans a profile's chain, with the way to IAM.
func (r *revocation) chainOf(name string, f *credentialFlags) (*profile.Chain, error) {
	chain, err := r.resolveFor([]string{iam.Service}, name, "", f, r.settings)
	if err != nil {
		return nil, err
	}
	if !r.dryRun && !r.printDeny {
		if err := r.refuseAgents(chain, r.settings); err != nil {
			return nil, err
		}
	}
	r.notesOf(chain)
	return chain, nil
}

// flagsOf are the flags for PROFILE's own chain: an MFA code is for the one that
// makes the change.
func (r *revocation) flagsOf(using *profile.Chain) *credentialFlags {
	if using != nil {
		return &credentialFlags{}
	}
	return &r.credentials
}

func (r *revocation) planUser(using *profile.Chain) ([]intent, error) {
	chain, err := r.chainOf(r.profile, r.flagsOf(using))
	if err != nil {
		return nil, err
	}
	keys := chain.Administrator(0, r.settings.TokenDuration)
	change := keys
	if using != nil {
		change = using
	}
	return []intent{{keys: keys, change: change}}, revoke.UsersKeys(chain)
}

func (r *revocation) planRoles(using *profile.Chain) ([]intent, error) {
	chain, err := r.chainOf(r.profile, r.flagsOf(using))
	if err != nil {
		return nil, err
	}
	steps, err := r.steps(chain)
	if err != nil {
		return nil, err
	}
	r.noteBeginning(chain)
	var plan []intent
	for _, s := range steps {
		p := intent{subject: s.Role, change: using}
		if using == nil && s.Call != revoke.OfSource {
			p.change = chain.Administrator(s.Call, r.settings.TokenDuration)
		}
		if p.change == nil {
			return nil, fault.New(fault.NoCredentials, "the role %s is assumed with no credentials that could change it (%s)", s.Role.ARN, chain.Source.Kind).
				In(r.profile).At(chain.Source.Origin).Fix("name a profile of account %s that may change it with --using", s.Role.Account)
		}
		plan = append(plan, p)
	}
	return plan, nil
}

// steps are the roles of the chain that were asked for.
func (r *revocation) steps(chain *profile.Chain) ([]revoke.Step, error) {
	if r.chain {
		return revoke.All(chain)
	}
	last, err := revoke.Last(chain)
	return []revoke.Step{last}, err
}
