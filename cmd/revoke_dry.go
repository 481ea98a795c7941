package cmd

import (
	"encoding/json"
	"fmt"

	"assume-role/internal/profile"
	"assume-role/internal/revoke"
)

// rehearse shows what would be called, and the policy. It asks nobody, neither
// AWS nor a person, and so knows neither AWS's clock nor what there is.
func (r *revocation) rehearse() error {
	plan, err := r.plan()
	if err != nil {
		return err
	}
	report := revokeReport{DryRun: true}
	for _, p := range plan {
		change := r.rehearsed(p)
		report.Changes = append(report.Changes, change)
		if !r.json {
			r.sayRehearsed(p, change)
		}
	}
	if r.json {
		return r.printJSON(report)
	}
	return nil
}

// rehearsed is a change as it would be made now.
func (r *revocation) rehearsed(p intent) changeJSON {
	if r.undo {
		c := changeOf(p.subject, r.which, "delete")
		c.Calls = r.calls()
		return c
	}
	c := changeOf(p.subject, r.which, "put")
	c.Calls = r.calls()
	moment := r.moment
	if moment.IsZero() {
		moment = revoke.Moment(r.host.Now(), 0)
	}
	c.Before, c.Policy = timeText(moment), json.RawMessage(revoke.Document(r.which, moment))
	return c
}

// calls are those of one change, in their order.
func (r *revocation) calls() []string {
	names := map[struct{ user, undo bool }][]string{
		{}:                       {"GetRolePolicy", "PutRolePolicy", "GetRole"},
		{undo: true}:             {"GetRolePolicy", "DeleteRolePolicy"},
		{user: true}:             {"GetUserPolicy", "ListAccessKeys", "PutUserPolicy"},
		{user: true, undo: true}: {"GetUserPolicy", "DeleteUserPolicy"},
	}
	calls := []string{"sts:GetCallerIdentity"}
	for _, name := range names[struct{ user, undo bool }{r.user, r.undo}] {
		calls = append(calls, "iam:"+name)
	}
	return calls
}

func (r *revocation) sayRehearsed(p intent, c changeJSON) {
	fmt.Fprintf(r.host.Out, "%s: with the credentials of %s these calls would be made:\n", oneLine(p.who()), oneLine(whoseCredentials(p.change)))
	for _, call := range c.Calls {
		fmt.Fprintln(r.host.Out, "  "+call)
	}
	if r.undo {
		fmt.Fprintf(r.host.Out, "the policy %s would be removed\n", c.PolicyName)
		return
	}
	fmt.Fprintf(r.host.Out, "the policy %s would be:\n%s\n", c.PolicyName, c.Policy)
}

// who is the role or user, as far as it is known.
func (p intent) who() string {
	if p.keys == nil {
		return p.subject.Kind() + " " + p.subject.ARN
	}
	if keys := p.keys.Source.Keys; keys.AccessKeyID != "" && !keys.Temporary() {
		return "the user of the key " + keys.AccessKeyID
	}
	return fmt.Sprintf("the user of the keys of profile %q", p.keys.Source.Profile)
}

// whoseCredentials names what would sign the calls.
func whoseCredentials(chain *profile.Chain) string {
	n := len(chain.Calls)
	if n == 0 {
		return fmt.Sprintf("profile %q (%s)", chain.Profile, chain.Source.Kind)
	}
	if last := chain.Calls[n-1]; last.Kind == profile.AssumeRole {
		return fmt.Sprintf("profile %q (%s)", chain.Profile, last.RoleARN)
	}
	return fmt.Sprintf("profile %q (%s)", chain.Profile, chain.Calls[n-1].Kind)
}
