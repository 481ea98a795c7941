package terminal

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"assume-role/internal/fault"
)

// asking names, in the environment of a child of this test, the question that
// it asks at its terminal.
const asking = "TERMINAL_TEST_ASK"

func TestMain(m *testing.M) {
	if what := os.Getenv(asking); what != "" {
		ask(what)
		return
	}
	os.Exit(m.Run())
}

// ask is the child: it asks and reports the answer on stdout.
func ask(what string) {
	term, err := Open()
	if err != nil {
		fmt.Printf("open: %v\n", errors.Is(err, ErrNoTerminal))
		return
	}
	defer term.Close()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	switch what {
	case "ask":
		report(term.Ask(ctx, "Name: "))
		report(term.Ask(ctx, "\x1b[2JAgain: "))
	case "secret":
		answer, err := term.AskSecret(ctx, "Secret: ")
		report(answer.Reveal(), err)
	case "confirm":
		report(term.Confirm(ctx, "Sure?"))
	case "choose":
		report(term.Choose(ctx, "Role", []string{"first", "sec\nond"}))
	case "cancel":
		// SIGUSR1 stands for whatever ends the context.
		usr := make(chan os.Signal, 1)
		signal.Notify(usr, syscall.SIGUSR1)
		go func() { <-usr; cancel() }()
		_, err := term.AskSecret(ctx, "Secret: ")
		report("", err)
		report(term.Ask(context.Background(), "Then: "))
	case "deadline":
		ctx, cancel := context.WithTimeout(ctx, 10*time.Millisecond)
		defer cancel()
		report(term.AskSecret(ctx, "Secret: "))
	case "raw":
		rawKeys(ctx, term)
	case "ended":
		cancel()
		report(term.AskSecret(ctx, "Never: "))
	}
}

func report(answer any, err error) {
	switch {
	case errors.Is(err, fault.ErrInterrupted):
		fmt.Println("interrupted")
	case err != nil:
		fmt.Printf("error: %v\n", err)
	default:
		fmt.Printf("answer: %#v\n", answer)
	}
}

// session is a child with a terminal of its own and the three standard streams
// elsewhere.
type session struct {
	*testing.T
	keyboard *os.File
	screen   *bufio.Reader
	slave    *os.File
	child    *exec.Cmd
	report   *bufio.Reader
}

func newSession(t *testing.T, what string) *session {
	t.Helper()
	master, slave := openPTY(t)
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), asking+"="+what)
	child.ExtraFiles = []*os.File{slave}
	child.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true, Ctty: 3}
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = child.Process.Kill(); _ = child.Wait() })
	deadline := time.Now().Add(20 * time.Second)
	_ = master.SetReadDeadline(deadline)
	return &session{T: t, keyboard: master, screen: bufio.NewReader(master), slave: slave, child: child, report: bufio.NewReader(out)}
}

func openPTY(t *testing.T) (master, slave *os.File) {
	t.Helper()
	master, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY|unix.O_NONBLOCK, 0)
	if err != nil {
		t.Skipf("no pseudo-terminals here: %v", err)
	}
	t.Cleanup(func() { _ = master.Close() })
	var n int
	err = control(master, func(fd int) error {
		if err := unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0); err != nil {
			return err
		}
		n, err = unix.IoctlGetInt(fd, unix.TIOCGPTN)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	slave, err = os.OpenFile("/dev/pts/"+strconv.Itoa(n), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = slave.Close() })
	return master, slave
}

// sees reads the screen up to a text and returns what came before.
func (s *session) sees(text string) string {
	s.Helper()
	var seen strings.Builder
	for !strings.HasSuffix(seen.String(), text) {
		b, err := s.screen.ReadByte()
		if err != nil {
			s.Fatalf("waiting for %q, saw %q: %v", text, seen.String(), err)
		}
		seen.WriteByte(b)
	}
	return strings.TrimSuffix(seen.String(), text)
}

func (s *session) types(keys string) {
	s.Helper()
	if _, err := io.WriteString(s.keyboard, keys); err != nil {
		s.Fatal(err)
	}
}

func (s *session) reports(want string) {
	s.Helper()
	got, err := s.report.ReadString('\n')
	if strings.TrimSpace(got) != want {
		s.Errorf("the child reports %q (%v), want %q", got, err, want)
	}
}

// echo checks the echo; a prompt on the screen says that it was set.
func (s *session) echo(want bool) {
	s.Helper()
	_ = control(s.slave, func(fd int) error {
		mode, err := unix.IoctlGetTermios(fd, getTermios)
		if err != nil || (mode.Lflag&unix.ECHO != 0) != want {
			s.Errorf("echo is not %v (%v)", want, err)
		}
		return nil
	})
}

func TestAskAtTheTerminal(t *testing.T) {
	t.Parallel()
	s := newSession(t, "ask")
	s.sees("Name: ")
	s.types("al\x7flice\n")
	s.sees("lice\r\n")
	s.reports(`answer: "alice"`)
	s.sees(`\x1b[2JAgain: `)
	s.types("\x04")
	s.reports("error: the prompt was ended without an answer: type the answer and press Enter")
	s.echo(true)
}

// TestChooseAtTheTerminal: a line for each choice, none of which can begin
// another.
func TestChooseAtTheTerminal(t *testing.T) {
	t.Parallel()
	s := newSession(t, "choose")
	s.sees("  1  first\r\n  2  sec\\nond\r\nRole [1-2] ")
	s.types("3\n")
	s.sees("Role [1-2] ")
	s.types("2\n")
	s.reports("answer: 1")
}

func TestTypedAheadIsKept(t *testing.T) {
	t.Parallel()
	s := newSession(t, "ask")
	s.types("one\ntwo\n")
	s.reports(`answer: "one"`)
	s.reports(`answer: "two"`)
}

func TestSecretIsNotEchoed(t *testing.T) {
	t.Parallel()
	s := newSession(t, "secret")
	s.sees("Secret: ")
	s.echo(false)
	s.types("123456\n")
	s.reports(`answer: "123456"`)
	if seen := s.sees("\n"); strings.Contains(seen, "1") {
		t.Errorf("the screen shows %q", seen)
	}
	_ = s.child.Wait()
	s.echo(true)
}

func TestConfirmAtTheTerminal(t *testing.T) {
	t.Parallel()
	for keys, want := range map[string]string{"y\n": "true", "YES\n": "true", "\n": "false", "no\n": "false", "what\n y \n": "true"} {
		s := newSession(t, "confirm")
		s.sees("Sure? [y/N] ")
		s.types(keys)
		s.reports("answer: " + want)
	}
}

func TestCtrlCRestoresTheEcho(t *testing.T) {
	t.Parallel()
	s := newSession(t, "secret")
	s.sees("Secret: ")
	s.types("12\x03")
	s.reports("interrupted")
	_ = s.child.Wait()
	s.echo(true)
}

func TestSignalRestoresTheEcho(t *testing.T) {
	t.Parallel()
	s := newSession(t, "secret")
	s.sees("Secret: ")
	_ = s.child.Process.Signal(syscall.SIGTERM)
	s.reports("interrupted")
	_ = s.child.Wait()
	s.echo(true)
}

// After Ctrl-Z and fg the shell has turned the echo on again.
func TestStoppedPromptIsAskedAgain(t *testing.T) {
	t.Parallel()
	s := newSession(t, "secret")
	s.sees("Secret: ")
	_ = s.child.Process.Signal(syscall.SIGSTOP)
	s.setEcho()
	_ = s.child.Process.Signal(syscall.SIGCONT)
	s.sees("Secret: ")
	s.echo(false)
	s.types("123456\n")
	s.reports(`answer: "123456"`)
	_ = s.child.Wait()
	s.echo(true)
}

// setEcho turns the echo on, as a shell does.
func (s *session) setEcho() {
	s.Helper()
	err := control(s.slave, func(fd int) error {
		mode, err := unix.IoctlGetTermios(fd, getTermios)
		if err != nil {
			return err
		}
		return unix.IoctlSetTermios(fd, setTermios, lines(*mode, true))
	})
	if err != nil {
		s.Fatal(err)
	}
}

// A prompt that was given up takes nothing away from the next one.
func TestCancelledReadEnds(t *testing.T) {
	t.Parallel()
	s := newSession(t, "cancel")
	s.sees("Secret: ")
	s.types("half")
	_ = s.child.Process.Signal(syscall.SIGUSR1)
	s.reports("interrupted")
	s.sees("Then: ")
	s.echo(true)
	s.types("\x15whole\n")
	s.reports(`answer: "whole"`)
}

func TestDeadline(t *testing.T) {
	t.Parallel()
	s := newSession(t, "deadline")
	s.reports("error: nobody answered the prompt in time")
}

func TestEndedContextAsksNothing(t *testing.T) {
	t.Parallel()
	s := newSession(t, "ended")
	s.reports("interrupted")
}

func TestNoTerminal(t *testing.T) {
	t.Parallel()
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), asking+"=ask")
	child.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if out, err := child.Output(); string(out) != "open: true\n" {
		t.Errorf("%q, %v", out, err)
	}
}

// In the background a read would stop the process: there is no terminal for
// it, at once.
func TestBackgroundIsNoTerminal(t *testing.T) {
	t.Parallel()
	_, slave := openPTY(t)
	child := exec.Command("/bin/sh", "-c", `set -m; "$0" & wait; true`, os.Args[0])
	child.Env = append(os.Environ(), asking+"=secret")
	child.ExtraFiles = []*os.File{slave}
	child.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true, Ctty: 3}
	out, err := child.Output()
	if !strings.Contains(string(out), "open: true\n") {
		t.Errorf("%q, %v", out, err)
	}
}
