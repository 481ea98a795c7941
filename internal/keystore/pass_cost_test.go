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
)

// counted puts a program in front of another one, of the same name, that notes
// each run. The function returns the runs since it was called before.
func counted(t *testing.T, names ...string) func() []string {
	t.Helper()
	dir, log := t.TempDir(), filepath.Join(t.TempDir(), "runs")
	for _, name := range names {
		real, err := exec.LookPath(name)
		if err != nil {
			continue // gpg2 is there where gpg is another one
		}
		text := "#!/bin/sh\necho \"" + name + " $*\" >>'" + log + "'\nexec '" + real + "' \"$@\"\n"
		syscall.ForkLock.RLock() // no child has the file open when it is run
		err = os.WriteFile(filepath.Join(dir, name), []byte(text), 0o700)
		syscall.ForkLock.RUnlock()
		if err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("PATH", dir+string(os.PathListSeparator)+os.Getenv("PATH"))
	return func() []string {
		text, err := os.ReadFile(log)
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			t.Fatal(err)
		}
		_ = os.Remove(log)
		return strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")
	}
}

// TestPassCosts: an item is read by one run of pass and one of GnuPG, and one that
// is not there by none; nothing is listed.
func TestPassCosts(t *testing.T) {
	o := gnuPG(t)
	if err := openRing(t, o).Set("session-a", []byte("x")); err != nil {
		t.Fatal(err)
	}
	runs := counted(t, "pass", "gpg", "gpg2")
	if data, err := openRing(t, o).Get("session-a"); err != nil || string(data) != "x" {
		t.Fatalf("%q, %v", data, err)
	}
	got := runs()
	if len(got) != 2 || got[0] != "pass show assume-role/session-a" || !strings.HasPrefix(got[1], "gpg") || !strings.Contains(got[1], " -d ") {
		t.Errorf("an item took %q", got)
	}
	if _, err := openRing(t, o).Get("session-none"); !errors.Is(err, ErrNotFound) {
		t.Error(err)
	}
	if got := runs(); len(got) != 1 || got[0] != "" {
		t.Errorf("an item that is not there took %q", got)
	}
}
