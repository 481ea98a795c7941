package exec

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

func TestNoCoreFile(t *testing.T) {
	before, err := unix.PrctlRetInt(unix.PR_GET_DUMPABLE, 0, 0, 0, 0)
	if err != nil {
		t.Skip(err)
	}
	defer unix.Prctl(unix.PR_SET_DUMPABLE, uintptr(before), 0, 0, 0)
	NoCoreFile()
	if now, err := unix.PrctlRetInt(unix.PR_GET_DUMPABLE, 0, 0, 0, 0); err != nil || now != 0 {
		t.Errorf("dumpable is %d, %v", now, err)
	}
}

// A parent with a command cannot be read by another program of the same user
// while it runs; its command can, as without this tool, and has the caller's
// limits. As root nothing can be proven, so another user stands in.
func TestParentIsNotDumpable(t *testing.T) {
	t.Parallel()
	const script = `cat /proc/$PPID/mem >/dev/null 2>&1 && echo parent read
cat /proc/$PPID/environ >/dev/null 2>&1 && echo parent seen
readlink /proc/$PPID/exe >/dev/null 2>&1 && echo parent linked
cat /proc/$$/environ >/dev/null || echo child hidden
ulimit -c`
	cmd := tool(t, "guarded", "sh", "-c", script)
	asNobody(t, cmd)
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_CORE, &limit); err != nil {
		t.Fatal(err)
	}
	want := "unlimited\n"
	if limit.Cur != ^uint64(0) {
		want = fmt.Sprintln(limit.Cur / 512)
	}
	if out, errs, _ := outcome(t, cmd); out != want {
		t.Errorf("%q, not %q: %s", out, want, errs)
	}
	plain := tool(t, "run", "sh", "-c", "cat /proc/$PPID/environ >/dev/null && echo seen")
	asNobody(t, plain)
	if out, _, _ := outcome(t, plain); out != "seen\n" {
		t.Errorf("a parent without guard: %q, so the test proves nothing", out)
	}
}

// A debugger of the same user cannot attach to it.
func TestParentIsNotTraced(t *testing.T) {
	t.Parallel()
	gdb, err := exec.LookPath("gdb")
	if err != nil {
		t.Skip("needs gdb")
	}
	cmd := tool(t, "guarded", "sh", "-c", gdb+` -n -batch -p $PPID -ex detach 2>&1 </dev/null`)
	asNobody(t, cmd)
	out, _, _ := outcome(t, cmd)
	if !strings.Contains(out, "Operation not permitted") {
		t.Errorf("%q", out)
	}
}

// asNobody runs the command as a user whom modes and ptrace's rules hold.
func asNobody(t *testing.T, cmd *exec.Cmd) {
	t.Helper()
	if os.Geteuid() != 0 {
		return
	}
	dir, err := os.MkdirTemp("/tmp", "exec-test")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	binary := dir + "/tool"
	data, err := os.ReadFile(cmd.Path)
	// No other test may start a process while this one has the file open: it would
	// inherit that, and the kernel runs no file that somebody may still write.
	syscall.ForkLock.RLock()
	err = errors.Join(err, os.Chmod(dir, 0o755), os.WriteFile(binary, data, 0o755), os.Chmod(binary, 0o755))
	syscall.ForkLock.RUnlock()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Path, cmd.Dir = binary, dir
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
}
