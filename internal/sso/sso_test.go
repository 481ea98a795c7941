package sso

import (
	"context"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"assume-role/internal/awsfake"
	"assume-role/internal/bearer"
	"assume-role/internal/fault"
	"assume-role/internal/securefile"
)

func TestRoleCredentials(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.signIn("alice", time.Hour)
	c, err := w.session.RoleCredentials(t.Context(), Role{"123456789012", "Admin"})
	if err != nil {
		t.Fatal(err)
	}
	if !c.Complete() || !c.Temporary() || c.AccountID != "123456789012" || c.Expiration.Location() != time.UTC {
		t.Errorf("%+v", c)
	}
	if left := c.Expiration.Sub(w.aws.Now()); left < 59*time.Minute || left > time.Hour {
		t.Errorf("they last %s", left)
	}
	w.calls(0, 1)
}

// TestWindow: fifteen minutes before its end a token is refreshed.
func TestWindow(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		left    time.Duration
		refresh int
	}{{16 * time.Minute, 0}, {14 * time.Minute, 1}, {time.Second, 1}, {-time.Hour, 1}} {
		w := newWorld(t)
		w.signIn("alice", tc.left)
		w.gets("Admin")
		w.calls(tc.refresh, 1)
	}
}

// TestRefreshRewritesTheFile: what AWS answered is in it, and the rest is what
// it was, to the byte.
func TestRefreshRewritesTheFile(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.signIn("alice", time.Minute)
	text, _ := os.ReadFile(w.path())
	const future = `{"Nested": [1,  2.50, "<&>é\u00e9", null]}`
	w.write([]byte(`{"idToken": ` + future + `, ` + string(text[1:])))
	before := w.file()
	w.gets("Admin")
	after := w.file()
	for name := range before {
		same := string(before[name]) == string(after[name])
		if replaced := name == accessToken || name == refreshToken || name == expiresAt; same == replaced {
			t.Errorf("%s: the same: %v", name, same)
		}
	}
	if string(after["idToken"]) != future {
		t.Errorf("idToken: %s", after["idToken"])
	}
	if len(after) != len(before)+1 || after[signIn] == nil {
		t.Errorf("%d members, then %d", len(before), len(after))
	}
	expires, err := time.Parse(`"2006-01-02T15:04:05Z"`, string(after[expiresAt]))
	if left := expires.Sub(w.aws.Now()); err != nil || left < 59*time.Minute || left > time.Hour {
		t.Errorf("%s, %v", after[expiresAt], err)
	}
	info, err := os.Stat(w.path())
	if err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
}

// TestOneRefresh: twenty at once, of two processes' worth of sessions.
func TestOneRefresh(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.signIn("alice", -time.Minute)
	other := *w.session
	var all sync.WaitGroup
	for i := range 20 {
		all.Go(func() {
			s := w.session
			if i%2 == 0 {
				s = &other
			}
			if _, err := s.RoleCredentials(t.Context(), Role{"123456789012", "Admin"}); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	w.calls(1, 20)
	entries, err := os.ReadDir(w.session.Locks)
	if err != nil || runtime.GOOS != "windows" && len(entries) > 0 {
		t.Errorf("locks stayed: %v %v", entries, err)
	}
}

func TestRefreshWithoutLocks(t *testing.T) {
	t.Parallel()
	for _, dir := range []string{"", filepath.Join(t.TempDir(), "missing")} {
		w := newWorld(t)
		w.session.Locks = dir
		w.signIn("alice", time.Minute)
		w.gets("Admin")
		w.calls(1, 1)
	}
}

// TestWaitEnds at Ctrl-C; the token is nobody's then.
func TestWaitEnds(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.signIn("alice", -time.Minute)
	lock, err := securefile.Acquire(t.Context(), w.lockPath())
	if err != nil {
		t.Fatal(err)
	}
	defer lock.Release()
	if _, err := w.session.RoleCredentials(cancelled(t), Role{"123456789012", "Admin"}); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	w.calls(0, 0)
}

// TestAnotherHomeIsNotWaitedFor: the folder of locks is one for all of them.
func TestAnotherHomeIsNotWaitedFor(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	lock, err := securefile.Acquire(t.Context(), w.lockPath())
	if err != nil {
		t.Fatal(err)
	}
	defer lock.Release()
	w.session.Folder = t.TempDir()
	w.signIn("alice", -time.Minute)
	if _, err := w.session.RoleCredentials(t.Context(), Role{"123456789012", "Admin"}); err != nil {
		t.Error(err)
	}
	w.calls(1, 1)
}

// TestPatience: nobody waits long for what is not needed yet.
func TestPatience(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.session.Patience = time.Millisecond
	w.signIn("alice", time.Minute)
	lock, err := securefile.Acquire(t.Context(), w.lockPath())
	if err != nil {
		t.Fatal(err)
	}
	w.gets("Admin")
	lock.Release()
	w.aws.Inject(awsfake.Fault{Action: "CreateToken", Mode: awsfake.Hang})
	w.gets("Admin")
	if got := w.aws.Count("GetRoleCredentials"); got != 2 {
		t.Errorf("%d calls", got)
	}
}

func TestCancelled(t *testing.T) {
	t.Parallel()
	for _, left := range []time.Duration{time.Hour, time.Minute} {
		w := newWorld(t)
		w.signIn("alice", left)
		if _, err := w.session.RoleCredentials(cancelled(t), Role{"123456789012", "Admin"}); !errors.Is(err, context.Canceled) {
			t.Errorf("%s left: %v", left, err)
		}
	}
}

// TestRefreshFails: a token that lasts is used, one that has ended is not.
func TestRefreshFails(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		status int
		text   string
		words  []string
	}{
		"ended":      {400, `{"error":"invalid_grant","__type":"InvalidGrantException"}`, []string{"has ended", "(~/.aws/config:7)", "sign in with: assume-role sso login dev"}},
		"expired":    {400, `{"__type":"ExpiredTokenException"}`, []string{"has ended", "sign in with: assume-role sso login"}},
		"the client": {401, `{"error":"invalid_client","__type":"InvalidClientException"}`, []string{"could not be refreshed: status 401: InvalidClientException", "sign in with: assume-role sso login"}},
		"throttled":  {429, `{"__type":"TooManyRequestsException"}`, []string{"CreateToken failed: AWS limits", "try again in a minute"}},
		"half":       {200, `{"accessToken":"x"}`, []string{"CreateToken failed", "not complete"}},
		"for ever":   {200, `{"accessToken":"x","expiresIn":99999999999}`, []string{"not complete"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.meddle = answering("/token", tc.status, tc.text)
			w.signIn("alice", -time.Minute)
			before, _ := os.ReadFile(w.path())
			f := w.fails("Admin", tc.words...)
			after, _ := os.ReadFile(w.path())
			if f.SignedOut != (len(after) == 0) || !f.SignedOut && string(before) != string(after) {
				t.Errorf("a token that is of no use goes, another one stays: %v, %d bytes", f.SignedOut, len(after))
			}
			w.signIn("alice", time.Minute)
			w.gets("Admin")
			w.file() // it lasts, so it stays
			if len(w.notes) > 0 || !strings.Contains(strings.Join(w.debug, "\n"), "is used while it lasts") {
				t.Errorf("notes %q, debug %q", w.notes, w.debug)
			}
		})
	}
}

// TestUnreachable: whoever asked may go on with what is in the cache.
func TestUnreachable(t *testing.T) {
	t.Parallel()
	for name, path := range map[string]string{"the portal": "/federation/credentials", "OIDC": "/token"} {
		for text, status := range map[string]int{`{"message":"x"}`: 503, "<html>": 403, "<htm>": 200} {
			w := newWorld(t)
			w.meddle = answering(path, status, text)
			w.signIn("alice", -time.Minute)
			var u *bearer.Unreachable
			if err := w.get("Admin"); !errors.As(err, &u) || u.Status != status || u.Host == "" {
				t.Errorf("%s, %d: %T %v", name, status, err, err)
			}
		}
	}
}

func TestPortalRefuses(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		status int
		text   string
		words  []string
		line   int
	}{
		"not assigned":   {403, `{"__type":"x#ForbiddenException","message":"No access"}`, []string{"the role Admin of account 123456789012 is not assigned", portal}, 12},
		"unknown":        {404, `{"__type":"ResourceNotFoundException"}`, []string{"knows no role Admin of account 123456789012"}, 11},
		"another region": {400, `{"__type":"InvalidRequestException"}`, []string{"the portal in eu-central-1", "sso_region must be the Region"}, 3},
		"throttled":      {429, `{"__type":"TooManyRequestsException"}`, []string{"try again in a minute"}, 7},
		"something else": {400, `{"__type":"NewException","message":"says AWS"}`, []string{"NewException: says AWS"}, 7},
		"half":           {200, `{"roleCredentials":{"accessKeyId":"ASIA"}}`, []string{"not complete"}, 7},
		"no expiry":      {200, `{"roleCredentials":{"accessKeyId":"ASIA","secretAccessKey":"x","sessionToken":"y"}}`, []string{"not complete"}, 7},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.session.Origins["sso_region"] = fault.Origin{Path: "~/.aws/config", Line: 3}
			w.session.Origins["sso_account_id"] = fault.Origin{Path: "~/.aws/config", Line: 11}
			w.session.Origins["sso_role_name"] = fault.Origin{Path: "~/.aws/config", Line: 12}
			w.meddle = answering("/federation/credentials", tc.status, tc.text)
			w.signIn("alice", time.Hour)
			if f := w.fails("Admin", tc.words...); f.Origin.Line != tc.line || f.Hint == "" {
				t.Errorf("line %d, hint %q", f.Origin.Line, f.Hint)
			}
		})
	}
}

// TestRefusedToken is replaced once: by a refresh, or by what is there now.
func TestRefusedToken(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.signIn("alice", time.Hour)
	w.aws.RevokeAccess("alice")
	w.gets("Admin")
	w.calls(1, 2)

	w = newWorld(t)
	w.legacy()
	w.signIn("alice", time.Hour)
	w.meddle = func(r *http.Request) *http.Response {
		w.meddle = nil
		w.signIn("alice", time.Hour) // in another window
		return respond(r, 401, `{"__type":"UnauthorizedException"}`)
	}
	w.gets("Admin")
	w.calls(0, 1)
}

func TestRefusedTwice(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.signIn("alice", time.Hour)
	w.meddle = answering("/federation/credentials", 401, `{"__type":"UnauthorizedException"}`)
	w.fails("Admin", "is no longer accepted by AWS", "sign in with: assume-role sso login dev")
	w.calls(1, 0)
	w.gone()

	w.meddle = nil
	w.signIn("alice", time.Hour)
	w.aws.EndSSO("alice")
	w.fails("Admin", "has ended", "sign in with: assume-role sso login dev")
	w.calls(2, 1)
	w.gone()

	w.legacy()
	w.signIn("alice", time.Hour)
	w.aws.EndSSO("alice")
	w.fails("Admin", "the sign-in at "+portal+" is no longer accepted by AWS (~/.aws/config:9)")
	w.calls(2, 2)
	w.gone()
}

// TestReplacedMeanwhile: what a person's sign-in left during a refresh is
// neither overwritten nor passed over.
func TestReplacedMeanwhile(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.signIn("alice", -time.Minute)
	w.meddle = func(r *http.Request) *http.Response {
		if r.URL.Path == "/token" {
			w.signIn("bob", time.Hour)
		}
		return nil
	}
	w.gets("Reader")
	if w.file()[signIn] != nil {
		t.Error("the file was overwritten")
	}
}

// TestCannotSave: the token is used, and the user told what will come.
func TestCannotSave(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.signIn("alice", -time.Minute)
	w.meddle = func(r *http.Request) *http.Response {
		if r.URL.Path == "/token" {
			if err := os.RemoveAll(w.session.Folder); err != nil {
				t.Error(err)
			}
		}
		return nil
	}
	w.gets("Admin")
	if d := cmp.Diff(1, len(w.notes)); d != "" || !strings.Contains(w.notes[0], "could not be saved") || !strings.Contains(w.notes[0], "assume-role sso login dev") {
		t.Errorf("%q", w.notes)
	}
}

// TestSignInID stays the same through our refreshes and Ctrl-C in them, and is
// another one for every sign-in and when nobody is signed in.
func TestSignInID(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	if id := w.session.SignInID(); id != "" {
		t.Errorf("nobody is %q", id)
	}
	w.signIn("alice", time.Minute)
	alice := w.session.SignInID()
	for range 2 {
		w.aws.RevokeAccess("alice")
		w.gets("Admin")
		if got := w.session.SignInID(); got != alice || got == "" {
			t.Errorf("%q, then %q", alice, got)
		}
	}
	w.calls(2, 3)
	w.signIn("alice", time.Minute)
	again := w.session.SignInID()
	w.signIn("bob", time.Hour)
	if bob := w.session.SignInID(); bob == alice || bob == again || again == alice {
		t.Errorf("%q %q %q", alice, again, bob)
	}
	for _, secret := range w.aws.Secrets() {
		if strings.Contains(alice, secret) {
			t.Error("the id is a secret")
		}
	}
}
