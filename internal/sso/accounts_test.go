package sso

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"assume-role/internal/awsfake"
	"assume-role/internal/bearer"
	"assume-role/internal/fault"
)

// list lists with a sign-in of alice, and counts what progress was told.
func (w *world) list() ([]Account, int, error) {
	told, last := 0, 0
	all, err := w.session.Accounts(w.Context(), func(done, _ int) {
		if told++; done != last+1 {
			w.Errorf("progress went from %d to %d", last, done)
		}
		last = done
	})
	return all, told, err
}

// lists wants accounts, such as "123456789012 account-123456789012 [Admin]".
func (w *world) lists(want ...string) {
	w.Helper()
	all, _, err := w.list()
	if err != nil {
		w.Fatal(err)
	}
	var got []string
	for _, a := range all {
		line := fmt.Sprintf("%s %s %v", a.ID, a.Name, a.Roles)
		if a.Hidden {
			line += " hidden"
		}
		got = append(got, line)
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		w.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// listFails wants a fault with the words, and no secret.
func (w *world) listFails(words ...string) *fault.Error {
	w.Helper()
	_, _, err := w.list()
	var f *fault.Error
	if !errors.As(err, &f) {
		w.Fatalf("no fault: %v", err)
	}
	for _, word := range words {
		if !strings.Contains(f.Error(), word) {
			w.Errorf("%q is not in: %v", word, f)
		}
	}
	for _, secret := range w.aws.Secrets() {
		if strings.Contains(fmt.Sprintf("%v %v", f, f.Err), secret) {
			w.Errorf("a secret is in: %v", f)
		}
	}
	return f
}

func TestAccounts(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.signIn("alice", time.Hour)
	w.aws.AddAccount("alice", "099999999999", "Empty")
	w.aws.AddAssignment("alice", "123456789012", "Reader", 0)
	w.aws.AddAssignment("alice", "123456789012", "Auditor", 0)
	want := []string{"099999999999 Empty []", "123456789012 account-123456789012 [Admin Auditor Reader]"}
	w.lists(want...)
	w.aws.SetPortal(1, 0)
	w.lists(want...)
	if n := w.aws.Count("ListAccounts"); n != 3 {
		t.Errorf("%d calls of ListAccounts, want 1 and 2", n)
	}
	if n := w.aws.Count("ListAccountRoles"); n != 6 {
		t.Errorf("%d calls of ListAccountRoles, want 2 and 4", n)
	}
}

func TestManyAccountsWithinTheRate(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for i := range 60 {
		w.aws.AddAssignment("alice", fmt.Sprintf("%012d", i), "Reader", 0)
	}
	w.aws.SetPortal(0, 20)
	var slept atomic.Int64
	client := w.session.Client
	w.session.Client = func() (*bearer.Client, error) {
		c, err := client()
		c.Sleep = func(d time.Duration) { slept.Add(int64(d)); w.aws.Advance(d) }
		return c, err
	}
	w.signIn("alice", 10*time.Hour)
	all, told, err := w.list()
	if err != nil || len(all) != 61 || told != 61 {
		t.Fatalf("%d accounts, %d told: %v", len(all), told, err)
	}
	if slept.Load() == 0 {
		t.Error("nobody waited")
	}
	if n := w.aws.Count("ListAccountRoles"); n > 61+3*atOnce {
		t.Errorf("%d calls for 61 accounts", n)
	}
}

// How long the portal wants to be left alone is up to the portal.
func TestListHeedsRetryAfter(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.signIn("alice", time.Hour)
	var waits []time.Duration
	client := w.session.Client
	w.session.Client = func() (*bearer.Client, error) {
		c, err := client()
		c.Sleep = func(d time.Duration) { waits = append(waits, d); w.aws.Advance(d) }
		return c, err
	}
	asked := 0
	w.meddle = func(r *http.Request) *http.Response {
		if asked++; asked > 2 {
			return nil
		}
		answer := respond(r, http.StatusTooManyRequests, `{"__type":"TooManyRequestsException"}`)
		answer.Header.Set("Retry-After", fmt.Sprint(3*asked))
		return answer
	}
	w.lists("123456789012 account-123456789012 [Admin]")
	if len(waits) < 2 || waits[0].Round(time.Second) != 3*time.Second || waits[1].Round(time.Second) != 6*time.Second {
		t.Errorf("waited %v", waits)
	}
}

func TestListNeedsASignIn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	if f := w.listFails("nobody is signed in at [sso-session corp]", "sign in with: "); !f.SignedOut {
		t.Error("not one that a sign-in mends")
	}
	w.signIn("alice", -time.Minute)
	w.change("refreshToken", "")
	w.listFails("has expired")
}

// A token that AWS takes no more is refreshed once, for all calls.
func TestListReplacesTheToken(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for i := range 20 {
		w.aws.AddAssignment("alice", fmt.Sprintf("%012d", i), "Reader", 0)
	}
	w.signIn("alice", time.Hour)
	asked := atomic.Int32{}
	w.meddle = func(r *http.Request) *http.Response {
		if r.URL.Path == "/assignment/roles" && asked.Add(1) == 5 {
			w.aws.RevokeAccess("alice")
		}
		return nil
	}
	if all, _, err := w.list(); err != nil || len(all) != 21 {
		t.Fatalf("%d accounts: %v", len(all), err)
	}
	if n := w.aws.Count("CreateToken"); n != 1 {
		t.Errorf("%d refreshes", n)
	}
	w.aws.EndSSO("alice")
	if f := w.listFails("has ended"); !f.SignedOut {
		t.Error("not one that a sign-in mends")
	}
}

// One account that is refused is said to be hidden; the others are listed.
func TestHiddenAccounts(t *testing.T) {
	t.Parallel()
	for _, status := range []int{http.StatusForbidden, http.StatusNotFound} {
		w := newWorld(t)
		w.signIn("alice", time.Hour)
		w.aws.AddAccount("alice", "099999999999", "Gone")
		w.meddle = func(r *http.Request) *http.Response {
			if r.URL.Query().Get("account_id") != "099999999999" {
				return nil
			}
			return respond(r, status, `{"__type":"ForbiddenException","message":"No access"}`)
		}
		w.lists("099999999999 Gone [] hidden", "123456789012 account-123456789012 [Admin]")
	}
}

func TestListFails(t *testing.T) {
	t.Parallel()
	const accounts, roles = "/assignment/accounts", "/assignment/roles"
	for name, c := range map[string]struct {
		path   string
		status int
		text   string
		want   string
	}{
		"no access":          {accounts, 403, `{"__type":"ForbiddenException"}`, "the portal gives no access (~/.aws/config:7): ask who manages Identity Center, or sign in as somebody else with: "},
		"not found":          {accounts, 404, `{"__type":"ResourceNotFoundException"}`, "sso_region must be"},
		"another region":     {accounts, 400, `{"__type":"InvalidRequestException"}`, "the portal in eu-central-1 did not understand"},
		"too often":          {accounts, 429, `{"__type":"TooManyRequestsException"}`, "AWS limits how often it may be asked (~/.aws/config:7): try again in a minute"},
		"too often, roles":   {roles, 429, `{"__type":"TooManyRequestsException"}`, "try again in a minute"},
		"another refusal":    {roles, 418, `{"__type":"TeapotException"}`, "TeapotException"},
		"no account id":      {accounts, 200, `{"accountList":[{"accountName":"x"}]}`, "ListAccounts failed: the answer is not complete"},
		"a bad account id":   {accounts, 200, `{"accountList":[{"accountId":"12345678901x"}]}`, "ListAccounts failed: the answer is not complete"},
		"no list":            {accounts, 200, `{}`, "ListAccounts failed: the answer is not complete"},
		"nothing":            {accounts, 200, `null`, "ListAccounts failed: the answer is not complete"},
		"no list of roles":   {roles, 200, `{"nextToken":null}`, "ListAccountRoles failed: the answer is not complete"},
		"no role":            {roles, 200, `{"roleList":[{}]}`, "ListAccountRoles failed: the answer is not complete"},
		"a list without end": {accounts, 200, `{"accountList":[],"nextToken":"same"}`, "ListAccounts failed: the answer is not complete"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.signIn("alice", time.Hour)
			calls := 0
			answer := answering(c.path, c.status, c.text)
			w.meddle = func(r *http.Request) *http.Response { calls++; return answer(r) }
			w.listFails(c.want)
			if calls > 20 {
				t.Errorf("%d calls", calls)
			}
		})
	}
}

func TestListIsInterrupted(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.signIn("alice", time.Hour)
	if _, err := w.session.Accounts(cancelled(t), func(int, int) {}); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	w.meddle = func(r *http.Request) *http.Response {
		if r.URL.Path == "/assignment/roles" {
			cancel()
		}
		return nil
	}
	if _, err := w.session.Accounts(ctx, func(int, int) {}); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

func TestListWithoutAPortal(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.signIn("alice", time.Hour)
	w.aws.Inject(awsfake.Fault{Action: "ListAccountRoles", Mode: awsfake.Reset})
	_, _, err := w.list()
	var out *bearer.Unreachable
	if !errors.As(err, &out) {
		t.Errorf("%v", err)
	}
}
