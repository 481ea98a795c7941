package awsfile

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"assume-role/internal/fault"
)

// onDisk is a file with a text and a mode.
func onDisk(t *testing.T, text string, mode os.FileMode) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "config")
	put(t, path, text)
	if err := os.Chmod(path, mode); err != nil {
		t.Fatal(err)
	}
	return path
}

func put(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func holds(t *testing.T, path, want string) {
	t.Helper()
	if got, err := os.ReadFile(path); err != nil || string(got) != want {
		t.Errorf("%s holds %q, %v; want %q", path, got, err, want)
	}
}

func load(t *testing.T, path string) *File {
	t.Helper()
	f, err := Load(path)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// edited is a file with a setting more, not saved yet.
func edited(t *testing.T, path string) *File {
	t.Helper()
	f := load(t, path)
	if err := f.Set("default", "k", "v"); err != nil {
		t.Fatal(err)
	}
	return f
}

func saves(t *testing.T, f *File) {
	t.Helper()
	if err := f.Save(); err != nil {
		t.Fatal(err)
	}
}

// fails wants a fault of one line with the words.
func fails(t *testing.T, err error, words ...string) {
	t.Helper()
	var told *fault.Error
	if !errors.As(err, &told) {
		t.Fatalf("no fault: %v", err)
	}
	for _, word := range words {
		if !strings.Contains(err.Error(), word) {
			t.Errorf("%q is not in: %v", word, err)
		}
	}
	if strings.Contains(err.Error(), "\n") {
		t.Errorf("not one line: %q", err)
	}
}

func onUnix(t *testing.T) {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("Windows has no such modes and links")
	}
}

func TestSaveKeepsTheMode(t *testing.T) {
	t.Parallel()
	onUnix(t)
	for _, mode := range []os.FileMode{0o600, 0o640, 0o644, 0o755} {
		path := onDisk(t, "[default]\n", mode)
		saves(t, edited(t, path))
		holds(t, path, "[default]\nk = v\n")
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != mode {
			t.Errorf("mode %o became %v, %v", mode, info.Mode().Perm(), err)
		}
		if entries, _ := os.ReadDir(filepath.Dir(path)); len(entries) != 1 {
			t.Errorf("left behind: %v", entries)
		}
	}
}

func TestSaveMakesTheFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "home", ".aws", "config")
	f := load(t, path)
	saves(t, f) // nothing to write
	if _, err := os.Stat(filepath.Dir(path)); err == nil {
		t.Error("a folder was made for nothing")
	}
	f = edited(t, path)
	saves(t, f)
	holds(t, path, "[default]\nk = v\n")
	if runtime.GOOS == "windows" {
		return
	}
	for at, mode := range map[string]os.FileMode{path: 0o600, filepath.Dir(path): 0o700} {
		if info, err := os.Stat(at); err != nil || info.Mode().Perm() != mode {
			t.Errorf("%s: %v, %v", at, info.Mode().Perm(), err)
		}
	}
	// The same File goes on.
	if err := f.Set("default", "l", "w"); err != nil || !f.Changed() {
		t.Error(err)
	}
	saves(t, f)
	holds(t, path, "[default]\nk = v\nl = w\n")
	if f.Changed() {
		t.Error("still changed")
	}
}

// A link stays, whatever it leads through, and what it leads to is replaced.
func TestSaveFollowsLinks(t *testing.T) {
	t.Parallel()
	onUnix(t)
	dir := t.TempDir()
	for _, folder := range []string{"real/shared", "home"} {
		if err := os.MkdirAll(filepath.Join(dir, folder), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	put(t, filepath.Join(dir, "real/file"), "[default]\n")
	for link, to := range map[string]string{
		"home/.aws": "../real/shared", "real/shared/config": "../second", "real/second": filepath.Join(dir, "real/file"), "real/shared/dangling": "../made",
	} {
		if err := os.Symlink(to, filepath.Join(dir, link)); err != nil {
			t.Fatal(err)
		}
	}
	for link, file := range map[string]string{"home/.aws/config": "real/file", "home/.aws/dangling": "real/made"} {
		saves(t, edited(t, filepath.Join(dir, link)))
		holds(t, filepath.Join(dir, file), "[default]\nk = v\n")
		if info, err := os.Lstat(filepath.Join(dir, link)); err != nil || info.Mode()&os.ModeSymlink == 0 {
			t.Errorf("%s is no link any more: %v", link, err)
		}
	}
}

func TestSaveRefusesWhatChanged(t *testing.T) {
	t.Parallel()
	for name, meddle := range map[string]func(t *testing.T, path string){
		"other text":     func(t *testing.T, path string) { put(t, path, "[default]\nregion = x\n") },
		"same length":    func(t *testing.T, path string) { put(t, path, "[defaulT]\n") },
		"gone":           func(_ *testing.T, path string) { _ = os.Remove(path) },
		"empty":          func(t *testing.T, path string) { put(t, path, "") },
		"a folder":       func(_ *testing.T, path string) { _ = os.Remove(path); _ = os.Mkdir(path, 0o700) },
		"a link instead": func(t *testing.T, path string) { put(t, path+"2", "[default]\n"); relink(t, path, path+"2") },
	} {
		path := onDisk(t, "[default]\n", 0o600)
		f := edited(t, path)
		meddle(t, path)
		before, missing := os.ReadFile(path)
		err := f.Save()
		fails(t, err, "another program changed the file meanwhile: nothing was written ("+path+"): run the command again")
		if !errors.Is(err, ErrChanged) {
			t.Errorf("%s: %v", name, err)
		}
		if after, gone := os.ReadFile(path); string(after) != string(before) || (missing == nil) != (gone == nil) {
			t.Errorf("%s: was written to: %q", name, after)
		}
	}
	// One that appears where there was none.
	path := filepath.Join(t.TempDir(), "config")
	f := edited(t, path)
	put(t, path, "")
	fails(t, f.Save(), "another program changed the file")
	holds(t, path, "")
}

func relink(t *testing.T, link, to string) {
	t.Helper()
	if err := os.Remove(link); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(to, link); err != nil {
		t.Skip(err)
	}
}

func TestSaveRefusesWhatIsReadOnly(t *testing.T) {
	t.Parallel()
	path := onDisk(t, "[default]\n", 0o444)
	fails(t, edited(t, path).Save(), "the file is read-only")
	holds(t, path, "[default]\n")
}

func TestLoadRefuses(t *testing.T) {
	t.Parallel()
	onUnix(t)
	dir := t.TempDir()
	big := filepath.Join(dir, "big")
	put(t, big, "")
	if err := os.Truncate(big, maxFileSize+1); err != nil {
		t.Fatal(err)
	}
	loop := filepath.Join(dir, "loop")
	if err := os.Symlink(loop, loop); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{dir, os.DevNull, big, loop} {
		_, err := Load(path)
		fails(t, err, "the file cannot be read", path)
	}
	put(t, filepath.Join(dir, "bad"), "[default\n")
	_, err := Load(filepath.Join(dir, "bad"))
	fails(t, err, "a section header does not end with ]", "bad:1", "correct the line first")
}

// The file's limit holds for what is written, too.
func TestSaveRefusesWhatIsTooLarge(t *testing.T) {
	t.Parallel()
	text := "[default]\n#" + strings.Repeat("x", maxFileSize-12) + "\n"
	path := onDisk(t, text, 0o600)
	fails(t, edited(t, path).Save(), "larger than 16 MiB")
	if got, err := os.ReadFile(path); err != nil || string(got) != text {
		t.Errorf("the file was written to: %v", err)
	}
}

// edit loads, edits and saves until it is done.
func edit(path string, change func(*File) error) error {
	return UntilSaved(func() error {
		f, err := Load(path)
		if err == nil {
			err = change(f)
		}
		if err == nil {
			err = f.Save()
		}
		return err
	})
}

// Many edits at once, each of which must be there in the end.
func TestUntilSavedLosesNothing(t *testing.T) {
	t.Parallel()
	path := onDisk(t, "# mine\n", 0o600)
	var all sync.WaitGroup
	for i := range 16 {
		all.Go(func() {
			if err := edit(path, func(f *File) error { return f.Set(fmt.Sprintf("profile p%d", i), "k", "v") }); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	f := load(t, path)
	for i := range 16 {
		if !f.Has(fmt.Sprintf("profile p%d", i)) {
			t.Errorf("p%d is lost", i)
		}
	}
}

func TestUntilSavedEnds(t *testing.T) {
	t.Parallel()
	for want, times := range map[error]int{ErrChanged: maxTries, os.ErrClosed: 1, nil: 1} {
		n := 0
		if err := UntilSaved(func() error { n++; return want }); !errors.Is(err, want) || n != times {
			t.Errorf("%d tries, %v", n, err)
		}
	}
}
