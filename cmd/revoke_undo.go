package cmd

import (
	"context"
	"fmt"
)

// undoAll takes the policies away again.
func (r *revocation) undoAll(ctx context.Context, targets []*target) error {
	name := r.which.PolicyName()
	if err := r.confirm(ctx, r.yes, fmt.Sprintf("Remove the policy %s of %s? What it denied works again until it expires.", name, subjectsOf(targets))); err != nil {
		return err
	}
	report := revokeReport{Changes: []changeJSON{}}
	var done []outcome
	for _, t := range targets {
		existed, err := t.policies().Delete(ctx, r.which)
		if err != nil {
			err = r.halfway(r.orUsing(err), "undone", done, targets)
			if len(done) == 0 {
				return err
			}
			return r.printReport(report, err)
		}
		done = append(done, outcome{target: t})
		report.Changes = append(report.Changes, undoneJSON(t.subject, r.which, existed))
		if !r.json {
			r.sayUndone(t, existed)
		}
	}
	return r.printReport(report, nil)
}

func (r *revocation) sayUndone(t *target, existed bool) {
	if !existed {
		fmt.Fprintf(r.host.Out, "the %s %s has no policy %s: nothing to undo\n", t.subject.Kind(), t.subject.ARN, r.which.PolicyName())
		return
	}
	fmt.Fprintf(r.host.Out, "removed the policy %s of the %s %s: within minutes the sessions that it denied work again, until they expire\n",
		r.which.PolicyName(), t.subject.Kind(), t.subject.ARN)
}
