package request

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const (
	emptyHash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
	abcHash   = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
)

func textOf(t *testing.T, b Body) string {
	t.Helper()
	r, err := b.open()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	text, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestBodies(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "file")
	write(t, path, "abc")
	file, err := File(path)
	if err != nil {
		t.Fatal(err)
	}
	stream, err := Stream(strings.NewReader("abc"))
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range []Body{Bytes([]byte("abc")), file, stream} {
		if b.Length != 3 || b.SHA256 != abcHash || textOf(t, b) != "abc" || textOf(t, b) != "abc" {
			t.Errorf("%+v", b)
		}
	}
	if b := Bytes(nil); b.Length != 0 || b.SHA256 != emptyHash {
		t.Errorf("%+v", b)
	}
}

// A file that changes between its hash and its sending never goes half.
func TestAFileThatChanges(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "file")
	write(t, path, "abc")
	file, err := File(path)
	if err != nil {
		t.Fatal(err)
	}
	write(t, path, "abcdef")
	if got := textOf(t, file); got != "abc" {
		t.Errorf("longer: %q", got)
	}
	write(t, path, "ab")
	r, err := file.open()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if _, err := io.ReadAll(r); err == nil || !strings.Contains(err.Error(), "became shorter while it was sent") {
		t.Errorf("shorter: %v", err)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if _, err := file.open(); err == nil || !strings.Contains(err.Error(), "cannot be read") {
		t.Errorf("gone: %v", err)
	}
}

func TestBodiesThatCannotBeHad(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if _, err := File(dir); err == nil || !strings.Contains(err.Error(), "is a folder") {
		t.Error(err)
	}
	_, err := File(filepath.Join(dir, "nowhere"))
	if err == nil || !strings.Contains(err.Error(), "cannot be read") || strings.Count(err.Error(), "nowhere") != 1 {
		t.Error(err)
	}
	if _, err := Stream(io.LimitReader(endless{}, streamLimit+1)); err == nil || !strings.Contains(err.Error(), "64 MiB") {
		t.Error(err)
	}
	b, err := Stream(io.LimitReader(endless{}, streamLimit))
	if err != nil || b.Length != streamLimit {
		t.Errorf("%d, %v", b.Length, err)
	}
	failing := io.MultiReader(bytes.NewReader([]byte("a")), broken{})
	if _, err := Stream(failing); !errors.Is(err, errBroken) {
		t.Error(err)
	}
}

// endless gives zeros.
type endless struct{}

func (endless) Read(p []byte) (int, error) { return len(p), nil }

var errBroken = errors.New("broken")

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, errBroken }
