package iam

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"assume-role/internal/awsfake"
	"assume-role/internal/fault"
	"assume-role/internal/profile"
)

// A key's life: made, used, turned off, on, and deleted, by the user's name
// and without it.
func TestKeys(t *testing.T) {
	t.Parallel()
	for _, user := range []string{"", "alice"} {
		w, ctx := newWorld(t), context.Background()
		c := w.client()
		made, err := c.CreateKey(ctx, user)
		w.ok(err)
		if _, err := New(w.assumer, w.chain, made).User(ctx, ""); err != nil {
			t.Errorf("the new key does not work: %v", err)
		}
		w.ok(c.SetKeyActive(ctx, user, w.keys.AccessKeyID, false))
		c = New(w.assumer, w.chain, made)
		if got, want := w.states(c, user), w.keys.AccessKeyID+" off, "+made.AccessKeyID+" on"; got != want {
			t.Errorf("%s, want %s", got, want)
		}
		w.ok(c.SetKeyActive(ctx, user, w.keys.AccessKeyID, true))
		w.ok(c.DeleteKey(ctx, user, w.keys.AccessKeyID))
		if got, want := w.states(c, user), made.AccessKeyID+" on"; got != want {
			t.Errorf("%s, want %s", got, want)
		}
		w.says(c.DeleteKey(ctx, user, w.keys.AccessKeyID), ErrNotFound, "DeleteAccessKey on", "NoSuchEntity")
		w.says(c.SetKeyActive(ctx, user, w.keys.AccessKeyID, true), ErrNotFound, "UpdateAccessKey on")
	}
}

// states are a user's keys, the oldest first.
func (w *world) states(c *Client, user string) string {
	w.Helper()
	keys, err := c.Keys(context.Background(), user)
	w.ok(err)
	var all []string
	for _, k := range keys {
		state := k.ID + " off"
		if k.Active {
			state = k.ID + " on"
		}
		if age := time.Since(k.Created); age < -time.Minute || age > time.Minute || k.Created.Location() != time.UTC {
			w.Errorf("made %s", k.Created)
		}
		all = append(all, state)
	}
	if len(keys) == 2 && keys[1].Created.Before(keys[0].Created) || len(keys) == 2 && keys[0].ID != w.keys.AccessKeyID {
		all[0], all[1] = all[1], all[0]
	}
	return strings.Join(all, ", ")
}

func TestTwoKeysAreAllThereCanBe(t *testing.T) {
	t.Parallel()
	w, ctx := newWorld(t), context.Background()
	w.aws.AddKey("alice")
	_, err := w.client().CreateKey(ctx, "")
	w.says(err, ErrLimit, "CreateAccessKey on the caller's own user failed with LimitExceeded: Cannot exceed quota", "two access keys")
}

func TestDevices(t *testing.T) {
	t.Parallel()
	w, ctx := newWorld(t), context.Background()
	if none, err := w.client().Devices(ctx, ""); len(none) != 0 || err != nil {
		t.Error(none, err)
	}
	totp, fido := w.aws.AddDevice("alice").Serial, w.aws.AddFIDODevice("alice")
	for _, page := range []int{100, 1} {
		w.aws.SetIAMPage(page)
		devices, err := w.client().Devices(ctx, "")
		w.ok(err)
		got := map[string]bool{}
		for _, d := range devices {
			got[d.Serial] = d.FIDO
		}
		if isFIDO, ok := got[fido]; len(devices) != 2 || !ok || !isFIDO {
			t.Errorf("page %d: %v", page, devices)
		}
		if isFIDO, ok := got[totp]; !ok || isFIDO {
			t.Errorf("page %d: %v", page, devices)
		}
	}
}

func TestKeysInPages(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.aws.AddKey("alice")
	w.aws.SetIAMPage(1)
	keys, err := w.client().Keys(context.Background(), "alice")
	if err != nil || len(keys) != 2 || keys[0].ID == keys[1].ID || w.aws.Count("ListAccessKeys") != 2 {
		t.Errorf("%v, %v, %d calls", keys, err, w.aws.Count("ListAccessKeys"))
	}
}

// A list without an end ends all the same.
func TestEndlessList(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	text := "<ListAccessKeysResponse><ListAccessKeysResult><IsTruncated>true</IsTruncated><Marker>m</Marker><AccessKeyMetadata/></ListAccessKeysResult></ListAccessKeysResponse>"
	_, err := w.at(w.answeringText(text)).Keys(context.Background(), "")
	w.says(err, err, "no end")
}

// A second key must not come of a lost answer: the request is sent once, and
// the error says that there may be one.
func TestCreateKeyIsSentOnce(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		mode    awsfake.Mode
		unknown bool
		keys    int
	}{
		{awsfake.Lost, true, 2},
		{awsfake.Truncate, true, 2},
		{awsfake.Reset, true, 1},
		{awsfake.InternalError, true, 1},
		{awsfake.Unavailable, true, 1},
		{awsfake.Throttle, false, 1},
		{awsfake.Deny, false, 1},
	} {
		t.Run(string(tc.mode), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.aws.Inject(awsfake.Fault{Action: "CreateAccessKey", Mode: tc.mode})
			_, err := w.client().CreateKey(context.Background(), "")
			w.says(err, err, "CreateAccessKey on the caller's own user failed")
			if errors.Is(err, ErrOutcomeUnknown) != tc.unknown || strings.Contains(err.Error(), "see which keys there are") != tc.unknown {
				t.Errorf("unknown: want %v of %v", tc.unknown, err)
			}
			if n := w.aws.Count("CreateAccessKey"); n != 1 || len(w.aws.Keys("alice")) != tc.keys {
				t.Errorf("%d calls, %v", n, w.aws.Keys("alice"))
			}
		})
	}
}

// What never left this machine was not done.
func TestCreateKeyUnsent(t *testing.T) {
	t.Parallel()
	w, ctx := newWorld(t), context.Background()
	closed := httptest.NewServer(nil)
	closed.Close()
	untrusted := httptest.NewTLSServer(nil)
	t.Cleanup(untrusted.Close)
	for _, url := range []string{closed.URL, untrusted.URL, "http://iam.invalid"} {
		_, err := w.at(url).CreateKey(ctx, "")
		w.says(err, err, "CreateAccessKey on the caller's own user failed")
		if errors.Is(err, ErrOutcomeUnknown) {
			t.Errorf("%s: %v", url, err)
		}
	}
}

// Ctrl-C in the middle leaves it open whether there is a key.
func TestCreateKeyInterrupted(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx, cancel := context.WithCancel(context.Background())
	s := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body) // until then a server does not see its client go
		cancel()
		<-r.Context().Done()
	}))
	t.Cleanup(s.Close)
	_, err := w.at(s.URL).CreateKey(ctx, "")
	if !errors.Is(err, fault.ErrInterrupted) || !errors.Is(err, ErrOutcomeUnknown) {
		t.Error(err)
	}
	if _, err := w.client().Keys(ctx, ""); !errors.Is(err, fault.ErrInterrupted) || errors.Is(err, ErrOutcomeUnknown) {
		t.Error(err)
	}
}

// What may be repeated is.
func TestRepeats(t *testing.T) {
	t.Parallel()
	w, ctx := newWorld(t), context.Background()
	arn := w.aws.AddRole(awsfake.Role{Name: "ops"})
	w.aws.Inject(awsfake.Fault{Action: "PutRolePolicy", Mode: awsfake.Lost, Times: 1})
	_, err := w.client().PutRolePolicy(ctx, "ops", "P", awkward)
	w.ok(err)
	if n := w.aws.Count("PutRolePolicy"); n != 2 || len(w.aws.Policies(arn)) != 1 {
		t.Errorf("%d calls, %v", n, w.aws.Policies(arn))
	}
}

// IAM takes a user's session with MFA only, and says of the others what it says
// of unknown keys.
func TestSessions(t *testing.T) {
	t.Parallel()
	w, ctx := newWorld(t), context.Background()
	token := profile.Call{Kind: profile.SessionToken, Profile: "base", Duration: time.Hour}
	plain := w.as(token)
	_, err := plain.Keys(ctx, "")
	w.says(err, ErrSession, "ListAccessKeys on the caller's own user failed with InvalidClientTokenId", "without MFA", "mfa_serial")
	if !hasCode(err, "InvalidClientTokenId") {
		t.Errorf("AWS's error is lost: %#v", err)
	}
	federated := w.as(profile.Call{Kind: profile.FederationToken, Profile: "base", Duration: time.Hour, FederatedName: "bob"})
	_, err = federated.Keys(ctx, "alice")
	w.says(err, ErrSession, "GetFederationToken")

	// The same session, handed over in variables: nothing says what it is.
	chain := *w.chain
	chain.Source.Kind = profile.Environment
	_, err = New(w.assumer, &chain, plain.caller).Keys(ctx, "")
	w.says(err, ErrSession, "AWS does not know the session")

	token.Device = w.presenting()
	with := w.as(token)
	keys, err := with.Keys(ctx, "")
	if err != nil || len(keys) != 1 {
		t.Errorf("%v, %v", keys, err)
	}
	role := w.as(w.role("ops"))
	keys, err = role.Keys(ctx, "alice")
	if err != nil || len(keys) != 1 {
		t.Errorf("%v, %v", keys, err)
	}
}

// A key that is gone is told as for STS: it is no session.
func TestUnknownKey(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.aws.DeactivateKey(w.keys.AccessKeyID)
	_, err := w.client().Keys(context.Background(), "")
	w.says(err, err, "AWS does not know key "+w.keys.AccessKeyID, "put new ones into the profile base", "(~/.aws/credentials:2)")
	if errors.Is(err, ErrSession) || !hasCode(err, "InvalidClientTokenId") {
		t.Errorf("%#v", err)
	}
}
