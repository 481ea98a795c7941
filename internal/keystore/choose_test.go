package keystore

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"assume-role/internal/creds"
	"assume-role/internal/fault"
	"assume-role/internal/securefile"
)

// bare is a machine with nothing but folders, whatever this one has.
func bare(t *testing.T) Options {
	t.Helper()
	if runtime.GOOS != "linux" || present(secretService) {
		t.Skip("this machine has a keyring of its own")
	}
	o := options(t)
	o.Backend, o.StateDir = Auto, filepath.Join(t.TempDir(), "state")
	o.PassDir = filepath.Join(t.TempDir(), "no-store")
	return o
}

func TestAutoOnABareMachine(t *testing.T) {
	t.Parallel()
	o := bare(t)
	ring := openFileRing(t, o)
	if ring.Backend() != file {
		t.Fatalf("auto chose %s", ring.Backend())
	}
	for _, passed := range []string{"not secret-service (", "not kwallet (", "not pass ("} {
		if !strings.Contains(ring.Why(), passed) {
			t.Errorf("Why() = %q, without %q", ring.Why(), passed)
		}
	}
	if strings.Contains(ring.Why(), keyctl) {
		t.Errorf("auto considered keyctl: %q", ring.Why())
	}
}

func TestAutoIsRecordedWithTheFirstWrite(t *testing.T) {
	t.Parallel()
	o := bare(t)
	ring := openFileRing(t, o)
	_, _ = ring.Get("session-a")
	_ = ring.Remove("session-a")
	wrong := *ring
	wrong.store = claiming{&memory{}, &claim{ctx: t.Context(), dir: o.StateDir, backend: file}}
	if err := wrong.Set("session-a", []byte("x")); err == nil {
		t.Fatal("the double takes nothing")
	}
	if _, err := os.Stat(o.StateDir + "/backend"); !errors.Is(err, os.ErrNotExist) {
		t.Fatal("a read or a failed write recorded the choice")
	}
	for range 2 {
		if err := ring.Set("session-a", []byte("x")); err != nil {
			t.Fatal(err)
		}
	}
	if data, err := os.ReadFile(o.StateDir + "/backend"); err != nil || string(data) != "file\n" {
		t.Errorf("recorded %q, %v", data, err)
	}
	if again := openFileRing(t, o); again.Backend() != file || !strings.Contains(again.Why(), o.StateDir) {
		t.Errorf("opened again: %s, %q", again.Backend(), again.Why())
	}
}

// TestAutoStaysWithItsChoice has a choice that does not work any more.
func TestAutoStaysWithItsChoice(t *testing.T) {
	t.Parallel()
	o := bare(t)
	for recorded, want := range map[string]string{
		secretService: "D-Bus", winCred: "only on Windows", "gone-in-this-release": "names no keyring backend",
	} {
		if err := os.MkdirAll(o.StateDir, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(o.StateDir+"/backend", []byte(recorded), 0o600); err != nil {
			t.Fatal(err)
		}
		ring, err := Open(t.Context(), o)
		if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "--keyring-backend") {
			t.Errorf("with %s recorded: %v, %v", recorded, ring, err)
		} else if !strings.Contains(err.Error(), o.StateDir) {
			t.Errorf("%q does not say who chose", err)
		}
	}
}

func TestAutoTwoFirstWriters(t *testing.T) {
	t.Parallel()
	o := bare(t)
	other := &claim{ctx: t.Context(), dir: o.StateDir, backend: "other"}
	rings := []*Ring{openFileRing(t, o), {backend: "other", store: claiming{newMemory(1000), other}}}
	errs := make([]error, 2)
	var all sync.WaitGroup
	for i, ring := range rings {
		all.Go(func() { errs[i] = ring.Set("session-a", []byte("x")) })
	}
	all.Wait()
	if (errs[0] == nil) == (errs[1] == nil) {
		t.Errorf("two first writers to two stores: %v, %v; want one to win", errs[0], errs[1])
	}
}

func TestAutoAsksWithNoLockHeld(t *testing.T) {
	t.Parallel()
	o := bare(t)
	o.Given = nil
	once, cancel := context.WithCancel(t.Context())
	cancel()
	o.Ask = func(Question) (creds.Secret, error) {
		for _, path := range []string{filepath.Join(o.StateDir, "backend.lock"), filepath.Join(o.FileDir, folderLock)} {
			lock, err := securefile.Acquire(once, path)
			if err != nil {
				t.Errorf("while somebody is asked: %v", err)
			}
			lock.Release()
		}
		return "correct horse", nil
	}
	if err := openFileRing(t, o).Set("session-a", []byte("x")); err != nil {
		t.Error(err)
	}
}

func TestAutoWithoutAStateFolder(t *testing.T) {
	t.Parallel()
	o := bare(t)
	if err := os.WriteFile(o.StateDir, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	var said string
	o.Debug = func(line string) { said += line }
	o.StateDir = filepath.Join(o.StateDir, "below-a-file")
	ring, err := Open(t.Context(), o)
	if err != nil {
		return // a state folder that cannot be read is an error that names it
	}
	ring.file.fresh, ring.file.floor = cheap(), cheap()
	if err := ring.Set("session-a", []byte("x")); err != nil || !strings.Contains(said, "recorded") {
		t.Errorf("a choice that cannot be recorded: %v, said %q", err, said)
	}
}

func TestUnknownBackendListsWhatThereIs(t *testing.T) {
	t.Parallel()
	o := options(t)
	o.Backend = "gnome"
	_, err := Open(t.Context(), o)
	var shown *fault.Error
	if !errors.As(err, &shown) || shown.Code != fault.InvalidValue {
		t.Fatalf("%v", err)
	}
	for _, b := range backends() {
		if !strings.Contains(err.Error(), b.name) {
			t.Errorf("%q does not mention %s", err, b.name)
		}
	}
	if !strings.Contains(err.Error(), "ASSUME_ROLE_KEYRING_BACKEND") || strings.Contains(err.Error(), "\n") {
		t.Errorf("the message is %q", err)
	}
}

func TestUnusableBackendSaysWhy(t *testing.T) {
	t.Parallel()
	for _, c := range available(t.Context(), options(t)) {
		if c.Usable() {
			continue
		}
		o := options(t)
		o.Backend = c.Name
		_, err := Open(t.Context(), o)
		if err == nil || !strings.Contains(err.Error(), c.Problem) || !strings.Contains(err.Error(), "this machine has file") {
			t.Errorf("%s: %v", c.Name, err)
		}
	}
}

func TestBackendsAreAllThere(t *testing.T) {
	t.Parallel()
	want := []string{Auto, winCred, keychain, secretService, kwallet, pass, file, keyctl}
	if got := strings.Join(Backends(), " "); got != strings.Join(want, " ") {
		t.Errorf("Backends() = %s", got)
	}
	candidates := available(t.Context(), Options{Env: func(string) string { return "" }})
	if len(candidates) != len(want)-1 {
		t.Errorf("available lists %d backends", len(candidates))
	}
	for _, c := range candidates {
		if c.Name == file && (c.Usable() || !strings.Contains(c.Problem, "file_dir")) {
			t.Errorf("a file store without a folder: %+v", c)
		}
	}
}

func TestTemporaryKeysAreNotStored(t *testing.T) {
	t.Parallel()
	keys := openFileRing(t, options(t)).Keys()
	for _, c := range []creds.Credentials{
		{}, {AccessKeyID: "AKIA"}, {AccessKeyID: "ASIA", SecretAccessKey: "s", SessionToken: "t"},
	} {
		if err := keys.SaveKey("a", c); err == nil {
			t.Errorf("%v was stored", c)
		}
	}
}

func TestKeysOfOtherReleases(t *testing.T) {
	t.Parallel()
	ring := openFileRing(t, options(t))
	for value, want := range map[string]string{
		`{"version":2,"profile":"a","access_key_id":"A","secret_access_key":"S"}`: "later release",
		`{"version":1,"profile":"b","access_key_id":"A","secret_access_key":"S"}`: "damaged",
		`{"version":1,"profile":"a","access_key_id":"A"}`:                         "damaged",
		`{`: "damaged", `null`: "damaged", `[]`: "damaged",
	} {
		if err := ring.Set("key-a", []byte(value)); err != nil {
			t.Fatal(err)
		}
		if c, err := ring.Keys().LoadKey("a"); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, %v; want %q", value, c, err, want)
		}
	}
}
