package keystore

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"assume-role/internal/fault"
)

func TestWritable(t *testing.T) {
	t.Parallel()
	o := options(t)
	if err := openFileRing(t, o).Writable(); err != nil {
		t.Errorf("an empty folder: %v", err)
	}
	if left, err := os.ReadDir(o.FileDir); err != nil || len(left) != 0 {
		t.Errorf("left in the folder: %v, %v", left, err)
	}
	missing := o
	missing.FileDir = filepath.Join(o.FileDir, "none")
	if err := openFileRing(t, missing).Writable(); err != nil {
		t.Errorf("no folder yet: %v", err)
	}
	if _, err := os.Stat(missing.FileDir); !errors.Is(err, os.ErrNotExist) {
		t.Error("the folder was made")
	}
	if err := (&Ring{backend: keyctl}).Writable(); err != nil {
		t.Errorf("a store that does not tell: %v", err)
	}
}

// TestWritableNoFolder: what is in the folder's place is no folder, which not
// even root can write to.
func TestWritableNoFolder(t *testing.T) {
	t.Parallel()
	o := options(t)
	o.FileDir = filepath.Join(o.FileDir, "file")
	if err := os.WriteFile(o.FileDir, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	err := openFileRing(t, o).Writable()
	var shown *fault.Error
	if !errors.As(err, &shown) || !strings.Contains(err.Error(), "cannot write to it ("+o.FileDir) || shown.Hint == "" {
		t.Errorf("%v, want one line that names the folder and what to do", err)
	}
}
