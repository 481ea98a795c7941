//go:build linux

package nodbus_test

import (
	"errors"
	"io"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/99designs/keyring"

	"assume-role/internal/keystore/nodbus"
)

const (
	child    = "NODBUS_TEST_CHILD"
	variable = "DBUS_SESSION_BUS_ADDRESS"
)

// TestMain makes a child of a test report what its package initialisers did.
func TestMain(m *testing.M) {
	if os.Getenv(child) == "" {
		os.Exit(m.Run())
	}
	nodbus.Restore()
	_ = keyring.AvailableBackends() // the package that would start a daemon
	if address, set := os.LookupEnv(variable); set {
		_, _ = os.Stdout.WriteString("set to " + address)
	}
	os.Exit(0)
}

// start runs this binary as a program that imports the keyring library, with a
// dbus-launch that leaves a mark when it runs.
func start(t *testing.T, address ...string) (output string, launched bool) {
	t.Helper()
	bin := t.TempDir()
	mark := filepath.Join(bin, "launched")
	script := "#!/bin/sh\n: > '" + mark + "'\necho " + variable + "=unix:path=/nonexistent\n"
	// No other test may start a process while this one has the file open: it would
	// inherit that, and the kernel runs no file that somebody may still write.
	syscall.ForkLock.RLock()
	err := os.WriteFile(filepath.Join(bin, "dbus-launch"), []byte(script), 0o700)
	syscall.ForkLock.RUnlock()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(os.Args[0])
	cmd.Env = []string{child + "=1", "HOME=" + bin, "USER=nobody", "PATH=" + bin}
	for _, a := range address {
		cmd.Env = append(cmd.Env, variable+"="+a)
	}
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	_, err = os.Stat(mark)
	return string(out), !errors.Is(err, fs.ErrNotExist)
}

func TestImportNeverLaunchesADaemon(t *testing.T) {
	for _, address := range [][]string{nil, {""}, {"autolaunch:"}, {"unix:path=/nonexistent/bus"}, {"nonsense"}} {
		t.Run(strings.Join(address, ""), func(t *testing.T) {
			t.Parallel()
			output, launched := start(t, address...)
			if launched {
				t.Error("importing the keyring library ran dbus-launch")
			}
			want := ""
			if len(address) > 0 {
				want = "set to " + address[0]
			}
			if output != want {
				t.Errorf("after Restore the child has %s = %q, want the caller's %q", variable, output, want)
			}
		})
	}
}

// A bus that is there is not connected to either: that takes time, which only
// those runs are to take that need it.
func TestImportConnectsToNoBus(t *testing.T) {
	t.Parallel()
	folder, err := os.MkdirTemp("", "bus") // a socket's path is limited to some 100 bytes
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(folder) })
	bus, err := net.Listen("unix", filepath.Join(folder, "bus"))
	if err != nil {
		t.Fatal(err)
	}
	defer bus.Close()
	callers := make(chan string, 10)
	go func() {
		for {
			c, err := bus.Accept()
			if err != nil {
				return
			}
			word := make([]byte, len("ours"))
			n, _ := io.ReadFull(c, word)
			callers <- string(word[:n])
			_ = c.Close() // who waits for an answer goes on
		}
	}()
	address := "unix:path=" + bus.Addr().String()
	if output, _ := start(t, address); output != "set to "+address {
		t.Errorf("the child has %q", output)
	}
	ours, err := net.Dial("unix", bus.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := ours.Write([]byte("ours")); err != nil {
		t.Fatal(err)
	}
	if first := <-callers; first != "ours" {
		t.Errorf("importing the keyring library connected to the bus and said %q", first)
	}
}
