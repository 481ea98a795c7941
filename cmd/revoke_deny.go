package cmd

import (
	"context"
	"fmt"

	"assume-role/internal/fault"
	"assume-role/internal/profile"
	"assume-role/internal/revoke"
)

// printDenial prints the resource policy that denies the sessions. Of a user
// AWS has to say who that is; for roles nothing is called.
func (r *revocation) printDenial(ctx context.Context) error {
	subject, err := r.denied(ctx)
	if err != nil {
		return err
	}
	if err := r.which.Check(subject); err != nil {
		return err
	}
	on := revoke.Anything()
	if r.resource != "" {
		if on, err = revoke.ParseResource(r.resource, subject.Partition); err != nil {
			return err
		}
	}
	if _, err := fmt.Fprintln(r.host.Out, revoke.DenyStatement(subject, r.which, on)); err != nil {
		return err
	}
	r.note("add the statement to the resource's own policy: it denies new sessions, too, until you take it out again" + r.toFit())
	return nil
}

// toFit is what is left to do where no resource was named.
func (r *revocation) toFit() string {
	if r.resource != "" {
		return ""
	}
	return "; fit Action and Resource to the resource, or name it with --for"
}

// denied is the role or user whose sessions the statement names.
func (r *revocation) denied(ctx context.Context) (revoke.Subject, error) {
	if r.named != (revoke.Subject{}) {
		return r.named, nil
	}
	if r.user {
		return r.userOf(ctx)
	}
	chain, err := corrected(ctx, r.app, func() (*profile.Chain, error) { return r.chainOf(r.profile, &r.credentials) })
	if err != nil {
		return revoke.Subject{}, err
	}
	if chain.Source.Kind == profile.SSO && len(chain.Calls) == 0 {
		return revoke.Subject{}, fault.New("", "its role is one of IAM Identity Center, whose full name only AWS knows").
			In(r.profile).At(chain.Source.Origin).Fix("see with `assume-role whoami %s` the ARN of the session, and run: assume-role revoke THAT-ARN --print-deny", shellWord(r.profile))
	}
	last, err := revoke.Last(chain)
	return last.Role, err
}

// userOf asks AWS whose the keys are that a chain begins with.
func (r *revocation) userOf(ctx context.Context) (revoke.Subject, error) {
	return corrected(ctx, r.app, func() (revoke.Subject, error) {
		plan, err := r.plan()
		if err != nil {
			return revoke.Subject{}, err
		}
		return r.identify(ctx, plan[0])
	})
}
