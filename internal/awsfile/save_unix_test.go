//go:build unix

package awsfile

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"assume-role/internal/securefile"
)

// childVariable has this test binary write in a loop until it is killed.
const childVariable = "AWSFILE_TEST_WRITES"

func TestMain(m *testing.M) {
	if path := os.Getenv(childVariable); path != "" {
		writeForever(path)
	}
	os.Exit(m.Run())
}

// writeForever makes the value long and short in turns, and says when it has
// begun.
func writeForever(path string) {
	for i := 0; ; i++ {
		err := edit(path, func(f *File) error { return f.Set("profile p", "k", strings.Repeat("ab"[i%2:i%2+1], 100_000)) })
		if err != nil {
			os.Stderr.WriteString(err.Error())
			os.Exit(1)
		}
		if i == 1 {
			os.Stdout.WriteString("on\n")
		}
	}
}

// Whenever the writer is killed, the file has one of the contents, whole, and
// the next one to write waits for nobody.
func TestKilledWriter(t *testing.T) {
	t.Parallel()
	const mine = "# mine\n[default]\nregion = x\n"
	path := onDisk(t, mine, 0o640)
	for i := range 25 {
		c := exec.Command(os.Args[0])
		c.Env = append(os.Environ(), childVariable+"="+path)
		c.Stderr = os.Stderr
		out, err := c.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		if _, err := out.Read(make([]byte, 3)); err != nil {
			t.Fatal("the writer did not begin")
		}
		time.Sleep(time.Duration(i) * 137 * time.Microsecond) // any moment will do
		_ = c.Process.Kill()
		_ = c.Wait()
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		rest, ok := strings.CutPrefix(string(text), mine+"\n[profile p]\nk = ")
		if value := strings.TrimSuffix(rest, "\n"); !ok || len(value) != 100_000 || strings.Trim(value, "a") != "" && strings.Trim(value, "b") != "" {
			t.Fatalf("torn: %d bytes, %.80q", len(text), text)
		}
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o640 {
			t.Errorf("mode %v, %v", info.Mode().Perm(), err)
		}
	}
}

// Who may write to the file but not to its folder is told so.
func TestSaveInAForeignFolder(t *testing.T) {
	t.Parallel()
	if os.Geteuid() == 0 {
		t.Skip("root may write everywhere")
	}
	path := onDisk(t, "[default]\n", 0o600)
	f := edited(t, path)
	if err := os.Chmod(filepath.Dir(path), 0o500); err != nil {
		t.Fatal(err)
	}
	defer os.Chmod(filepath.Dir(path), 0o700)
	fails(t, f.Save(), "nothing can be written to the file's folder")
}

// Root leaves a user's file the user's.
func TestSaveKeepsTheOwner(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		t.Skip("only root can give files away")
	}
	path := onDisk(t, "[default]\n", 0o640)
	if err := os.Chown(path, 1234, 2345); err != nil {
		t.Skip(err)
	}
	saves(t, edited(t, path))
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if stat := info.Sys().(*syscall.Stat_t); stat.Uid != 1234 || stat.Gid != 2345 || info.Mode().Perm() != 0o640 {
		t.Errorf("owner %d, group %d, mode %v", stat.Uid, stat.Gid, info.Mode().Perm())
	}
}

// What the system has against a write is one line each.
func TestUnwritten(t *testing.T) {
	t.Parallel()
	f := &File{Name: "~/.aws/config", target: "/x/config"}
	for want, err := range map[string]error{
		"the file belongs to another user (~/.aws/config)":            errors.Join(securefile.ErrForeign, syscall.EPERM),
		"nothing can be written to the file's folder /x":              &os.PathError{Op: "open", Path: "/x/.config.tmp1", Err: syscall.EACCES},
		"the file cannot be written: no space left on device":         &os.PathError{Op: "write", Path: "/x/.config.tmp1", Err: syscall.ENOSPC},
		"the file cannot be written: device or resource busy (~/.aws": &os.LinkError{Op: "rename", Old: "a", New: "b", Err: syscall.EBUSY},
	} {
		fails(t, f.unwritten(err), want)
	}
	if err := f.unwritten(nil); err != nil {
		t.Error(err)
	}
}

// A file with two names is told from one with a symbolic link to it, and from
// one that is not there.
func TestShared(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path, link := filepath.Join(dir, "config"), filepath.Join(dir, "link")
	shared := func() bool {
		f, err := Load(link)
		if err != nil {
			t.Fatal(err)
		}
		return f.Shared()
	}
	if shared() {
		t.Error("a file that is missing has two names")
	}
	if err := errors.Join(os.WriteFile(path, []byte("[a]\n"), 0o600), os.Symlink(path, link)); err != nil {
		t.Fatal(err)
	}
	if shared() {
		t.Error("a symbolic link counts")
	}
	if err := os.Link(path, filepath.Join(dir, "second")); err != nil {
		t.Skip(err)
	}
	if !shared() {
		t.Error("a hard link does not count")
	}
}
