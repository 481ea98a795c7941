package keystore

import (
	"errors"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// TestSecretServiceCommandsWork runs what messages tell people to run: the
// command that locks the store, and the one that unlocks it over SSH.
func TestSecretServiceCommandsWork(t *testing.T) {
	if !onPrivateBus(t) {
		return
	}
	o := gnomeKeyring(t)
	if err := openRing(t, o).Set("session-a", []byte("x")); err != nil {
		t.Fatal(err)
	}
	_, lock, _ := strings.Cut(HowToLock(secretService), "by: ")
	if out, err := exec.Command("sh", "-c", lock).CombinedOutput(); err != nil {
		t.Fatalf("%s: %v: %s", lock, err, out)
	}
	_, err := Open(t.Context(), o)
	if !errors.Is(err, ErrLocked) {
		t.Fatalf("after %s: %v", lock, err)
	}
	_, unlock, _ := strings.Cut(err.Error(), "`")
	unlock, _, _ = strings.Cut(unlock, "`")
	cmd := exec.Command("sh", "-c", unlock)
	cmd.Stdin = strings.NewReader("password of the test")
	if err := cmd.Run(); err != nil {
		t.Fatalf("%s: %v", unlock, err)
	}
	awaitName(t, bus(t), secretsBus)
	if data, err := openRing(t, o).Get("session-a"); err != nil || string(data) != "x" {
		t.Errorf("after %s: %q, %v", unlock, data, err)
	}
}

// TestSecretServiceMigration moves keys into the login collection and back.
func TestSecretServiceMigration(t *testing.T) {
	if !onPrivateBus(t) {
		return
	}
	o, state := gnomeKeyring(t), filepath.Join(t.TempDir(), "state")
	addForeign(t, 20)
	folder, _ := filled(t, 0)
	disk, desktop := openFileRing(t, folder), openRing(t, o)
	for i := range 5 {
		if err := disk.Keys().SaveKey(strings.Repeat("p", 1+i), longLived(i)); err != nil {
			t.Fatal(err)
		}
	}
	for _, m := range []Migration{
		{From: disk, To: desktop, StateDir: state, InUse: file},
		{From: desktop, To: disk, StateDir: state, InUse: secretService},
	} {
		done, err := m.Run(t.Context())
		if err != nil || len(done.Removed) != 5 {
			t.Fatalf("from %s: %+v, %v", m.From.Backend(), done, err)
		}
		for i := range 5 {
			if key, err := m.To.Keys().LoadKey(strings.Repeat("p", 1+i)); err != nil || key != longLived(i) {
				t.Errorf("key %d in %s: %v", i, m.To.Backend(), err)
			}
		}
	}
	if n := items(t); n != 20 {
		t.Errorf("%d of 20 foreign items are left", n)
	}
}

// TestSecretServiceState: a locked collection is told, and nothing is asked.
func TestSecretServiceState(t *testing.T) {
	if !onPrivateBus(t) {
		return
	}
	o := gnomeKeyring(t)
	ring := openRing(t, o)
	if state, err := ring.State(); err != nil || state != Unlocked {
		t.Errorf("unlocked: %s, %v", state, err)
	}
	lockLogin(t)
	o.Env = func(name string) string { return map[string]string{"DISPLAY": ":0"}[name] }
	quiet, ok := o.Quiet(secretService)
	if _, err := Open(t.Context(), quiet); !ok || !errors.Is(err, ErrLocked) {
		t.Errorf("locked, on a desktop: %v", err)
	}
}

// TestSecretServiceLockedIsNotReplaced: auto chose it, and it is locked: nothing
// is written to, or looked for in, another store.
func TestSecretServiceLockedIsNotReplaced(t *testing.T) {
	if !onPrivateBus(t) {
		return
	}
	o := gnomeKeyring(t)
	o.Backend, o.StateDir = Auto, filepath.Join(t.TempDir(), "state")
	if err := openRing(t, o).Keys().SaveKey("a", longLived(1)); err != nil {
		t.Fatal(err)
	}
	lockLogin(t)
	for range 2 {
		ring, err := Open(t.Context(), o)
		if !errors.Is(err, ErrLocked) || !strings.Contains(err.Error(), "gnome-keyring-daemon --replace --unlock") {
			t.Errorf("over SSH: %v, %v", ring, err)
		}
	}
	if files := tree(t, o.FileDir); len(files) != 0 {
		t.Errorf("another store was written to: %v", files)
	}
}

// TestSecretServiceThatDoesNotAnswer stops the daemon: every call ends, with a
// line that names the store and the way to choose another.
func TestSecretServiceThatDoesNotAnswer(t *testing.T) {
	if !onPrivateBus(t) {
		return
	}
	o := gnomeKeyring(t)
	ring := openRing(t, o)
	var pid uint32
	if err := bus(t).BusObject().Call("org.freedesktop.DBus.GetConnectionUnixProcessID", 0, secretsBus).Store(&pid); err != nil {
		t.Fatal(err)
	}
	if err := unix.Kill(int(pid), unix.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	_, opening := Open(t.Context(), o)
	_, reading := ring.Get("session-a")
	for call, err := range map[string]error{"Open": opening, "Get": reading} {
		if !errors.Is(err, ErrSlow) || !strings.Contains(err.Error(), "the secret-service key store did not answer within 3s") ||
			!strings.Contains(err.Error(), "--keyring-backend") {
			t.Errorf("%s: %v", call, err)
		}
	}
	if survey := Look(t.Context(), o); survey.Backend != secretService || survey.Problem == "" {
		t.Errorf("a survey says %+v", survey)
	}
}
