package cmd

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"assume-role/internal/fault"
	"assume-role/internal/iam"
	"assume-role/internal/revoke"
)

// outcome is what became of one target.
type outcome struct {
	*target
	change revoke.Change
	// longest is how long a session lives at most.
	longest time.Duration
}

// revokeAll ends the sessions of all targets, in their order, and drops what is
// kept of them here: at once, for whoever ends this process or runs a command
// now, and again when what was made meanwhile is known to be of no use either.
// What was ended is dropped whatever comes after.
func (r *revocation) revokeAll(ctx context.Context, targets []*target) error {
	if err := r.ask(ctx, targets); err != nil {
		return err
	}
	done, failed := r.putAll(ctx, targets)
	if len(done) == 0 {
		return failed
	}
	what := r.whatEnded(done)
	local := context.WithoutCancel(ctx)
	gone := r.dropRevoked(local, what)
	waited := r.settle(ctx, done)
	gone = gone.and(r.dropRevoked(local, what))
	if failed == nil && waited != nil {
		failed = waited
		for _, o := range done {
			r.stderr("the policy is in place: " + o.sentence())
		}
	}
	return r.conclude(ctx, done, gone, failed)
}

// putAll changes the policies until one cannot be changed.
func (r *revocation) putAll(ctx context.Context, targets []*target) (done []outcome, err error) {
	for _, t := range targets {
		change, err := r.put(ctx, t)
		if err != nil {
			return done, r.halfway(err, "revoked", done, targets)
		}
		done = append(done, outcome{target: t, change: change})
	}
	return done, nil
}

// ask wants a yes before anything is changed.
func (r *revocation) ask(ctx context.Context, targets []*target) error {
	r.warnBackwards(targets)
	return r.confirm(ctx, r.yes, fmt.Sprintf("End %s of %s that were issued before %s, by the policy %s?",
		r.which.Which(), subjectsOf(targets), targets[0].whenText(), r.which.PolicyName()))
}

// whenText is the moment as far as it is known before the change.
func (l look) whenText() string {
	if l.moment.IsZero() {
		return "now"
	}
	return timeText(l.moment)
}

// warnBackwards says what a moment that was given makes valid again.
func (r *revocation) warnBackwards(targets []*target) {
	for _, t := range targets {
		if c := revoke.Plan(t.subject, r.which, t.found, t.moment, true); !t.moment.IsZero() && c.Backwards() {
			r.stderr(fmt.Sprintf("--before moves the policy of the %s %s backwards, from %s to %s: sessions issued between work again",
				t.subject.Kind(), t.subject.Name, timeText(c.Was), timeText(c.Before)))
		}
	}
}

// subjectsOf names whose sessions are meant.
func subjectsOf(targets []*target) string {
	var names []string
	for _, t := range targets {
		names = append(names, t.subject.Kind()+" "+t.subject.ARN)
	}
	return strings.Join(names, " and ")
}

// put changes one policy. The moment is that of the change, however long a
// person took to say yes.
func (r *revocation) put(ctx context.Context, t *target) (revoke.Change, error) {
	moment := t.moment
	if moment.IsZero() {
		moment = revoke.Moment(r.host.Now(), t.skew)
	}
	change := revoke.Plan(t.subject, r.which, t.found, moment, !t.moment.IsZero())
	if change.Kept {
		return change, nil
	}
	return change, r.orUsing(t.policies().Put(ctx, change))
}

// orUsing adds to a missing permission what else can be done about it.
func (r *revocation) orUsing(err error) error {
	var f *fault.Error
	if r.using == "" && errors.Is(err, iam.ErrDenied) && errors.As(err, &f) {
		return f.Fix("%s, or name credentials that have it with --using", f.Hint)
	}
	return err
}

// halfway is the error of a change where others were made before, or would
// have followed.
func (r *revocation) halfway(err error, verb string, done []outcome, targets []*target) error {
	if len(targets) == 1 {
		return err
	}
	var ready []*target
	for _, o := range done {
		ready = append(ready, o.target)
	}
	said := "nothing was " + verb
	if len(ready) > 0 {
		said = verb + ": " + subjectsOf(ready)
	}
	said += "; not " + verb + ": " + subjectsOf(targets[len(done):])
	if errors.Is(err, fault.ErrInterrupted) {
		r.stderr(said)
		return err
	}
	return fault.New("", "%s, since %s", said, err).Because(err)
}

// longestSettling is how long the command waits for AWS's clock. It takes two
// seconds, or with a moment that the console wrote half a minute.
const longestSettling = time.Minute

// settle waits until sessions made from now on are issued after the moments:
// who runs a command next must not get one that is denied from the start.
func (r *revocation) settle(ctx context.Context, done []outcome) error {
	var longest time.Duration
	for _, o := range done {
		longest = max(longest, revoke.UntilPast(o.change.Before, r.host.Now(), o.skew))
	}
	if longest > longestSettling {
		return nil // tell says so
	}
	return revoke.Sleep(ctx, longest)
}

// whatEnded is what the caches must not hand out any more.
func (r *revocation) whatEnded(done []outcome) revoked {
	what := revoked{}
	for _, o := range done {
		if !o.subject.User {
			what.roles = append(what.roles, o.subject.ARN)
			continue
		}
		what.users = r.keyIDs
	}
	return what
}
