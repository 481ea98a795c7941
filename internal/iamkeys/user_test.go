package iamkeys

import (
	"strings"
	"testing"
)

func TestUserName(t *testing.T) {
	t.Parallel()
	for arn, want := range map[string]string{
		"arn:aws:iam::123456789012:user/alice":               "alice",
		"arn:aws-cn:iam::123456789012:user/a/b/c+d=e,f.g@h":  "c+d=e,f.g@h",
		"arn:aws:iam::123456789012:root":                     "",
		"arn:aws:sts::123456789012:assumed-role/admin/alice": "",
		"arn:aws:sts::123456789012:federated-user/alice":     "",
		"": "",
	} {
		if got := UserName(arn); got != want {
			t.Errorf("%s: %q, not %q", arn, got, want)
		}
		err := CheckUser("base", arn)
		if (err == nil) != (want != "") || err != nil && !strings.HasPrefix(err.Error(), `profile "base": the key is `) {
			t.Errorf("%s: %v", arn, err)
		}
	}
	if err := CheckUser("base", "arn:aws:iam::123456789012:root"); !strings.Contains(err.Error(), "delete root's access keys") {
		t.Error(err)
	}
}

// The stored key may be another user's than the session was made for.
func TestKeyOfAnotherUser(t *testing.T) {
	w := newWorld(t)
	r := w.rotation()
	bob := w.old
	bob.AccessKeyID, bob.SecretAccessKey = w.aws.AddKey("bob")
	w.must(w.ring.Keys().SaveKey("base", bob))
	err := w.mustFail(r)
	w.has(lines{err.Error()}, "the stored key "+bob.AccessKeyID+" is none of the user arn:aws:iam::123456789012:user/alice", "nothing was changed")
	w.calls("CreateAccessKey", 0)
}

// A session outlives its key: that the key was turned off on purpose is seen in
// the list only.
func TestKeyIsTurnedOff(t *testing.T) {
	w := newWorld(t)
	r := w.rotation()
	admin := w.old
	admin.AccessKeyID, admin.SecretAccessKey = w.aws.AddKey("admin")
	r.Caller = w.client(admin)
	w.aws.DeactivateKey(w.old.AccessKeyID)
	err := w.mustFail(r)
	w.has(lines{err.Error()}, "somebody has turned the stored key "+w.old.AccessKeyID+" off at IAM", "ask why", "nothing was changed")
	w.calls("CreateAccessKey", 0)
}

// A session of the old key that AWS takes no more, when that key is off: the
// rerun has one of the new key.
func TestSessionDiesWithItsKey(t *testing.T) {
	w := newWorld(t)
	r := w.rotation()
	r.Presented = true
	err := w.mustFail(r)
	w.has(lines{err.Error()}, "AWS does not take the session of the old key "+w.old.AccessKeyID, "another MFA code", "is inactive, and not deleted")
	w.completes(w.rotation())
}
