//go:build unix

package cmd

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A socket's folder is no use where somebody else could put another folder in
// its place.
func TestSocketFolder(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		above, own os.FileMode
		says       string
	}{
		"the user's alone":              {0o700, 0o700, ""},
		"others may read":               {0o755, 0o755, ""},
		"others may write":              {0o700, 0o777, "others can write to the folder"},
		"others may write, sticky":      {0o700, 0o777 | os.ModeSticky, "others can write to the folder"},
		"others may rename it":          {0o777, 0o700, "others can put another folder in the place of"},
		"its group may rename it":       {0o770, 0o700, "others can put another folder in the place of"},
		"it keeps its name, as in /tmp": {0o777 | os.ModeSticky, 0o700, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			above := t.TempDir()
			own := filepath.Join(above, "own")
			folder(t, own, c.own)
			if err := os.Chmod(above, c.above); err != nil {
				t.Fatal(err)
			}
			refusedFolder(t, own, c.says)
		})
	}
}

// A link counts with the folder that it lies in and with the one it leads to.
func TestSocketFolderByALink(t *testing.T) {
	t.Parallel()
	open, own := filepath.Join(t.TempDir(), "open"), filepath.Join(t.TempDir(), "own")
	folder(t, open, 0o777)
	folder(t, own, 0o700)
	link, inside := filepath.Join(open, "link"), filepath.Join(open, "inside")
	folder(t, inside, 0o700)
	out := filepath.Join(own, "out")
	for name, to := range map[string]string{link: own, out: inside} {
		if err := os.Symlink(to, name); err != nil {
			t.Fatal(err)
		}
	}
	refusedFolder(t, link, "because of "+open)
	refusedFolder(t, out, "because of ")
	refusedFolder(t, own, "")
}

func folder(t *testing.T, path string, mode os.FileMode) {
	t.Helper()
	if err := os.Mkdir(path, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, mode); err != nil {
		t.Fatal(err)
	}
}

func refusedFolder(t *testing.T, dir, says string) {
	t.Helper()
	err := checkSocketFolder(filepath.Join(dir, "x.sock"))
	if says == "" && err != nil || says != "" && (err == nil || !strings.Contains(err.Error(), says)) {
		t.Errorf("got %v, want %q", err, says)
	}
}
