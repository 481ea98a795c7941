package iamkeys

import (
	"context"
	"errors"
	"os"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"assume-role/internal/assume"
	"assume-role/internal/awsfake"
	"assume-role/internal/creds"
	"assume-role/internal/fault"
)

func TestRotate(t *testing.T) {
	w := newWorld(t)
	result := w.completes(w.rotation())
	want := Result{Profiles: []string{"base"}, Old: w.old.AccessKeyID, New: w.ids()[0], Fate: Deleted}
	if diff := cmp.Diff(want, result); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"replacing base", "replaced base"}, w.events); diff != "" {
		t.Error(diff)
	}
	if key, err := w.ring.Keys().LoadKey("base"); err != nil || key.AccountID != "123456789012" {
		t.Errorf("the account of the new key: %q, %v", key.AccountID, err)
	}
	w.noSecrets()
	if info, err := os.Stat(w.records()); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the records: %v, %v", info, err)
	}
}

func TestRotateDeactivateOnly(t *testing.T) {
	w := newWorld(t)
	r := w.rotation()
	r.DeactivateOnly = true
	result, err := r.Run(t.Context())
	w.must(err)
	keys := w.aws.Keys("alice")
	if len(keys) != 2 || keys[0].Status != "Inactive" || result.Fate != Inactive || w.storedWorks("base") != result.New {
		t.Errorf("%+v, %v", result, keys)
	}
	w.calls("DeleteAccessKey", 0)
	w.fails(w.rotation(), "two access keys", "inactive", "nothing was changed")
}

// AWS learns of the new key late: it takes the old one's place only then.
func TestRotateWaits(t *testing.T) {
	w := newWorld(t)
	w.aws.SetPropagation(7)
	r := w.rotation()
	identify := r.Identify
	r.Identify = func(ctx context.Context, key creds.Credentials) (assume.Identity, error) {
		if stored := w.storedWorks("base"); stored != w.old.AccessKeyID && w.sleeps < 7 {
			t.Errorf("%s is stored before AWS knows it", stored)
		}
		return identify(ctx, key)
	}
	w.completes(r)
	if w.sleeps != 7 {
		t.Errorf("%d pauses", w.sleeps)
	}
	w.has(lines(w.passing), "waiting until AWS knows the new key AKIA", ": 6s of 1m0s at most")
	if last := w.passing[len(w.passing)-1]; last != "" {
		t.Errorf("%q stays on the terminal", last)
	}
}

func TestRotateWaitsNoLonger(t *testing.T) {
	w := newWorld(t)
	w.aws.SetPropagation(70)
	w.fails(w.rotation(), "AWS does not know the new key", "1m0s after it was made", w.old.AccessKeyID+" is as it was and works", "`assume-role rotate base` goes on")
	if w.sleeps != 60 || w.storedWorks("base") != w.old.AccessKeyID {
		t.Errorf("%d pauses", w.sleeps)
	}
	w.aws.SetPropagation(0)
	if result := w.completes(w.rotation()); !result.Resumed {
		t.Errorf("%+v", result)
	}
	w.calls("CreateAccessKey", 1)
}

// A key is known only when AWS has said so several times running.
func TestRotateWantsProofInARow(t *testing.T) {
	w := newWorld(t)
	r := w.rotation()
	unknown := w.unknownKey()
	answers := []error{nil, nil, unknown, nil, nil, nil}
	r.Identify = func(context.Context, creds.Credentials) (assume.Identity, error) {
		if w.storedWorks("base") != w.old.AccessKeyID {
			return r.Identity, nil
		}
		next := answers[0]
		answers = answers[1:]
		return r.Identity, next
	}
	w.completes(r)
	if len(answers) != 0 || w.sleeps != 1 {
		t.Errorf("%d answers left, %d pauses", len(answers), w.sleeps)
	}
}

// unknownKey is AWS's own error for a key that it does not know.
func (w *world) unknownKey() error {
	w.Helper()
	_, err := w.identify(w.Context(), creds.Credentials{AccessKeyID: "AKIANOBODYNOBODY0000", SecretAccessKey: "none"})
	if !assume.UnknownKey(err) || assume.UnknownKey(nil) || assume.UnknownKey(errors.New("x")) {
		w.Fatalf("not what AWS says of unknown keys: %v", err)
	}
	return err
}

func TestRotateRefusesAnotherUsersKey(t *testing.T) {
	w := newWorld(t)
	r := w.rotation()
	r.Identify = func(context.Context, creds.Credentials) (assume.Identity, error) {
		return assume.Identity{Account: "123456789012", ARN: "arn:aws:iam::123456789012:user/mallory"}, nil
	}
	w.fails(r, "AWS says that the new key", "user/mallory", "check endpoint_url", w.old.AccessKeyID+" is as it was")
	if w.storedWorks("base") != w.old.AccessKeyID {
		t.Error("it was stored")
	}
}

// Ctrl-C says which key works, and ends as Ctrl-C does.
func TestRotateInterrupted(t *testing.T) {
	w := newWorld(t)
	w.aws.SetPropagation(3)
	r := w.rotation()
	r.Sleep = func(context.Context, time.Duration) error { return fault.ErrInterrupted }
	if _, err := r.Run(t.Context()); !errors.Is(err, fault.ErrInterrupted) {
		t.Errorf("%v", err)
	}
	w.has(lines(w.notes), w.old.AccessKeyID+" is as it was and works", "`assume-role rotate base` goes on")
	w.aws.SetPropagation(0)
	w.completes(w.rotation())
}

// Ctrl-C while IAM makes the key does not lose its secret.
func TestRotateInterruptedAsTheKeyIsMade(t *testing.T) {
	w := newWorld(t)
	ctx, cancel := context.WithCancel(t.Context())
	r := w.rotation()
	r.Now = func() time.Time { // asked just before the call
		cancel()
		return time.Now()
	}
	if _, err := r.Run(ctx); err == nil {
		t.Error("it went on")
	}
	next, err := w.ring.Keys().LoadNext("base")
	if err != nil || len(w.ids()) != 2 || w.ids()[1] != next.AccessKeyID {
		t.Errorf("%s waits (%v), IAM has %v", next.AccessKeyID, err, w.ids())
	}
	w.completes(w.rotation())
	w.calls("CreateAccessKey", 1)
}

// The old key is turned off first: were the new one not accepted without it, it
// could be turned on again.
func TestRotateProvesBeforeItDeletes(t *testing.T) {
	w := newWorld(t)
	r := w.rotation()
	unknown := w.unknownKey()
	r.Identify = func(ctx context.Context, key creds.Credentials) (assume.Identity, error) {
		if w.aws.Count("UpdateAccessKey") > 0 {
			return assume.Identity{}, unknown
		}
		return w.identify(ctx, key)
	}
	w.fails(r, "AWS does not know the new key", "is inactive, and not deleted")
	w.calls("DeleteAccessKey", 0)
	w.completes(w.rotation())
}

// Each call to IAM is refused once. The rerun completes it.
func TestRotateWhereIAMRefuses(t *testing.T) {
	for _, c := range []struct {
		action, says string
		keys         int
		swapped      bool
	}{
		{"ListAccessKeys", "nothing was changed", 1, false},
		{"CreateAccessKey", "nothing was changed", 1, false},
		{"UpdateAccessKey", "is still active; `assume-role rotate base` goes on", 2, true},
		{"DeleteAccessKey", "is inactive, and not deleted; `assume-role rotate base` goes on", 2, true},
	} {
		t.Run(c.action, func(t *testing.T) {
			w := newWorld(t)
			w.aws.Inject(awsfake.Fault{Action: c.action, Mode: awsfake.Deny, Times: 1})
			w.fails(w.rotation(), "iam:"+c.action+" on user/alice", c.says)
			if got := w.storedWorks("base") != w.old.AccessKeyID; got != c.swapped || len(w.ids()) != c.keys {
				t.Errorf("swapped: %v; keys: %v", got, w.ids())
			}
			w.completes(w.rotation())
		})
	}
}

// What somebody else has deleted meanwhile is gone, as was wanted.
func TestRotateWhereTheOldKeyIsGone(t *testing.T) {
	w := newWorld(t)
	r := w.rotation()
	r.Replaced = func(context.Context, string, string) { w.aws.DeleteKey(w.old.AccessKeyID) }
	w.completes(r)
}
