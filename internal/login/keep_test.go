package login_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"assume-role/internal/login"
)

// TestKeepTheirs: the session of another identity goes into no file.
func TestKeepTheirs(t *testing.T) {
	t.Parallel()
	p := newPerson(t)
	const bob = "arn:aws:iam::123456789012:user/bob"
	p.aws.SetConsole(bob)
	g, err := p.signIn.Grant(t.Context())
	if err != nil || g.Identity != bob {
		t.Fatal(err)
	}
	if err := p.session.Keep(t.Context(), g); !errors.Is(err, login.ErrOther) || p.content() != nil {
		t.Error(err)
	}
}

// TestKeepFails: a folder that cannot be, or that a lock is missing for.
func TestKeepFails(t *testing.T) {
	t.Parallel()
	p := newPerson(t)
	g, err := p.signIn.Grant(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	good := *p.session
	p.session.Folder = filepath.Join(p.session.Folder, "file")
	if err := os.WriteFile(p.session.Folder, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := p.session.Keep(t.Context(), g); err == nil || !strings.Contains(err.Error(), "the new session could not be saved: ") {
		t.Error(err)
	}
	*p.session = good
	p.session.Locks = ""
	if err := p.session.Keep(t.Context(), g); err == nil || !strings.Contains(err.Error(), "no other process could be kept") {
		t.Error(err)
	}
}

// TestOneSignIn: of many that find a session at its end, one signs in.
func TestOneSignIn(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(*person){
		"missing": func(p *person) {},
		"torn":    func(p *person) { p.write([]byte("{")) },
		"ended":   func(p *person) { p.world.signIn(); p.aws.Advance(13 * time.Hour) },
	} {
		p := newPerson(t)
		spoil(p)
		var signIns atomic.Int32
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				err := p.session.Once(t.Context(), func() error {
					signIns.Add(1)
					g, err := p.signIn.Grant(t.Context())
					if err != nil {
						return err
					}
					return p.session.Keep(t.Context(), g)
				})
				if err != nil {
					t.Errorf("%s: %v", name, err)
				}
			})
		}
		all.Wait()
		if signIns.Load() != 1 {
			t.Errorf("%s: %d sign-ins", name, signIns.Load())
		}
		p.gets(login.Need{}, 1)
	}
}

// TestOnceAgain: what one process could not do, the next may.
func TestOnceAgain(t *testing.T) {
	t.Parallel()
	p := newPerson(t)
	failed := errors.New("no")
	for range 2 {
		if err := p.session.Once(t.Context(), func() error { return failed }); !errors.Is(err, failed) {
			t.Error(err)
		}
	}
	cancelled, cancel := context.WithCancel(t.Context())
	hold := make(chan struct{})
	held := make(chan error)
	go func() {
		held <- p.session.Once(t.Context(), func() error { close(hold); <-cancelled.Done(); return nil })
	}()
	<-hold
	waiting := make(chan error)
	go func() { waiting <- p.session.Once(cancelled, func() error { return nil }) }()
	cancel()
	if err := <-waiting; err != nil && !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if err := <-held; err != nil {
		t.Error(err)
	}
}

func TestSignOut(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, want := range []bool{true, false} {
		if was, err := w.session.SignOut(t.Context()); err != nil || was != want {
			t.Errorf("%v %v, want %v", was, err, want)
		}
	}
	w.fails("nobody is signed in as " + alice)
	if got := len(w.aws.Calls()); got != 0 {
		t.Errorf("%d calls", got)
	}
}

// TestSignOutAll: every session goes, and nothing else.
func TestSignOutAll(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for name, text := range map[string]string{
		"other.json": `{"accessToken":{"accessKeyId":"A"}}`,
		"empty.json": `{"accessToken":{"accessKeyId":""}}`,
		"sso.json":   `{"accessToken":"eyJ"}`,
		"torn.json":  `{`,
		"notes.txt":  `{"accessToken":{"accessKeyId":"A"}}`,
	} {
		if err := os.WriteFile(filepath.Join(w.session.Folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	outside := filepath.Join(t.TempDir(), "outside.json")
	if err := os.WriteFile(outside, []byte(`{"accessToken":{"accessKeyId":"A"}}`), 0o600); err != nil {
		t.Fatal(err)
	}
	_ = os.Symlink(outside, filepath.Join(w.session.Folder, "link.json")) // Windows may refuse it
	for _, want := range []int{3, 0} {
		if n, err := w.session.SignOutAll(t.Context()); err != nil || n != want {
			t.Errorf("%d %v, want %d", n, err, want)
		}
	}
	if left, _ := filepath.Glob(filepath.Join(w.session.Folder, "*")); len(left) < 3 {
		t.Errorf("left: %q", left)
	}
	if _, err := os.Stat(outside); err != nil {
		t.Error(err)
	}
	w.session.Folder = filepath.Join(w.session.Folder, "missing")
	if n, err := w.session.SignOutAll(t.Context()); n != 0 || err != nil {
		t.Errorf("%d %v", n, err)
	}
	w.session.Folder = outside
	if _, err := w.session.SignOutAll(t.Context()); err == nil || !strings.Contains(err.Error(), "cannot be read") {
		t.Error(err)
	}
}

// TestSignOutFails: what stays is said.
func TestSignOutFails(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	if err := os.Remove(w.path()); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Join(w.path(), "in the way"), 0o700); err != nil {
		t.Fatal(err)
	}
	if was, err := w.session.SignOut(t.Context()); was || err == nil || !strings.Contains(err.Error(), "the session could not be removed: ") {
		t.Errorf("%v %v", was, err)
	}
}
