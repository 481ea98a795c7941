package keystore

import (
	"context"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/godbus/dbus"

	"assume-role/internal/keystore/nodbus"
)

// onPrivateBus runs this test again, alone, on a session bus of its own. It
// returns true in that second run.
func onPrivateBus(t *testing.T) bool {
	t.Helper()
	const again = "KEYSTORE_TEST_ON_BUS"
	if os.Getenv(again) == t.Name() {
		nodbus.Restore()
		return true
	}
	t.Parallel()
	program, err := exec.LookPath("dbus-run-session")
	if err != nil {
		t.Skip("the program dbus-run-session is not installed")
	}
	// A socket's path is limited to some 100 bytes: not below t.TempDir.
	home, err := os.MkdirTemp("", "bus")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(home) })
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, program, "--", os.Args[0], "-test.run=^"+t.Name()+"$", "-test.v")
	cmd.Env = append(os.Environ(), again+"="+t.Name(), "HOME="+home, "XDG_RUNTIME_DIR="+home, "XDG_DATA_HOME="+home,
		"XDG_CACHE_HOME="+home, "XDG_CONFIG_HOME="+home)
	out, err := cmd.CombinedOutput()
	switch {
	case strings.Contains(string(out), "--- SKIP: "+t.Name()):
		t.Skipf("on a private bus:\n%s", out)
	case err != nil:
		t.Errorf("on a private bus: %v\n%s", err, out)
	}
	return false
}

// bus returns the private bus.
func bus(t *testing.T) *dbus.Conn {
	t.Helper()
	conn, err := sessionBus()
	if err != nil {
		t.Fatal(err)
	}
	return conn
}

// awaitName waits until a program owns that name on the bus.
func awaitName(t *testing.T, conn *dbus.Conn, name string) {
	t.Helper()
	changes := make(chan *dbus.Signal, 100)
	conn.Signal(changes)
	defer conn.RemoveSignal(changes)
	conn.BusObject().AddMatchSignal("org.freedesktop.DBus", "NameOwnerChanged")
	var owned bool
	if err := conn.BusObject().Call("org.freedesktop.DBus.NameHasOwner", 0, name).Store(&owned); err != nil {
		t.Fatal(err)
	}
	limit := time.After(20 * time.Second)
	for !owned {
		select {
		case s := <-changes:
			owned = len(s.Body) > 0 && s.Body[0] == name
		case <-limit:
			t.Skipf("no program took the name %s", name)
		}
	}
}
