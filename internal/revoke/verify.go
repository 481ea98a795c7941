package revoke

import (
	"context"
	"errors"
	"strings"
	"time"

	"assume-role/internal/fault"
	"assume-role/internal/iam"
)

// Probe asks IAM about the subject itself, with an older session of it: a call
// that changes nothing, and that the policy denies like any other.
// (GetCallerIdentity would be answered under any policy.)
func (p Policies) Probe(ctx context.Context) error {
	if p.Of.User {
		_, err := p.IAM.User(ctx, p.Of.Name)
		return err
	}
	_, err := p.IAM.Role(ctx, p.Of.Name)
	return err
}

// Denied reports whether IAM refused a call because a policy denies it, rather
// than for want of one that allows it
// (https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html).
func Denied(err error) bool {
	return errors.Is(err, iam.ErrDenied) && strings.Contains(err.Error(), "explicit deny")
}

// Answered reports whether IAM took the credentials of a call for what they
// are, and answered it or missed a permission: the call can show that a policy
// denies it later on.
func Answered(err error) bool {
	return err == nil || errors.Is(err, iam.ErrDenied) || errors.Is(err, iam.ErrNotFound)
}

// Patience is how long a policy may take until all of AWS heeds it.
const Patience = 5 * time.Minute

// The first and the longest pause between two probes.
const (
	firstPause   = time.Second
	longestPause = 15 * time.Second
)

// Waiting is how Await passes its time.
type Waiting struct {
	// Now is the clock.
	Now func() time.Time
	// Sleep waits, or returns why it may not.
	Sleep func(ctx context.Context, d time.Duration) error
}

// Await probes until the probe is denied, with longer and longer pauses. It
// gives up when Patience is over. What else a probe runs into is of no matter
// until then: without the network nothing is proven, and a little later it may
// be back.
func (w Waiting) Await(ctx context.Context, probe func(context.Context) error) error {
	began := w.Now()
	for pause := firstPause; ; pause = min(2*pause, longestPause) {
		last := probe(ctx)
		if Denied(last) {
			return nil
		}
		if errors.Is(last, fault.ErrInterrupted) {
			return last
		}
		if w.Now().Sub(began) >= Patience {
			return stillAccepted(last)
		}
		if err := w.Sleep(ctx, pause); err != nil {
			return err
		}
	}
}

// stillAccepted is the error for a session that lives on, as far as is known.
func stillAccepted(last error) error {
	how := "AWS still accepts an older session"
	switch {
	case !Answered(last):
		how = "whether AWS refuses an older session could not be found out"
	case last != nil:
		how = "an older session was refused, but not by the policy"
	}
	return fault.New("", "%s %.0f minutes after the change", how, Patience.Minutes()).
		Fix("see that nobody removed the policy, and run it again with --verify; the policy stays as it is").Because(last)
}
