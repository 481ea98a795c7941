//go:build unix

package keystore

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// gnuPG makes a throw-away key in a folder of its own and returns the options
// of a password store that uses it.
func gnuPG(t *testing.T) Options {
	t.Helper()
	for _, program := range []string{"gpg", "gpgconf", "pass"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skipf("the program %s is not installed", program)
		}
	}
	// A socket's path is limited to some 100 bytes: not below t.TempDir.
	home, err := os.MkdirTemp("", "gpg")
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("GNUPGHOME", home)
	t.Cleanup(func() {
		_ = exec.Command("gpgconf", "--kill", "all").Run()
		_ = os.RemoveAll(home)
	})
	o := options(t)
	o.Backend, o.PassDir = pass, filepath.Join(t.TempDir(), "store")
	t.Setenv("PASSWORD_STORE_DIR", o.PassDir)
	for _, args := range [][]string{
		{"gpg", "--batch", "--passphrase", "", "--quick-gen-key", "keystore test", "future-default", "default", "never"},
		{"pass", "init", "keystore test"},
	} {
		if out, err := exec.Command(args[0], args[1:]...).CombinedOutput(); err != nil {
			t.Skipf("%q: %v: %s", args, err, out)
		}
	}
	return o
}

func TestPassContract(t *testing.T) {
	o := gnuPG(t)
	foreign := exec.Command("pass", "insert", "-m", "mail")
	foreign.Stdin = strings.NewReader("not ours")
	if out, err := foreign.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	contract(t, func(t testing.TB) *Ring { return openRing(t, o) })
	if _, err := os.Stat(filepath.Join(o.PassDir, "mail.gpg")); err != nil {
		t.Errorf("the user's own item: %v", err)
	}
}

func TestPassSwappedAndForeignItems(t *testing.T) {
	o := gnuPG(t)
	ring := openRing(t, o)
	for _, name := range []string{"session-a", "session-b"} {
		if err := ring.Set(name, []byte(name)); err != nil {
			t.Fatal(err)
		}
	}
	dir := filepath.Join(o.PassDir, "assume-role")
	if err := os.Rename(filepath.Join(dir, "session-a.gpg"), filepath.Join(dir, "session-b.gpg")); err != nil {
		t.Fatal(err)
	}
	if data, err := ring.Get("session-b"); !errors.Is(err, ErrDamaged) {
		t.Errorf("an item under another's name reads as %q, %v", data, err)
	}
	foreign := exec.Command("pass", "insert", "-m", "-f", "assume-role/session-b")
	foreign.Stdin = strings.NewReader("not JSON")
	if out, err := foreign.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if data, err := ring.Get("session-b"); !errors.Is(err, ErrDamaged) {
		t.Errorf("a foreign item reads as %q, %v", data, err)
	}
	if err := os.WriteFile(filepath.Join(dir, "session-b.gpg"), []byte("not GnuPG's"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := ring.Get("session-b")
	if err == nil || !strings.Contains(err.Error(), "GPG_TTY") || !strings.Contains(err.Error(), "pass key store") {
		t.Errorf("what GnuPG cannot decrypt: %v", err)
	}
}

// TestPassKeepsTheOldItemWhenAWriteFails has a write that is cut off after it
// was begun, and clears away what one left long ago.
func TestPassKeepsTheOldItemWhenAWriteFails(t *testing.T) {
	o := gnuPG(t)
	ring := openRing(t, o)
	if err := ring.Set("key-a", []byte("old")); err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(o.PassDir, "assume-role")
	stale := filepath.Join(dir, stagedPrefix+"left.gpg")
	if err := os.WriteFile(stale, []byte("cut off"), 0o600); err != nil {
		t.Fatal(err)
	}
	long := time.Now().Add(-2 * staleAge)
	if err := os.Chtimes(stale, long, long); err != nil {
		t.Fatal(err)
	}
	if names, err := ring.Names(""); err != nil || len(names) != 1 {
		t.Errorf("Names lists %q, %v", names, err)
	}
	if err := ring.Set("key-a", []byte("old")); err != nil {
		t.Fatal(err)
	}
	// Whoever knows no such key cannot encrypt to it.
	if err := os.WriteFile(filepath.Join(o.PassDir, ".gpg-id"), []byte(strings.Repeat("0", 40)+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := ring.Set("key-a", []byte("new")); err == nil {
		t.Error("a write that GnuPG refused succeeded")
	}
	if data, err := ring.Get("key-a"); err != nil || string(data) != "old" {
		t.Errorf("after a failed write: %q, %v", data, err)
	}
	if left, _ := os.ReadDir(dir); len(left) != 1 {
		t.Errorf("files stay behind: %v", left)
	}
}

func TestPassProblemIsNamed(t *testing.T) {
	o := options(t)
	o.Backend, o.PassDir = pass, filepath.Join(t.TempDir(), "none")
	_, err := Open(t.Context(), o)
	if err == nil || !strings.Contains(err.Error(), "pass ") || !strings.Contains(err.Error(), "this machine has ") {
		t.Errorf("a store that was never initialised: %v", err)
	}
}

// TestPassThatDoesNotAnswer: GnuPG hangs (its agent, or a smartcard), and
// nobody is there whom it could be asking.
func TestPassThatDoesNotAnswer(t *testing.T) {
	o := gnuPG(t)
	ring := openRing(t, o)
	if err := ring.Set("session-a", []byte("x")); err != nil {
		t.Fatal(err)
	}
	bin := t.TempDir()
	pipe := filepath.Join(bin, "pipe")
	if err := unix.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"gpg", "gpg2"} {
		// No other test may start a process while this one has the file open: it would
		// inherit that, and the kernel runs no file that somebody may still write.
		syscall.ForkLock.RLock()
		err := os.WriteFile(filepath.Join(bin, name), []byte("#!/bin/sh\nexec cat '"+pipe+"'\n"), 0o700)
		syscall.ForkLock.RUnlock()
		if err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("PATH", bin+string(os.PathListSeparator)+os.Getenv("PATH"))
	_, err := ring.Get("session-a")
	if !errors.Is(err, ErrSlow) || !strings.Contains(err.Error(), "the pass key store did not answer within 3s") ||
		!strings.Contains(err.Error(), "--keyring-backend") {
		t.Errorf("GnuPG that hangs: %v", err)
	}
	if end, err := os.OpenFile(pipe, os.O_WRONLY|unix.O_NONBLOCK, 0); err == nil {
		_ = end.Close() // what hangs ends
	}
}

func TestPassWaitsForPeopleOnly(t *testing.T) {
	t.Parallel()
	for variable, want := range map[string]time.Duration{
		"": answerTime, "GPG_TTY": personTime, "DISPLAY": personTime, "WAYLAND_DISPLAY": personTime,
	} {
		o := Options{Env: func(name string) string {
			if name == variable {
				return "set"
			}
			return ""
		}}
		if got := passTime("linux", o); got != want {
			t.Errorf("with %q: %s, want %s", variable, got, want)
		}
		if got := passTime("darwin", o); got != personTime {
			t.Errorf("on macOS a pinentry needs no variable: %s", got)
		}
	}
}
