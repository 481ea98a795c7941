package cmd

import (
	"context"
	"fmt"
	"time"

	"assume-role/internal/cache"
	"assume-role/internal/iam"
	"assume-role/internal/revoke"
)

// proof is an older session that was kept here, and how to try it out.
type proof struct {
	probe func(context.Context) error
	// issued is when it was, by AWS's clock.
	issued time.Time
	// useless is why it proves nothing; empty where it does.
	useless string
}

// mostTried bounds how many sessions are tried out for one proof.
const mostTried = 5

// prove finds an older session of the target in the cache, before it is
// dropped, that can show what becomes of it.
func (r *revocation) prove(ctx context.Context, t *target) *proof {
	sessions, err := r.sessionCache(ctx)
	switch {
	case err != nil:
		return &proof{useless: err.Error()}
	case r.which.SourceIdentity != "":
		return &proof{useless: "none can be told from others here"}
	}
	found, tried := &proof{useless: "none was found here"}, 0
	for entry := range sessions.Peek(r.keptOf(t)) {
		if tried == mostTried || !r.which.Include(entry.Credentials.ARN) {
			continue
		}
		tried++
		if found = r.proofBy(ctx, t, entry); found.useless == "" {
			break
		}
	}
	return found
}

// proofBy tries out a session with a question about the target itself: only one
// that IAM talks to can prove that the policy, and nothing else, ends it.
func (r *revocation) proofBy(ctx context.Context, t *target, kept cache.Entry) *proof {
	old := revoke.Policies{IAM: iam.New(t.caller.assumer, t.caller.chain, kept.Credentials), Of: t.subject}
	p := &proof{probe: old.Probe, issued: kept.Minted.Add(kept.Skew)}
	if !t.moment.IsZero() && !p.issued.Before(t.moment) {
		p.useless = newerThan(t.moment)
		return p
	}
	err := p.probe(ctx)
	switch {
	case revoke.Denied(err) && !t.found.Holds(r.which, p.issued):
		p.useless = "the one kept here is denied everything already, by another policy"
	case !revoke.Answered(err):
		p.useless = "IAM does not take the one kept here (made without MFA, or ended already)"
		r.debug("%s", err)
	}
	return p
}

func newerThan(moment time.Time) string { return "the one kept here is newer than " + timeText(moment) }

// keptOf chooses the target's sessions in the cache.
func (r *revocation) keptOf(t *target) cache.Filter {
	if t.subject.User {
		return cache.Filter{Users: r.keyIDs}
	}
	return cache.Filter{Roles: []string{t.subject.ARN}}
}

// verifyAll waits until AWS refuses the older sessions. verified is false
// where one of the targets has nothing to prove it with.
func (r *revocation) verifyAll(ctx context.Context, done []outcome) (verified bool, err error) {
	verified = r.verify
	for _, o := range done {
		if !r.verify {
			break
		}
		proven, err := r.verifyOne(ctx, o)
		if err != nil {
			return false, err
		}
		verified = verified && proven
	}
	return verified, nil
}

func (r *revocation) verifyOne(ctx context.Context, o outcome) (bool, error) {
	why := o.proof.useless
	if why == "" && !o.proof.issued.Before(o.change.Before) {
		why = newerThan(o.change.Before)
	}
	if why != "" {
		r.stderr(fmt.Sprintf("--verify: there is nothing to prove it with: of %s of the %s %s %s", r.which.Which(), o.subject.Kind(), o.subject.Name, why))
		return false, nil
	}
	began := r.host.Now()
	end := r.progress.Begin(func(lasted time.Duration) string {
		return fmt.Sprintf("waiting for AWS to refuse an older session: %s of %s at most", lasted.Truncate(time.Second), revoke.Patience)
	})
	err := revoke.Waiting{Now: r.host.Now, Sleep: revoke.Sleep}.Await(ctx, o.proof.probe)
	end()
	if err != nil {
		return false, r.inProfile(err)
	}
	if !r.json {
		_, err = fmt.Fprintf(r.host.Out, "proven: AWS refuses a session of the %s %s that was issued at %s, by an explicit deny (%s after the change)\n",
			o.subject.Kind(), o.subject.Name, timeText(o.proof.issued), r.host.Now().Sub(began).Round(time.Second))
	}
	return true, err
}
