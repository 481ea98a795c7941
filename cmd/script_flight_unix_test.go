//go:build unix

package cmd_test

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	osexec "os/exec"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// flightCommands are the scripts' commands for processes that wait for one.
func flightCommands() map[string]func(*testscript.TestScript, bool, []string) {
	return map[string]func(*testscript.TestScript, bool, []string){
		"holderkilled": holderKilled, "holderstopped": holderStopped,
	}
}

// toolProcess is a run of the tool in the background.
func toolProcess(ts *testscript.TestScript, args []string) *osexec.Cmd {
	path, err := osexec.LookPath(args[0])
	ts.Check(err)
	c := osexec.Command(path, args[1:]...)
	c.Dir, c.Env = ts.Getenv("WORK"), scriptEnviron(ts)
	return c
}

// holder starts a process and returns when AWS has its call of ACTION: then it
// holds the lock.
func holder(ts *testscript.TestScript, action string, args []string) *osexec.Cmd {
	before := fake(ts).Count(action)
	c := toolProcess(ts, args)
	ts.Check(c.Start())
	for patience := 20_000; fake(ts).Count(action) == before; patience-- {
		if patience == 0 {
			_ = c.Process.Kill()
			ts.Fatalf("no %s began", action)
		}
		time.Sleep(time.Millisecond) // polling: the call is what is waited for
	}
	return c
}

// holderKilled: `holderkilled ACTION N COMMAND ARG…` starts the command, kills
// it (SIGKILL) during its call of ACTION, with N more of it waiting; all of
// those succeed.
func holderKilled(ts *testscript.TestScript, _ bool, args []string) {
	first := holder(ts, args[0], args[2:])
	var others sync.WaitGroup
	others.Go(func() { many(ts, false, args[1:]) })
	ts.Check(first.Process.Kill())
	_ = first.Wait()
	killed := time.Now()
	others.Wait()
	ts.Logf("the rest went on for %s", time.Since(killed).Round(time.Millisecond))
}

// holderStopped: `holderstopped ACTION COMMAND ARG…` stops the command
// (SIGSTOP) during its call of ACTION. Two more of it wait, and say for which
// process; one is interrupted and ends at once with 130, the other ends well
// after the first went on.
func holderStopped(ts *testscript.TestScript, _ bool, args []string) {
	first := holder(ts, args[0], args[1:])
	ts.Check(first.Process.Signal(syscall.SIGSTOP))
	defer func() { _ = first.Process.Kill() }() // whatever fails: a stopped process stays
	interrupted, patient := startWaiting(ts, args[1:]), startWaiting(ts, args[1:])
	for _, w := range []*waiting{interrupted, patient} {
		w.must(ts, fmt.Sprintf("waiting for process %d", first.Process.Pid))
	}
	ts.Check(interrupted.Process.Signal(syscall.SIGINT))
	var exit *osexec.ExitError
	if err := interrupted.Wait(); !errors.As(err, &exit) || exit.ExitCode() != 130 {
		ts.Fatalf("an interrupted wait ended with %v", err)
	}
	ts.Check(first.Process.Signal(syscall.SIGCONT))
	ts.Check(first.Wait())
	ts.Check(patient.Wait())
}

// waiting is a process that waits for another.
type waiting struct {
	*osexec.Cmd
	stderr io.Reader
}

func startWaiting(ts *testscript.TestScript, args []string) *waiting {
	c := toolProcess(ts, args)
	stderr, err := c.StderrPipe()
	ts.Check(err)
	ts.Check(c.Start())
	return &waiting{c, stderr}
}

// must expects that the process says a text first of all.
func (w *waiting) must(ts *testscript.TestScript, say string) {
	line, err := bufio.NewReader(w.stderr).ReadString('\n')
	if !strings.Contains(line, say) {
		_ = w.Process.Kill()
		ts.Fatalf("%q, not %q: %v", line, say, err)
	}
}
