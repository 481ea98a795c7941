package securefile

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// text returns one of two contents that differ in every byte and in length.
func text(which int) []byte {
	return bytes.Repeat([]byte{byte('a' + which)}, 60_000+10_000*which)
}

// names lists what lies in a folder.
func names(t *testing.T, dir string) string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, entry := range entries {
		all = append(all, entry.Name())
	}
	return strings.Join(all, " ")
}

func wantMode(t *testing.T, path string, mode os.FileMode) {
	t.Helper()
	info, err := os.Lstat(path)
	if err != nil {
		t.Fatal(err)
	}
	if runtime.GOOS != "windows" && info.Mode().Perm() != mode {
		t.Errorf("%s has mode %o, want %o", path, info.Mode().Perm(), mode)
	}
}

func TestWrite(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "file")
	for _, content := range []string{"first", "second, which is longer", "", "x"} {
		if err := Write(path, []byte(content)); err != nil {
			t.Fatal(err)
		}
		if got, err := os.ReadFile(path); err != nil || string(got) != content {
			t.Errorf("read back %q, %v, want %q", got, err, content)
		}
		wantMode(t, path, 0o600)
	}
	if got := names(t, dir); got != "file" {
		t.Errorf("the folder holds %q", got)
	}
}

func TestWriteNarrowsTheMode(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, []byte("old"), 0o666); err != nil {
		t.Fatal(err)
	}
	if err := Write(path, []byte("new")); err != nil {
		t.Fatal(err)
	}
	wantMode(t, path, 0o600)
}

func TestWriteInTheWorkingFolder(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := Write("file", []byte("x")); err != nil {
		t.Fatal(err)
	}
	if got := names(t, "."); got != "file" {
		t.Errorf("the folder holds %q", got)
	}
}

func TestWriteDoesNotFollowLinks(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	target, link := filepath.Join(dir, "target"), filepath.Join(dir, "link")
	if err := os.WriteFile(target, []byte("theirs"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(target, link); err != nil {
		t.Skip(err)
	}
	if err := Write(link, []byte("ours")); err != nil {
		t.Fatal(err)
	}
	if got, _ := os.ReadFile(target); string(got) != "theirs" {
		t.Errorf("the link's target was changed to %q", got)
	}
	if got, _ := os.ReadFile(link); string(got) != "ours" {
		t.Errorf("the link's place holds %q", got)
	}
}

func TestFailedWriteLeavesNothing(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	folder := filepath.Join(dir, "folder")
	if err := os.MkdirAll(filepath.Join(folder, "full"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := Write(folder, []byte("x")); err == nil {
		t.Error("a folder was replaced")
	}
	if err := Write(filepath.Join(dir, "missing", "file"), []byte("x")); err == nil {
		t.Error("a missing folder was no error")
	}
	if got := names(t, dir); got != "folder" {
		t.Errorf("the folder holds %q", got)
	}
}

func TestWriteClearsWhatKilledWritersLeft(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	long := time.Now().Add(-2 * abandoned)
	for _, name := range []string{".file.tmp123", ".file.tmp", ".file.tmpx", ".other.tmp123", "file.tmp123"} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, long, long); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, ".file.tmp456"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := Write(filepath.Join(dir, "file"), []byte("x")); err != nil {
		t.Fatal(err)
	}
	want := ".file.tmp .file.tmp456 .file.tmpx .other.tmp123 file file.tmp123"
	if got := names(t, dir); got != want {
		t.Errorf("the folder holds\n%q, want\n%q", got, want)
	}
}

// A writer that is killed at any moment leaves one content or the other.
func TestKilledWriterLeavesAWholeFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "file")
	if err := Write(path, text(0)); err != nil {
		t.Fatal(err)
	}
	for range 25 {
		cmd := child(t, "write", path)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(rand.N(20 * time.Millisecond)) // The random moment.
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		got, err := os.ReadFile(path)
		if err != nil || !bytes.Equal(got, text(0)) && !bytes.Equal(got, text(1)) {
			t.Fatalf("%d bytes, %v", len(got), err)
		}
	}
}

func TestMkdirPrivate(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	deep := filepath.Join(dir, "a", "b")
	if err := MkdirPrivate(deep); err != nil {
		t.Fatal(err)
	}
	wantMode(t, deep, 0o700)
	wantMode(t, filepath.Join(dir, "a"), 0o700)

	shared := filepath.Join(dir, "shared")
	if err := os.Mkdir(shared, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := MkdirPrivate(shared); err != nil {
		t.Fatal(err)
	}
	wantMode(t, shared, 0o755)

	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := MkdirPrivate(file); err == nil {
		t.Error("a file passed for a folder")
	}
}

func TestRead(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "file")
	if err := os.WriteFile(path, []byte("12345"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got, err := Read(path, 5); err != nil || string(got) != "12345" {
		t.Errorf("%q, %v", got, err)
	}
	if _, err := Read(path, 4); !errors.Is(err, ErrUnfit) {
		t.Error("a file over the limit was read")
	}
	if _, err := Read(dir, 5); err == nil {
		t.Error("a folder was read")
	}
	for _, none := range []string{filepath.Join(dir, "none"), filepath.Join(path, "below")} {
		if _, err := Read(none, 5); !Missing(err) {
			t.Errorf("a missing file: %v", err)
		}
	}
}

func TestHead(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "file")
	if err := os.WriteFile(path, []byte("12345"), 0o600); err != nil {
		t.Fatal(err)
	}
	for n, want := range map[int]string{0: "", 3: "123", 5: "12345", 6: "12345"} {
		if got, err := Head(path, n); err != nil || string(got) != want {
			t.Errorf("%d: %q, %v", n, got, err)
		}
	}
	if _, err := Head(dir, 3); !errors.Is(err, ErrUnfit) && runtime.GOOS != "windows" {
		t.Errorf("a folder: %v", err)
	}
	if _, err := Head(filepath.Join(dir, "none"), 3); !Missing(err) {
		t.Errorf("a missing file: %v", err)
	}
}

// TestRemove: what a write that was cut short left goes with the file, and
// nobody else's file does.
func TestRemove(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "token.json")
	for _, name := range []string{"token.json", ".token.json.tmp12", ".other.json.tmp12", ".token.json.tmp", ".token.json.tmpx", "token.json.tmp12"} {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := Remove(path); err != nil {
		t.Error(err)
	}
	if err := Remove(path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a second time: %v", err)
	}
	var left []string
	entries, _ := os.ReadDir(dir)
	for _, entry := range entries {
		left = append(left, entry.Name())
	}
	if got := strings.Join(left, " "); got != ".other.json.tmp12 .token.json.tmp .token.json.tmpx token.json.tmp12" {
		t.Errorf("left: %s", got)
	}
}

// TestCause: a message has the path already.
func TestCause(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, path := range []string{dir, filepath.Join(dir, "none")} {
		_, err := Read(path, 5)
		if Missing(err) == (path == dir) || strings.Contains(Cause(err).Error(), dir) {
			t.Errorf("%v: %v", err, Cause(err))
		}
	}
	full := filepath.Join(dir, "folder")
	if err := os.MkdirAll(filepath.Join(full, "file"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := Write(full, []byte("x")); err == nil || strings.Contains(Cause(err).Error(), dir) {
		t.Errorf("%v: %v", err, Cause(err))
	}
	if err := errors.New("other"); Cause(err) != err {
		t.Error("another error was changed")
	}
}

func BenchmarkWrite(b *testing.B) {
	path := filepath.Join(b.TempDir(), "file")
	for b.Loop() {
		if err := Write(path, []byte("content")); err != nil {
			b.Fatal(err)
		}
	}
}

func TestMove(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	from, to := filepath.Join(dir, "from"), filepath.Join(dir, "to")
	for _, path := range []string{from, to} {
		if err := Write(path, []byte(path)); err != nil {
			t.Fatal(err)
		}
	}
	if err := Move(from, to); err != nil {
		t.Fatal(err)
	}
	if data, err := os.ReadFile(to); err != nil || string(data) != from {
		t.Errorf("to holds %q, %v", data, err)
	}
	if err := Move(from, to); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("moving what is not there: %v", err)
	}
	if err := os.MkdirAll(filepath.Join(dir, "folder", "full"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := Move(to, filepath.Join(dir, "folder")); err == nil {
		t.Error("a folder was replaced")
	}
	if err := Move(filepath.Join(dir, "folder"), filepath.Join(dir, "moved")); err != nil {
		t.Errorf("a folder to a free name: %v", err)
	}
}

// TestWriteWhole: but for what a crash of the machine may undo, it is Write.
func TestWriteWhole(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "file")
	if err := os.WriteFile(path, []byte("old"), 0o666); err != nil {
		t.Fatal(err)
	}
	for which := range 2 {
		if err := WriteWhole(path, text(which)); err != nil {
			t.Fatal(err)
		}
		if got, err := os.ReadFile(path); err != nil || !bytes.Equal(got, text(which)) {
			t.Errorf("%d bytes, %v", len(got), err)
		}
	}
	wantMode(t, path, 0o600)
	if err := WriteWhole(filepath.Join(dir, "missing", "file"), nil); err == nil {
		t.Error("a missing folder was no error")
	}
	if got := names(t, dir); got != "file" {
		t.Errorf("the folder holds %q", got)
	}
}
