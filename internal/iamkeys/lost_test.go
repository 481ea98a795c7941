package iamkeys

import (
	"context"
	"strings"
	"testing"
	"time"

	"assume-role/internal/awsfake"
	"assume-role/internal/creds"
)

// asked leaves what a run leaves that ended after it had asked IAM for a key:
// one whose secret nobody knows.
func (w *world) asked(at time.Time) (id string, secret creds.Secret) {
	w.Helper()
	w.must(record{
		Profile: "base", Backend: "file", User: "arn:aws:iam::123456789012:user/alice",
		Old: w.old.AccessKeyID, Asked: at.UTC(),
	}.write(w.records()))
	w.must(w.ring.Keys().SaveNext("base", w.old))
	return w.aws.AddKey("alice")
}

func TestLostKeyIsDeleted(t *testing.T) {
	w := newWorld(t)
	id, _ := w.asked(time.Now())
	if result := w.completes(w.rotation()); !result.Resumed || result.New == id || result.Old != w.old.AccessKeyID {
		t.Errorf("%+v, lost %s", result, id)
	}
	w.has(lines(w.notes), "deleted the key "+id, "whose secret was lost")
}

// Where nobody may look at a key's last use, the moment has to do.
func TestLostKeyIsDeletedWithoutItsLastUse(t *testing.T) {
	w := newWorld(t)
	w.asked(time.Now())
	w.aws.DenyIAM("arn:aws:iam::123456789012:user/alice", "iam:GetAccessKeyLastUsed")
	w.completes(w.rotation())
}

// A key that somebody uses, or that was made at another time, is not ours to
// delete.
func TestForeignKeyIsKept(t *testing.T) {
	for name, prepare := range map[string]func(w *world) string{
		"used": func(w *world) string {
			id, secret := w.asked(time.Now())
			_, err := w.identify(w.Context(), creds.Credentials{AccessKeyID: id, SecretAccessKey: secret})
			w.must(err)
			return id
		},
		"made later": func(w *world) string {
			id, _ := w.asked(time.Now().Add(-afterwards - time.Minute))
			return id
		},
		"never asked for": func(w *world) string {
			id, _ := w.asked(time.Time{})
			return id
		},
		"its use is not known": func(w *world) string {
			id, _ := w.asked(time.Now())
			w.aws.Inject(awsfake.Fault{Action: "GetAccessKeyLastUsed", Mode: awsfake.InternalError})
			return id
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			id := prepare(w)
			w.fails(w.rotation(), "the user alice has two access keys", id+" (not stored here under this name, active, just made)",
				w.old.AccessKeyID+" (the stored one, active, just made)", "--access-key-id "+id)
			w.calls("DeleteAccessKey", 0)
			w.calls("CreateAccessKey", 0)
		})
	}
}

// A key of which the record has the id is ours, whoever used it: the proof did.
func TestKeyOfTheRecordIsDeleted(t *testing.T) {
	w := newWorld(t)
	w.aws.Inject(awsfake.Fault{Action: "UpdateAccessKey", Mode: awsfake.Deny, Times: 1})
	r := w.rotation()
	swap := w.old
	r.Replacing = func(context.Context, string, string) { w.openStore() }
	w.fails(r, "is still active")
	fresh := w.storedWorks("base")
	w.must(w.ring.Keys().SaveKey("base", swap)) // as from a copy of the store
	w.completes(w.rotation())
	for _, id := range w.ids() {
		if id == fresh {
			t.Error("the key whose secret is lost is still there")
		}
	}
	w.has(lines(w.notes), "deleted the key "+fresh)
}

// The answer to CreateAccessKey is lost: the key is found and deleted, and IAM
// is asked once more.
func TestAnswerIsLost(t *testing.T) {
	for _, mode := range []awsfake.Mode{awsfake.Lost, awsfake.Truncate} {
		t.Run(string(mode), func(t *testing.T) {
			w := newWorld(t)
			w.aws.Inject(awsfake.Fault{Action: "CreateAccessKey", Mode: mode, Times: 1})
			if result := w.completes(w.rotation()); result.Resumed {
				t.Errorf("%+v", result)
			}
			w.calls("CreateAccessKey", 2)
			w.has(lines(w.notes), "whose secret was lost")
		})
	}
}

func TestAnswersAreLost(t *testing.T) {
	w := newWorld(t)
	w.aws.Inject(awsfake.Fault{Action: "CreateAccessKey", Mode: awsfake.Lost, Times: 2})
	w.fails(w.rotation(), w.old.AccessKeyID+" is as it was and works", "there may be a new one at IAM without a secret, which `assume-role rotate base` deletes")
	w.calls("CreateAccessKey", 2)
	if len(w.ids()) != 2 {
		t.Errorf("%v", w.ids())
	}
	w.completes(w.rotation())
}

// A request that is carried out after the next run has looked: IAM then refuses
// that run's own, which looks again.
func TestKeyIsMadeLate(t *testing.T) {
	w := newWorld(t)
	lost, _ := w.asked(time.Now())
	w.aws.DeleteKey(lost)
	r := w.rotation()
	r.Now = func() time.Time { // prepare has looked, and IAM is asked next
		if len(w.ids()) == 1 {
			w.aws.AddKey("alice")
		}
		return time.Now()
	}
	w.completes(r)
	w.calls("CreateAccessKey", 2)
}

// Somebody else makes a key in that moment: it is not deleted.
func TestSomebodyElseMakesAKey(t *testing.T) {
	w := newWorld(t)
	r := w.rotation()
	r.Now = func() time.Time {
		if len(w.ids()) == 1 {
			w.aws.AddKey("alice")
		}
		return time.Now()
	}
	w.fails(r, "CreateAccessKey on user/alice", "AWS lets a user have two access keys", "nothing was changed")
	w.calls("DeleteAccessKey", 0)
	if _, begun, _ := Unfinished(w.records(), "base"); begun {
		t.Error("a record is left that would take that key for ours")
	}
}

func TestAge(t *testing.T) {
	t.Parallel()
	for d, want := range map[time.Duration]string{
		-time.Hour: "just made", time.Second: "just made", 3 * time.Minute: "3 minutes old",
		5 * time.Hour: "5 hours old", 47 * time.Hour: "47 hours old", 400 * 24 * time.Hour: "400 days old",
	} {
		if got := age(d); got != want {
			t.Errorf("%s: %q, not %q", d, got, want)
		}
	}
}

// IAM's last word on a key's use is read as it comes.
func TestLastUsed(t *testing.T) {
	w := newWorld(t)
	id, _ := w.aws.AddKey("alice")
	used, err := w.client(w.old).LastUsed(t.Context(), id)
	if err != nil || !used.IsZero() {
		t.Errorf("never used: %v, %v", used, err)
	}
	_, err = w.client(w.old).LastUsed(t.Context(), "AKIANOBODYNOBODY0000")
	if !strings.Contains(err.Error(), "GetAccessKeyLastUsed on access key AKIANOBODYNOBODY0000") {
		t.Errorf("%v", err)
	}
	used, err = w.client(w.old).LastUsed(t.Context(), w.old.AccessKeyID)
	if err != nil || time.Since(used).Abs() > time.Minute {
		t.Errorf("just used: %v, %v", used, err)
	}
}
