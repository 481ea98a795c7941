package cmd_test

import (
	"errors"
	"fmt"
	osexec "os/exec"
	"syscall"

	"github.com/rogpeppe/go-internal/testscript"
)

// killCommands are the scripts' commands for processes that are killed.
func killCommands() map[string]func(*testscript.TestScript, bool, []string) {
	return map[string]func(*testscript.TestScript, bool, []string){"killeach": killEach}
}

// fileCalls are those between which the disk looks different to others.
func fileCalls() []string { return []string{"write", "renameat", "unlinkat", "flock"} }

// killEach: `killeach RESTORE CHECK COMMAND ARG…` runs the command again and
// again, killed (SIGKILL) at its first, second, … call of each of fileCalls
// until it gets to its end. Before each run the shell does what is in the file
// RESTORE, after it what is in CHECK, which must succeed.
func killEach(ts *testscript.TestScript, _ bool, args []string) {
	strace := []string{"strace", "-f", "-qq", "-o", "/dev/null"}
	if osexec.Command(strace[0], append(strace[1:], "true")...).Run() != nil {
		ts.Logf("strace (which kills at a system call) does not work here")
		return
	}
	restore, check, command := args[0], args[1], args[2:]
	kills := 0
	for _, call := range fileCalls() {
		for n := 1; ; n++ {
			ts.Check(ts.Exec("sh", restore))
			all := append(strace[1:], "-e", "trace="+call, "-e", fmt.Sprintf("inject=%s:signal=KILL:when=%d", call, n))
			if !killed(ts.Exec(strace[0], append(all, command...)...)) {
				break
			}
			kills++
			if err := ts.Exec("sh", check); err != nil {
				ts.Fatalf("after a kill at %s no. %d: %v", call, n, err)
			}
		}
	}
	if kills < len(fileCalls()) {
		ts.Fatalf("%d kills: the command is never in the middle of anything", kills)
	}
	ts.Logf("%d kills", kills)
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
