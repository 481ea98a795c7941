package cmd

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"time"

	"assume-role/internal/fault"
	"assume-role/internal/revoke"
	"assume-role/internal/terminal"
)

// look is what was found of a role or user.
type look struct {
	found revoke.Found
	// skew is AWS's clock minus the local one.
	skew time.Duration
	// moment is --before's, by AWS's clock; zero means that of the change.
	moment time.Time
	// proof is an older session that is to be refused; nil where there is none.
	proof *proof
}

// lookAt reads the policy that may be there. One that neither this tool nor the
// console wrote is not overwritten or taken away unasked.
func (r *revocation) lookAt(ctx context.Context, t *target) (err error) {
	name := r.which.PolicyName()
	if t.found, t.skew, err = r.read(ctx, t, name); err != nil {
		return err
	}
	if t.found.Unread && !r.undo {
		r.note(fmt.Sprintf("whether the %s %s has a policy %s already could not be read (iam:%s): one that is there is replaced",
			t.subject.Kind(), t.subject.Name, name, readAction(t.subject)))
	}
	if t.found.Foreign(r.which) {
		if !r.yes {
			return fault.New("", "the %s %s has a policy %s that neither this tool nor the IAM console wrote", t.subject.Kind(), t.subject.Name, name).
				Fix("look at it, and put it under another name; or give --yes: it is printed, then replaced or removed")
		}
		fmt.Fprintf(r.host.Err, "assume-role: the policy %s of the %s %s was: %s\n", name, t.subject.Kind(), t.subject.Name, onOneLine(t.found.Document))
	}
	if r.undo {
		return nil
	}
	if t.moment, err = r.momentBy(t.skew); err != nil {
		return err
	}
	if t.subject.User { // afterwards the caller's own session may be one that has ended
		r.keyIDs = append(r.keyIDs, t.policies().AccessKeys(ctx)...)
	}
	if r.verify {
		t.proof = r.prove(ctx, t)
	}
	return nil
}

// read reads the policy, with a new session where the cached one that asks has
// been revoked elsewhere.
func (r *revocation) read(ctx context.Context, t *target, name string) (revoke.Found, time.Duration, error) {
	found, skew, err := t.policies().Read(ctx, name)
	if err != nil || !found.Denied {
		return found, skew, err
	}
	if renewed, err := r.renew(ctx, t.caller); err != nil || !renewed {
		return found, skew, err
	}
	return t.policies().Read(ctx, name)
}

// onOneLine is JSON as it is, without the white space around its parts.
func onOneLine(document string) string {
	var text bytes.Buffer
	if json.Compact(&text, []byte(document)) != nil {
		return terminal.Visible(document)
	}
	return terminal.Visible(text.String())
}

func readAction(s revoke.Subject) string {
	if s.User {
		return "GetUserPolicy"
	}
	return "GetRolePolicy"
}
