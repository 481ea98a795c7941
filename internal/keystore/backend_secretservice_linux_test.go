package keystore

import (
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strings"
	"testing"

	"github.com/godbus/dbus"
)

// gnomeKeyring starts a daemon with an unlocked login collection.
func gnomeKeyring(t *testing.T) Options {
	t.Helper()
	program, err := exec.LookPath("gnome-keyring-daemon")
	if err != nil {
		t.Skip("the program gnome-keyring-daemon is not installed")
	}
	cmd := exec.Command(program, "--foreground", "--unlock", "--components=secrets")
	cmd.Stdin = strings.NewReader("password of the test")
	cmd.Stderr = io.Discard
	if err := cmd.Start(); err != nil {
		t.Skip(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	awaitName(t, bus(t), secretsBus)
	o := options(t)
	o.Backend = secretService
	return o
}

// addForeign puts items of other programs into the default collection; some
// have the attribute that the library finds ours by.
func addForeign(t *testing.T, count int) {
	t.Helper()
	conn := bus(t)
	var output dbus.Variant
	var session, item, prompt dbus.ObjectPath
	service := conn.Object(secretsBus, secretsPath)
	if err := service.Call(secretsService+".OpenSession", 0, "plain", dbus.MakeVariant("")).Store(&output, &session); err != nil {
		t.Fatal(err)
	}
	type secret struct {
		Session     dbus.ObjectPath
		Parameters  []byte
		Value       []byte
		ContentType string
	}
	login := conn.Object(secretsBus, collectionRoot+"login")
	for i := range count {
		err := login.Call(secretsCollection+".CreateItem", 0, map[string]dbus.Variant{
			"org.freedesktop.Secret.Item.Label":      dbus.MakeVariant(fmt.Sprintf("foreign %d", i)),
			"org.freedesktop.Secret.Item.Attributes": dbus.MakeVariant(map[string]string{"profile": "session-a", "n": fmt.Sprint(i)}),
		}, secret{session, []byte{}, []byte("not ours"), "text/plain"}, false).Store(&item, &prompt)
		if err != nil {
			t.Fatal(err)
		}
	}
}

// items counts the items of the default collection.
func items(t *testing.T) int {
	t.Helper()
	v, err := property(bus(t).Object(secretsBus, collectionRoot+"login"), secretsCollection, "Items")
	if err != nil {
		t.Fatal(err)
	}
	return len(v.Value().([]dbus.ObjectPath))
}

// collections counts the collections of the service.
func collections(t *testing.T) int {
	t.Helper()
	v, err := property(bus(t).Object(secretsBus, secretsPath), secretsService, "Collections")
	if err != nil {
		t.Fatal(err)
	}
	return len(v.Value().([]dbus.ObjectPath))
}

func TestSecretServiceContract(t *testing.T) {
	if !onPrivateBus(t) {
		return
	}
	o := gnomeKeyring(t)
	before := collections(t)
	addForeign(t, 200)
	contract(t, func(t testing.TB) *Ring { return openRing(t, o) })
	if n := items(t); n != 200 {
		t.Errorf("%d of 200 foreign items are left", n)
	}
	if after := collections(t); after != before {
		t.Errorf("%d collections became %d", before, after)
	}
}

func TestSecretServiceIsAutomatic(t *testing.T) {
	if !onPrivateBus(t) {
		return
	}
	o := gnomeKeyring(t)
	o.Backend = Auto
	if ring := openRing(t, o); ring.Backend() != secretService {
		t.Errorf("auto chose %s: %s", ring.Backend(), ring.Why())
	}
}

func TestSecretServiceLocked(t *testing.T) {
	if !onPrivateBus(t) {
		return
	}
	o := gnomeKeyring(t)
	ring := openRing(t, o)
	if err := ring.Set("session-a", []byte("x")); err != nil {
		t.Fatal(err)
	}
	lockLogin(t)
	_, err := Open(t.Context(), o)
	if !errors.Is(err, ErrLocked) || !strings.Contains(err.Error(), "unlock") || !strings.Contains(err.Error(), "--keyring-backend") {
		t.Errorf("a locked collection with no desktop: %v", err)
	}
	_, err = ring.Get("session-a")
	if !errors.Is(err, ErrLocked) && !errors.Is(err, ErrSlow) {
		t.Errorf("a collection that was locked half-way: %v", err)
	}
}

// lockLogin locks the default collection.
func lockLogin(t *testing.T) {
	t.Helper()
	var locked []dbus.ObjectPath
	var prompt dbus.ObjectPath
	err := bus(t).Object(secretsBus, secretsPath).
		Call(secretsService+".Lock", 0, []dbus.ObjectPath{collectionRoot + "login"}).Store(&locked, &prompt)
	if err != nil || len(locked) != 1 {
		t.Fatalf("locked %v, %v", locked, err)
	}
}

func TestUnescapePath(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]string{
		"/a/login": "/a/login", "/a/Default_20keyring": "/a/Default keyring", "/a/b_5fc": "/a/b_c",
		"/a/b_": "/a/b_", "/a/b_zz": "/a/b_zz", "/a/_c3_a9": "/a/é",
	} {
		if got := unescapePath(path); got != want {
			t.Errorf("unescapePath(%q) = %q, want %q", path, got, want)
		}
	}
}
