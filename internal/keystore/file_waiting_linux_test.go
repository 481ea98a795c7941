package keystore

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"assume-role/internal/creds"
)

// needKernelKeys skips where the kernel keeps no keys for this process.
func needKernelKeys(t testing.TB) {
	t.Helper()
	if err := probeKeyctl(t.Context(), Options{}); err != nil {
		t.Skip(err)
	}
}

// unlocked returns a folder whose key waits in the kernel.
func unlocked(t testing.TB) Options {
	t.Helper()
	needKernelKeys(t)
	o := stored(t)
	o.UnlockTTL = time.Hour
	ring := openFileRing(t, o)
	t.Cleanup(func() { _ = ring.Lock() })
	if _, err := ring.Get("session-one"); err != nil {
		t.Fatal(err)
	}
	return o
}

func TestWaitingKeyServesWithoutPassphrase(t *testing.T) {
	t.Parallel()
	o := unlocked(t)
	o.Given = nil
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(o.FileDir, link); err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{o.FileDir, o.FileDir + "/", link} {
		o.FileDir = dir
		ring := openFileRing(t, o)
		if _, err := ring.Get("session-one"); err != nil {
			t.Errorf("%s: %v", dir, err)
		}
		if err := ring.Set("session-two", []byte("x")); err != nil {
			t.Errorf("%s: %v", dir, err)
		}
	}
	o.FileDir = stored(t).FileDir
	if _, err := openFileRing(t, o).Get("session-one"); !errors.Is(err, ErrLocked) {
		t.Errorf("another folder: %v, want ErrLocked", err)
	}
}

func TestWaitingKeyOfANewFolder(t *testing.T) {
	t.Parallel()
	needKernelKeys(t)
	o := options(t)
	o.UnlockTTL = time.Hour
	ring := openFileRing(t, o)
	t.Cleanup(func() { _ = ring.Lock() })
	if err := ring.Set("session-one", []byte("first")); err != nil {
		t.Fatal(err)
	}
	o.Given = nil
	if data, err := openFileRing(t, o).Get("session-one"); err != nil || string(data) != "first" {
		t.Errorf("after the first write: %q, %v", data, err)
	}
}

func TestWaitingKeyChecksAGivenPassphrase(t *testing.T) {
	t.Parallel()
	o := unlocked(t)
	o.Given = given("battery staple")
	if _, err := openFileRing(t, o).Get("session-one"); !errors.Is(err, ErrWrongPassphrase) {
		t.Errorf("a wrong variable beside a waiting key: %v", err)
	}
	// A proof of another passphrase shows that one that matches is not derived.
	item, err := openFileRing(t, o).file.read("session-one.item")
	if err != nil {
		t.Fatal(err)
	}
	key := derive("correct horse", item.header.cost, item.header.salt)
	waitingKeys{ttl: time.Hour, debug: func(string) {}}.keep(o.FileDir, waitingKey{key, key.proof("battery staple")})
	if _, err := openFileRing(t, o).Get("session-one"); err != nil {
		t.Errorf("a matching variable was derived all the same: %v", err)
	}
}

func TestWaitingKeyOfAnOldPassphrase(t *testing.T) {
	t.Parallel()
	o := unlocked(t)
	for name := range snapshot(t, o.FileDir) {
		if err := os.Remove(filepath.Join(o.FileDir, name)); err != nil {
			t.Fatal(err)
		}
	}
	elsewhere := o
	elsewhere.UnlockTTL, elsewhere.Given = 0, given("battery staple")
	if err := openFileRing(t, elsewhere).Set("session-one", []byte("new")); err != nil {
		t.Fatal(err)
	}
	o.Given = nil
	ring := openFileRing(t, o)
	if _, err := ring.Get("session-one"); !errors.Is(err, ErrLocked) {
		t.Errorf("Get with a stale key: %v, want ErrLocked", err)
	}
	if err := ring.Set("session-two", []byte("x")); !errors.Is(err, ErrLocked) {
		t.Errorf("Set with a stale key: %v, want ErrLocked", err)
	}
	o.Ask = func(Question) (creds.Secret, error) { return "battery staple", nil }
	if data, err := openFileRing(t, o).Get("session-one"); err != nil || string(data) != "new" {
		t.Errorf("after asking: %q, %v", data, err)
	}
	o.Ask = nil
	if _, err := openFileRing(t, o).Get("session-one"); err != nil {
		t.Errorf("the new key does not wait in place of the stale one: %v", err)
	}
}

func TestWaitingKeyIsForgotten(t *testing.T) {
	t.Parallel()
	o := unlocked(t)
	o.Given = nil
	ring := openFileRing(t, o)
	for range 2 {
		if err := ring.Lock(); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := ring.Get("session-one"); !errors.Is(err, ErrLocked) {
		t.Errorf("Get after Lock: %v, want ErrLocked", err)
	}
}

func TestWaitingKeyNeverWithoutTTL(t *testing.T) {
	t.Parallel()
	needKernelKeys(t)
	o := stored(t)
	if _, err := openFileRing(t, o).Get("session-one"); err != nil {
		t.Fatal(err)
	}
	err := withUserKeyring(func() error { _, err := find(o.FileDir); return err })
	if !errors.Is(err, unix.ENOKEY) {
		t.Errorf("with a ttl of 0 the kernel has %v", err)
	}
	held := unlocked(t)
	held.UnlockTTL, held.Given = 0, nil
	if _, err := openFileRing(t, held).Get("session-one"); !errors.Is(err, ErrLocked) {
		t.Errorf("with a ttl of 0 a key that waits was used: %v", err)
	}
}

func TestWaitingKeyHasATimeout(t *testing.T) {
	t.Parallel()
	o := unlocked(t)
	name, err := waitingName(o.FileDir)
	if err != nil {
		t.Fatal(err)
	}
	var table []byte
	err = withUserKeyring(func() (err error) {
		table, err = os.ReadFile("/proc/keys")
		return err
	})
	if err != nil {
		t.Skip(err)
	}
	for line := range strings.Lines(string(table)) {
		if f := strings.Fields(line); len(f) > 8 && strings.HasPrefix(f[8], name) {
			if timeout := f[3]; timeout != "1h" && (timeout == "perm" || !strings.HasSuffix(timeout, "m")) {
				t.Errorf("the kernel keeps the key for %q, want at most an hour", timeout)
			}
			return
		}
	}
	t.Errorf("%s is not in /proc/keys", name)
}

// TestWaitingKeyFromAnotherSession reads from a process whose session has no
// link to the user's key ring.
func TestWaitingKeyFromAnotherSession(t *testing.T) {
	o := unlocked(t)
	out := inSession(t, "waiting", "KEYSTORE_TEST_DIR="+o.FileDir)
	if want := "a session of " + canary; out != want {
		t.Errorf("another session read %q, want %q", out, want)
	}
}

// inSession runs a child of this binary in a kernel session of its own.
func inSession(t *testing.T, child string, env ...string) string {
	t.Helper()
	program, err := exec.LookPath("keyctl")
	if err != nil {
		t.Skip("the program keyctl is not installed")
	}
	cmd := exec.Command(program, "session", "-", os.Args[0])
	cmd.Env = append(append(os.Environ(), childVariable+"="+child), env...)
	var problems bytes.Buffer
	cmd.Stderr = &problems
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %s", err, problems.String())
	}
	return string(out)
}

// readWaiting is a child that reads with the key that waits.
func readWaiting() error {
	o := Options{FileDir: os.Getenv("KEYSTORE_TEST_DIR"), UnlockTTL: time.Hour, Debug: func(string) {}}
	store := newFileStore(context.Background(), o)
	store.floor = cheap()
	item, err := store.Get("session-one")
	fmt.Print(string(item.Data))
	return err
}
