//go:build unix

package securefile

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

func init() { children["full"] = childFull }

// childFull writes more than a limit on the size of files lets it: to the
// code that is a full disk, an error from write in the middle of the data.
func childFull(args []string) error {
	signal.Ignore(syscall.SIGXFSZ)
	limit := unix.Rlimit{Cur: 4096, Max: 4096}
	if err := unix.Setrlimit(unix.RLIMIT_FSIZE, &limit); err != nil {
		return err
	}
	if err := Write(args[0], text(1)); !errors.Is(err, syscall.EFBIG) {
		return fmt.Errorf("writing to a full disk: %v", err)
	}
	return nil
}

func TestFullDiskChangesNothing(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "file")
	if err := Write(path, []byte("old")); err != nil {
		t.Fatal(err)
	}
	if err := child(t, "full", path).Run(); err != nil {
		t.Fatal(err)
	}
	if got, _ := os.ReadFile(path); string(got) != "old" {
		t.Errorf("the file holds %d bytes", len(got))
	}
	if got := names(t, dir); got != "file" {
		t.Errorf("the folder holds %q", got)
	}
}

func TestLockRefusesOddFiles(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	pipe, link, folder := filepath.Join(dir, "pipe"), filepath.Join(dir, "link"), filepath.Join(dir, "folder")
	if err := unix.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(filepath.Join(dir, "target"), link); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{pipe, link, folder, filepath.Join(dir, "missing", "lock")} {
		if _, err := Acquire(soon(t), path); err == nil {
			t.Errorf("%s was locked", path)
		}
	}
	if _, err := os.Lstat(filepath.Join(dir, "target")); err == nil {
		t.Error("the link was followed")
	}
	loop := filepath.Join(dir, "loop")
	if err := os.Symlink(loop, loop); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{pipe, folder, loop, os.DevNull} {
		if _, err := Read(path, 10); !errors.Is(err, ErrUnfit) {
			t.Errorf("%s was read: %v", path, err)
		}
	}
}

func TestChildrenDoNotInheritTheLock(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "lock")
	lock := mustAcquire(t, path)
	cmd := exec.Command("sleep", "60")
	if err := cmd.Start(); err != nil {
		t.Skip(err)
	}
	defer func() { _ = cmd.Process.Kill(); _ = cmd.Wait() }()
	lock.Release()
	again, err := Acquire(overdue(t), path)
	if err != nil {
		t.Errorf("a child kept the lock: %v", err)
	}
	again.Release()
}

func TestLockDir(t *testing.T) {
	t.Parallel()
	uid := os.Geteuid()
	id := strconv.Itoa(uid)
	mkdir := func(t *testing.T, path string, mode os.FileMode) string {
		t.Helper()
		if err := os.MkdirAll(path, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		return path
	}
	for name, tc := range map[string]struct {
		lay  func(t *testing.T, run, temp string)
		uid  int
		want string // Below the root; empty for an error.
	}{
		"no session":  {func(*testing.T, string, string) {}, uid, "temp/assume-role-" + id},
		"own session": {func(t *testing.T, run, _ string) { mkdir(t, run+"/"+id, 0o700) }, uid, "run/" + id + "/assume-role"},
		"session that others can write": {
			func(t *testing.T, run, _ string) { mkdir(t, run+"/"+id, 0o777) }, uid, "temp/assume-role-" + id},
		"session that is a link": {func(t *testing.T, run, temp string) {
			mkdir(t, run, 0o700)
			if err := os.Symlink(temp, run+"/"+id); err != nil {
				t.Fatal(err)
			}
		}, uid, "temp/assume-role-" + id},
		"another user's session": {
			func(t *testing.T, run, _ string) { mkdir(t, run+"/"+strconv.Itoa(uid+1), 0o700) }, uid + 1, ""},
		"another user's folder": {
			func(t *testing.T, _, temp string) { mkdir(t, temp+"/assume-role-"+strconv.Itoa(uid+1), 0o700) }, uid + 1, ""},
		"wide folder": {
			func(t *testing.T, _, temp string) { mkdir(t, temp+"/assume-role-"+id, 0o777) }, uid, "temp/assume-role-" + id},
		"link": {func(t *testing.T, run, temp string) {
			if err := os.Symlink(mkdir(t, run, 0o700), temp+"/assume-role-"+id); err != nil {
				t.Fatal(err)
			}
		}, uid, ""},
		"file": {func(t *testing.T, _, temp string) {
			if err := os.WriteFile(temp+"/assume-role-"+id, nil, 0o600); err != nil {
				t.Fatal(err)
			}
		}, uid, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			root := t.TempDir()
			run, temp := filepath.Join(root, "run"), mkdir(t, filepath.Join(root, "temp"), 0o700)
			tc.lay(t, run, temp)
			got, err := lockDir(run, temp, tc.uid)
			if tc.want == "" {
				if err == nil {
					t.Errorf("%s was accepted", got)
				}
				return
			}
			if want := filepath.Join(root, tc.want); err != nil || got != want {
				t.Fatalf("%s, %v, want %s", got, err, want)
			}
			wantMode(t, got, 0o700)
		})
	}
}

func TestLockDirIgnoresVariables(t *testing.T) {
	elsewhere := t.TempDir()
	before, err := LockDir()
	if err != nil {
		t.Skip(err)
	}
	for _, name := range []string{"TMPDIR", "XDG_RUNTIME_DIR", "XDG_STATE_HOME", "HOME"} {
		t.Setenv(name, elsewhere)
	}
	if after, err := LockDir(); err != nil || after != before {
		t.Errorf("%s became %s, %v", before, after, err)
	}
}

// A file that is replaced keeps its mode, and for root its owner; what the
// folder holds else stays.
func TestReplace(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "file")
	for _, mode := range []os.FileMode{0o600, 0o640, 0o604, 0o755} {
		if err := os.WriteFile(path, []byte("old"), 0o600); err != nil {
			t.Fatal(err)
		}
		if os.Geteuid() == 0 {
			if err := os.Chown(path, 1234, 2345); err != nil {
				t.Fatal(err)
			}
		}
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		before, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := Replace(path, []byte("new"), before); err != nil {
			t.Fatal(err)
		}
		after, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		was, is := before.Sys().(*syscall.Stat_t), after.Sys().(*syscall.Stat_t)
		if after.Mode() != before.Mode() || was.Uid != is.Uid || was.Gid != is.Gid || was.Ino == is.Ino {
			t.Errorf("%v of %d:%d became %v of %d:%d", before.Mode(), was.Uid, was.Gid, after.Mode(), is.Uid, is.Gid)
		}
		if got, err := os.ReadFile(path); err != nil || string(got) != "new" || names(t, dir) != "file" {
			t.Errorf("%q, %v, %s", got, err, names(t, dir))
		}
	}
}
