package sso

import (
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"assume-role/internal/fault"
)

// The names that botocore gives its files.
func TestKey(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"my-sso":                          "0ad374308c5a4e22f723adf10145eafad7c4031c",
		"https://d-abc.awsapps.com/start": "22f00c6461897f7c3e293d9d99f86e5efed957dd",
	} {
		if got := Key(name); got != want {
			t.Errorf("%s: %s", name, got)
		}
	}
	if s := (&Session{Name: "my-sso", StartURL: "https://d-abc.awsapps.com/start"}); s.key() != Key("my-sso") {
		t.Error("a section's token is found by its start URL")
	}
}

func TestDecode(t *testing.T) {
	t.Parallel()
	want := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	for text, good := range map[string]bool{
		`{"accessToken":"x","expiresAt":"2026-01-02T03:04:05Z"}`:                         true,
		`{"accessToken":"x","expiresAt":"2026-01-02T03:04:05UTC"}`:                       true,
		`{"accessToken":"x","expiresAt":"2026-01-02T04:04:05+01:00"}`:                    true,
		`{"AccessToken":"x","EXPIRESAT":"2026-01-02T03:04:05Z"}`:                         true,
		`{"ACCESSTOKEN":"y","accessToken":"x","expiresAt":"2026-01-02T03:04:05Z"}`:       true,
		`{"accessToken":"y","accessToken":"x","expiresAt":"2026-01-02T03:04:05Z"}`:       true,
		` {"accessToken":"x", "expiresAt":"2026-01-02T03:04:05Z", "more":[{"a":null}]} `: true,
		`{"accessToken":"x"}`:                                              false,
		`{"expiresAt":"2026-01-02T03:04:05Z"}`:                             false,
		`{"accessToken":"","expiresAt":"2026-01-02T03:04:05Z"}`:            false,
		`{"accessToken":"x\r\nA: b","expiresAt":"2026-01-02T03:04:05Z"}`:   false,
		`{"accessToken":5,"expiresAt":"2026-01-02T03:04:05Z"}`:             false,
		`{"accessToken":"x","expiresAt":1767323045}`:                       false,
		`{"accessToken":"x","expiresAt":"tomorrow"}`:                       false,
		`{"accessToken":"x","expiresAt":"2026-01-02T03:04:05Z"`:            false,
		`{"accessToken":"x","expiresAt":"2026-01-02T03:04:05Z"} {}`:        false,
		`{"accessToken":"x","expiresAt":"2026-01-02T03:04:05Z"}}`:          false,
		`{"accessToken":"x",,"expiresAt":"2026-01-02T03:04:05Z"}`:          false,
		`[{"accessToken":"x","expiresAt":"2026-01-02T03:04:05Z"}]`:         false,
		`{"accessToken":"x","expiresAt":"2026-01-02T03:04:05Z","more":{]}`: false,
		`null`: false, ``: false, `"x"`: false,
	} {
		got, err := decode([]byte(text))
		if (err == nil) != good || good && (got.access != "x" || !got.expires.Equal(want)) {
			t.Errorf("%s: %+v %v", text, got, err)
		}
		if err != nil && strings.Contains(err.Error(), "x\"") {
			t.Errorf("the error quotes the file: %v", err)
		}
	}
}

func TestRefreshable(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, tc := range []struct{ member, value string }{
		{refreshToken, ""}, {clientID, ""}, {clientSecret, ""}, {registrationExpiresAt, ""},
		{registrationExpiresAt, "2020-01-01T00:00:00Z"}, {registrationExpiresAt, "soon"},
	} {
		w.signIn("alice", time.Minute)
		w.change(tc.member, tc.value)
		w.gets("Admin") // while it lasts
		w.signIn("alice", -time.Minute)
		w.change(tc.member, tc.value)
		w.fails("Admin", "the sign-in at [sso-session corp] has expired (~/.aws/config:7): sign in with: assume-role sso login dev")
	}
	w.calls(0, 6)
}

func TestLegacyIsNeverRefreshed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.signIn("alice", time.Minute)
	file, _ := os.ReadFile(w.path())
	w.legacy()
	w.write(file)
	w.gets("Admin")
	w.aws.Advance(2 * time.Minute)
	w.fails("Admin", "the sign-in at "+portal+" has expired (~/.aws/config:9)")
	w.calls(0, 1)
}

func TestSignedOut(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	f := w.fails("Admin", "nobody is signed in at [sso-session corp] (~/.aws/config:7): sign in with: assume-role sso login dev")
	if f.Code != fault.NoCredentials {
		t.Errorf("code %q", f.Code)
	}
	w.session.Folder = filepath.Join(w.session.Folder, "missing")
	w.fails("Admin", "nobody is signed in")
	w.session.Folder = t.TempDir()
	w.write([]byte(`{"accessToken":"canary"`))
	if f := w.fails("Admin", "nobody is signed in", Key("corp")+".json holds no token"); strings.Contains(f.Error(), "canary") {
		t.Error(f)
	}
	w.write([]byte(strings.Repeat(" ", limit+1)))
	w.fails("Admin", "cannot be read", "sign in with: assume-role sso login")
	if err := errors.Join(os.Remove(w.path()), os.Mkdir(w.path(), 0o700)); err != nil {
		t.Fatal(err)
	}
	w.fails("Admin", "cannot be read")
	if w.session.SignInID() != "" {
		t.Error("a folder is somebody")
	}
	w.calls(0, 0)
}

// TestAnotherPortalsToken is there when the section was changed.
func TestAnotherPortalsToken(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.signIn("alice", time.Hour)
	for _, tc := range []struct {
		member, value, words string
	}{
		{startURL, "https://d-other.awsapps.com/start", "is for the sso_start_url https://d-other.awsapps.com/start"},
		{region, "us-east-1", "is for the sso_region us-east-1"},
	} {
		w.signIn("alice", time.Hour)
		w.change(tc.member, tc.value)
		w.fails("Admin", tc.words, "sign in with: assume-role sso login dev")
	}
	for _, same := range []string{portal + "/", portal + "/#", portal + "#/", ""} {
		w.signIn("alice", time.Hour)
		w.change(startURL, same, region, "")
		w.gets("Admin")
	}
	w.calls(0, 4)
}

func TestObject(t *testing.T) {
	t.Parallel()
	o, err := parse([]byte(`{"b" : 1.0,"A":{"x" :[ ]},"a":"1","B":"\u00e9"}`))
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(`{"b": 1.0, "A": {"x" :[ ]}, "a": "1", "B": "\u00e9"}`, string(o.encode())); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff(`{"b": 1.0, "a": "2", "B": "\u00e9"}`, string(o.with("a", "2").encode())); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff(`{"b": 1.0, "A": {"x" :[ ]}, "a": "1", "B": "\u00e9", "c": "3"}`, string(o.with("c", "3").encode())); d != "" {
		t.Error(d)
	}
	if o.text("a") != "1" || o.text("b") != "" || o.text("c") != "" {
		t.Error(o.text("a"), o.text("b"), o.text("c"))
	}
}

func FuzzToken(f *testing.F) {
	f.Add([]byte(`{"accessToken":"x","expiresAt":"2026-01-02T03:04:05Z","refreshToken":"y"}`))
	f.Add([]byte(`{"ACCESSTOKEN":"x","expiresAt":"2026-01-02T03:04:05UTC","a":{"b":[1,2.0,"\ud800"]}}`))
	f.Add([]byte(`{"a":1}{`))
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	f.Fuzz(func(t *testing.T, data []byte) {
		before, err := decode(data)
		if err != nil {
			return
		}
		next := before.refreshed(answer{AccessToken: "new", RefreshToken: "newer", ExpiresIn: 3600}, now)
		after, err := decode(next.file)
		if err != nil || after.access != "new" || after.text(refreshToken) != "newer" || !after.expires.Equal(now.Add(time.Hour)) {
			t.Fatalf("%q became %q: %v", data, next.file, err)
		}
		if after.signInID() != before.signInID() {
			t.Error("another sign-in")
		}
	})
}

// TestAnotherTokenIsNotDropped: what another program has put there meanwhile
// is not what AWS refused, even if it is of no use either.
func TestAnotherTokenIsNotDropped(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.signIn("alice", -time.Hour)
	w.meddle = func(r *http.Request) *http.Response {
		if r.URL.Path != "/token" {
			return nil
		}
		w.signIn("bob", -time.Minute)
		return respond(r, 400, `{"__type":"InvalidGrantException"}`)
	}
	w.fails("Admin", "has ended")
	w.file()
}
