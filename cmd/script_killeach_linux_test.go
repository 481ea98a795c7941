package cmd_test

import (
	"errors"
	"fmt"
	osexec "os/exec"
	"strings"
	"syscall"

	"github.com/rogpeppe/go-internal/testscript"
)

// killCommands are the scripts' commands for processes that are killed.
func killCommands() map[string]func(*testscript.TestScript, bool, []string) {
	return map[string]func(*testscript.TestScript, bool, []string){"killeach": killEach, "faileach": failEach}
}

// fileCalls are those between which the disk looks different to others. With
// the race detector in it the program starts so slowly that one has to do.
func fileCalls() []string {
	if raceDetector {
		return []string{"renameat"}
	}
	return []string{"write", "renameat", "unlinkat", "flock"}
}

// strace runs a command with one of its system calls disturbed: the n-th one of
// that name, in one of its threads.
func strace(ts *testscript.TestScript, call, how string, n int, command []string) error {
	inject := fmt.Sprintf("inject=%s:%s:when=%d", call, how, n)
	return ts.Exec("strace", append([]string{"-f", "-qq", "-o", ts.MkAbs(".strace"), "-e", "trace=" + call, "-e", inject}, command...)...)
}

// traced reports whether strace works here: it needs ptrace(2).
func traced(ts *testscript.TestScript) bool {
	if osexec.Command("strace", "-qq", "-o", "/dev/null", "true").Run() == nil {
		return true
	}
	ts.Logf("strace does not work here")
	return false
}

// killEach: `killeach RESTORE CHECK COMMAND ARG…` runs the command again and
// again, killed (SIGKILL) at its first, second, … call of each of fileCalls
// until it gets to its end. Before each run the shell does what is in the file
// RESTORE, after it what is in CHECK, which must succeed.
func killEach(ts *testscript.TestScript, _ bool, args []string) {
	disturb(ts, args, func(call string, n int, command []string) bool {
		return killed(strace(ts, call, "signal=KILL", n, command))
	})
}

// failEach: `faileach ERRNO RESTORE CHECK COMMAND ARG…` is killEach with calls
// that fail. The command may fail then, with a
// line for each (threads count their calls by themselves).
func failEach(ts *testscript.TestScript, _ bool, args []string) {
	disturb(ts, args[1:], func(call string, n int, command []string) bool {
		if call == "write" {
			return false // Go ends without one of its own writes, to itself
		}
		err := strace(ts, call, "error="+args[0], n, command)
		failed, lines := strings.Count(ts.ReadFile(".strace"), "(INJECTED)"), strings.Count(ts.ReadFile("stderr"), "\n")
		if lines > failed || err != nil && lines == 0 {
			ts.Fatalf("%s no. %d failed: %v, and %d lines", call, n, err, lines)
		}
		return failed > 0
	})
}

// disturb runs the command with each of its calls disturbed, until one is not.
func disturb(ts *testscript.TestScript, args []string, run func(call string, n int, command []string) bool) {
	if !traced(ts) {
		return
	}
	restore, check, command := args[0], args[1], args[2:]
	times := 0
	for _, call := range fileCalls() {
		for n := 1; ; n++ {
			ts.Check(ts.Exec("sh", restore))
			if !run(call, n, command) {
				break
			}
			times++
			if err := ts.Exec("sh", check); err != nil {
				ts.Fatalf("after %s no. %d: %v", call, n, err)
			}
		}
	}
	if times < len(fileCalls()) {
		ts.Fatalf("disturbed %d times: the command is never in the middle of anything", times)
	}
	ts.Logf("disturbed %d times", times)
}

// killed reports whether a process was ended by SIGKILL; strace ends as what
// it traced.
func killed(err error) bool {
	var exit *osexec.ExitError
	if !errors.As(err, &exit) {
		return false
	}
	status, ok := exit.Sys().(syscall.WaitStatus)
	return ok && status.Signaled() && status.Signal() == syscall.SIGKILL
}
