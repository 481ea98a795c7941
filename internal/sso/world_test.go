package sso

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"assume-role/internal/awsfake"
	"assume-role/internal/bearer"
	"assume-role/internal/fault"
)

const (
	portal = "https://d-abc.awsapps.com/start"
	home   = "eu-central-1"
)

// world is an Identity Center where alice may be Admin and bob Reader, and a
// machine with a session [sso-session corp].
type world struct {
	*testing.T
	aws     *awsfake.Fake
	session *Session
	// meddle sees every request first, and may answer it.
	meddle func(*http.Request) *http.Response
	mu     sync.Mutex
	notes  []string
	debug  []string
}

func newWorld(t *testing.T) *world {
	t.Helper()
	aws, err := awsfake.Start(awsfake.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(aws.Close)
	aws.AddAssignment("alice", "123456789012", "Admin", 0)
	aws.AddAssignment("bob", "123456789012", "Reader", 0)
	w := &world{T: t, aws: aws}
	w.session = &Session{
		Profile: "dev", Origins: map[string]fault.Origin{"sso_session": {Path: "~/.aws/config", Line: 7}},
		Name: "corp", StartURL: portal, Region: home,
		Folder: t.TempDir(), Locks: t.TempDir(), Portal: aws.URL() + "/", OIDC: aws.URL() + "/",
		SignIn: "assume-role sso login dev", Now: aws.Now,
		Client: func() (*bearer.Client, error) {
			return &bearer.Client{HTTP: &http.Client{Transport: w}, Sleep: func(time.Duration) {}, Debug: w.session.Debug}, nil
		},
		Note:  func(line string) { w.add(&w.notes, line) },
		Debug: func(format string, args ...any) { w.add(&w.debug, fmt.Sprintf(format, args...)) },
	}
	t.Cleanup(w.keepsSecrets)
	return w
}

func (w *world) add(to *[]string, line string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	*to = append(*to, line)
}

// lockPath is where a refresh of the session's token has its lock.
func (w *world) lockPath() string {
	return filepath.Join(w.session.Locks, "sso-"+Key(w.session.path())+".lock")
}

// keepsSecrets searches what was said.
func (w *world) keepsSecrets() {
	said := strings.Join(append(w.notes, w.debug...), "\n")
	for _, secret := range w.aws.Secrets() {
		if strings.Contains(said, secret) {
			w.Errorf("a secret was said:\n%s", said)
		}
	}
}

// RoundTrip implements http.RoundTripper.
func (w *world) RoundTrip(r *http.Request) (*http.Response, error) {
	if w.meddle != nil {
		if response := w.meddle(r); response != nil {
			return response, nil
		}
	}
	return http.DefaultTransport.RoundTrip(r)
}

// answering is an answer in JSON to the requests of a path.
func answering(path string, status int, text string) func(*http.Request) *http.Response {
	return func(r *http.Request) *http.Response {
		if r.URL.Path != path {
			return nil
		}
		return respond(r, status, text)
	}
}

func respond(r *http.Request, status int, text string) *http.Response {
	return &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(text)), Request: r}
}

// signIn leaves a token that lasts for left.
func (w *world) signIn(user string, left time.Duration) {
	w.Helper()
	w.write(w.aws.SSOToken(awsfake.SSOSignIn{User: user, StartURL: portal, Region: home, Left: left, Legacy: w.session.Name == ""}))
}

func (w *world) path() string { return filepath.Join(w.session.Folder, w.session.key()+".json") }

func (w *world) write(file []byte) {
	w.Helper()
	if err := os.WriteFile(w.path(), file, 0o644); err != nil {
		w.Fatal(err)
	}
}

// file is what the token's file holds.
func (w *world) file() map[string]json.RawMessage {
	w.Helper()
	text, err := os.ReadFile(w.path())
	if err != nil {
		w.Fatal(err)
	}
	var file map[string]json.RawMessage
	if err := json.Unmarshal(text, &file); err != nil {
		w.Fatal(err)
	}
	return file
}

// gone wants no token file.
func (w *world) gone() {
	w.Helper()
	if _, err := os.Stat(w.path()); !os.IsNotExist(err) {
		w.Errorf("the token is still there: %v", err)
	}
}

// change sets members of the token's file, or with "" takes them out.
func (w *world) change(members ...string) {
	w.Helper()
	file := w.file()
	for i := 0; i < len(members); i += 2 {
		delete(file, members[i])
		if members[i+1] != "" {
			file[members[i]], _ = json.Marshal(members[i+1])
		}
	}
	text, _ := json.Marshal(file)
	w.write(text)
}

func (w *world) get(role string) error {
	_, err := w.session.RoleCredentials(w.Context(), Role{"123456789012", role})
	return err
}

// gets wants credentials.
func (w *world) gets(role string) {
	w.Helper()
	if err := w.get(role); err != nil {
		w.Fatal(err)
	}
}

// fails wants a fault with the words, and no secret.
func (w *world) fails(role string, words ...string) *fault.Error {
	w.Helper()
	err := w.get(role)
	var f *fault.Error
	if !errors.As(err, &f) {
		w.Fatalf("no fault: %v", err)
	}
	for _, word := range append(words, `profile "dev"`) {
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

// calls wants so many calls of both services.
func (w *world) calls(tokens, roles int) {
	w.Helper()
	if t, r := w.aws.Count("CreateToken"), w.aws.Count("GetRoleCredentials"); t != tokens || r != roles {
		w.Errorf("CreateToken %d, GetRoleCredentials %d; not %d and %d", t, r, tokens, roles)
	}
}

// legacy makes the session one without a section.
func (w *world) legacy() {
	w.session.Name = ""
	w.session.Origins = map[string]fault.Origin{"sso_start_url": {Path: "~/.aws/config", Line: 9}}
}

func cancelled(t *testing.T) context.Context {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	return ctx
}
