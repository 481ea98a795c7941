package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestManualIsReproducible: one date gives one manual, in every zone, and
// nothing of it is a clock's.
func TestManualIsReproducible(t *testing.T) {
	t.Parallel()
	first, err := manual("1760000000")
	if err != nil {
		t.Fatal(err)
	}
	again, err := manual("1760000000")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(first, again); diff != "" {
		t.Error(diff)
	}
	for name, text := range first {
		if !strings.HasPrefix(text, ".Dd October 9, 2025\n") {
			t.Errorf("%s begins with %.40q", name, text)
		}
	}
}

func TestManualNeedsADate(t *testing.T) {
	t.Parallel()
	for _, epoch := range []string{"", "yesterday", "-1"} {
		if _, err := manual(epoch); err == nil || !strings.Contains(err.Error(), "SOURCE_DATE_EPOCH") {
			t.Errorf("%q: %v", epoch, err)
		}
	}
}

// TestCompletions: each shell gets a script that names the program, and takes it.
func TestCompletions(t *testing.T) {
	t.Parallel()
	files, err := completions()
	if err != nil || len(files) != 4 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	folder := filepath.Join(t.TempDir(), "to/be/made")
	if err := put(folder, files); err != nil {
		t.Fatal(err)
	}
	for name, shell := range map[string]string{"assume-role": "bash", "_assume-role": "zsh", "assume-role.fish": "fish", "assume-role.ps1": ""} {
		path := filepath.Join(folder, name)
		if text, err := os.ReadFile(path); err != nil || !strings.Contains(string(text), "assume-role") {
			t.Errorf("%s: %v, %.80q", name, err, text)
		}
		if _, err := exec.LookPath(shell); err != nil {
			t.Logf("%s is not installed: its script is not parsed", shell)
			continue
		}
		if out, err := exec.Command(shell, "-n", path).CombinedOutput(); err != nil {
			t.Errorf("%s: %v %s", name, err, out)
		}
	}
}

// TestWords: what is not asked for is refused, and nothing is written.
func TestWords(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "none")
	for _, args := range [][]string{nil, {"man"}, {"html", folder}, {"man", folder, "more"}} {
		if err := write(args); err == nil {
			t.Errorf("%q: no error", args)
		}
	}
	if _, err := os.Stat(folder); !os.IsNotExist(err) {
		t.Errorf("the folder was made: %v", err)
	}
}

// TestFilesAreReadable: packages carry them to other users.
func TestFilesAreReadable(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	if err := put(folder, map[string]string{"a.1": "text"}); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(filepath.Join(folder, "a.1"))
	if err != nil || info.Mode().Perm()&0o444 != 0o444 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	if err := put(filepath.Join(folder, "a.1"), nil); err == nil {
		t.Error("a file was taken for a folder")
	}
}
