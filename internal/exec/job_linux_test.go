package exec

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// shellAt starts an interactive shell, with job control, on a new terminal. In
// it, $tool starts its arguments as a child.
func shellAt(t *testing.T) *screen {
	t.Helper()
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Skip("needs bash")
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	master, slave := openPTY(t)
	cmd := exec.Command(bash, "--norc", "--noediting", "-i")
	cmd.Env = append(os.Environ(), "PS1=", "tool=env "+roleVariable+"=run "+self, "HISTFILE=")
	cmd.Stdin, cmd.Stdout, cmd.Stderr = slave, slave, slave
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	_ = slave.Close()
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	s := &screen{t: t, file: master}
	s.press("echo rea''dy\n")
	s.expect("ready")
	return s
}

// Ctrl-Z stops the parent with its child, as the shell sees it; fg continues
// both, and the child has the terminal again.
func TestCtrlZStopsBoth(t *testing.T) {
	t.Parallel()
	s := shellAt(t)
	s.press(`$tool bash --norc -c 'trap "echo CO''NT" CONT; echo ON''E; read x; echo "GOT $x"'` + "\n")
	s.expect("ONE")
	s.press("\x1a")
	s.expectPart("Stopped")
	s.press("echo in the sh''ell; jobs -s | grep -c Stopped\n")
	s.expect("in the shell")
	s.expect("1")
	s.press("fg\n")
	s.expect("CONT")
	s.press("word\n")
	s.expect("GOT word")
	s.press("echo sta''tus $?\n")
	s.expect("status 0")
	if n := strings.Count(s.seen, "CONT\r\n"); n != 1 {
		t.Errorf("continued %d times: %q", n, s.seen)
	}
}

// A child that does not stop at Ctrl-Z keeps the terminal.
func TestCtrlZThatTheChildIgnores(t *testing.T) {
	t.Parallel()
	s := shellAt(t)
	s.press(`$tool bash --norc -c 'trap "" TSTP; echo ON''E; read x; echo "GOT $x"'` + "\n")
	s.expect("ONE")
	s.press("\x1a")
	s.press("word\n")
	s.expect("GOT word")
	if strings.Contains(s.seen, "Stopped") {
		t.Errorf("it was stopped: %q", s.seen)
	}
}

// A child that stops itself, as an editor does, stops the job, too.
func TestChildThatStopsItself(t *testing.T) {
	t.Parallel()
	s := shellAt(t)
	s.press(`$tool bash --norc -c 'echo ON''E; kill -STOP $$; read x; echo "GOT $x"'` + "\n")
	s.expect("ONE")
	s.expectPart("Stopped")
	s.press("fg\n")
	s.press("word\n")
	s.expect("GOT word")
}

// A shell in a shell: it takes the terminal for a group of its own, and gets it
// back when it is continued.
func TestShellThatIsSuspended(t *testing.T) {
	t.Parallel()
	s := shellAt(t)
	s.press("PS1= $tool bash --norc --noediting -i\n")
	s.press("echo inn''er; suspend\n")
	s.expect("inner")
	s.expectPart("Stopped")
	s.press("echo ou''ter\n")
	s.expect("outer")
	s.press("fg\n")
	s.press("echo ag''ain\n")
	s.expect("again")
	s.press("exit 5\n")
	s.press("echo sta''tus $?\n")
	s.expect("status 5")
}

// In the background both stop where the child reads the terminal; fg brings
// both to the front.
func TestBackgroundAndForeground(t *testing.T) {
	t.Parallel()
	s := shellAt(t)
	s.press(`$tool bash --norc -c 'echo ON''E; read x; echo "GOT $x"' &` + "\n")
	s.expect("ONE")
	s.press("until jobs -s | grep -q bash; do :; done; echo wai''ts\n")
	s.expect("waits")
	s.press("fg\n")
	s.press("word\n")
	s.expect("GOT word")
}

// Without a shell that would continue it, the parent goes on while its child is
// stopped: what it does for the child and others must not stand still.
func TestStoppedWithoutJobControl(t *testing.T) {
	t.Parallel()
	done := filepath.Join(t.TempDir(), "done")
	cmd := tool(t, "run", "sh", "-c", fmt.Sprintf(`(until grep -q '^State:.*T' /proc/$$/status; do sleep 0.01; done; grep '^State:' /proc/$PPID/status >%s; kill -CONT $$) & kill -STOP $$; wait; cat %s`, done, done))
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	out, errs, status := outcome(t, cmd)
	if !strings.HasPrefix(out, "State:\tS") || status != 0 {
		t.Errorf("%q %q %d", out, errs, status)
	}
}

// Ctrl-Z where a parent's child is a parent: the shell sees that the job has
// stopped, and fg continues all of it.
func TestCtrlZStopsParentsOfParents(t *testing.T) {
	t.Parallel()
	s := shellAt(t)
	s.press(`$tool $tool bash --norc -c 'echo ON''E; read x; echo "GOT $x"'` + "\n")
	s.expect("ONE")
	s.press("\x1a")
	s.expectPart("Stopped")
	s.press("fg\n")
	s.press("word\n")
	s.expect("GOT word")
	s.press("echo sta''tus $?\n")
	s.expect("status 0")
}

// The status of a child that ends as soon as it is continued, before its parent
// has looked, is not lost.
func TestChildThatEndsWhenContinued(t *testing.T) {
	t.Parallel()
	s := shellAt(t)
	for n := range 20 {
		s.press(fmt.Sprintf("$tool sh -c 'kill -STOP $$; exit 7'; echo stop''ped%d\n", n))
		s.expect(fmt.Sprintf("stopped%d", n))
		s.press(fmt.Sprintf("fg; echo sta''tus %d $?\n", n))
		s.expectPart(fmt.Sprintf("status %d ", n))
	}
	s.expect("status 19 7")
	if n := strings.Count(s.seen, " 7\r\n"); n != 20 {
		t.Errorf("%d of 20 statuses: %q", n, s.seen)
	}
}
