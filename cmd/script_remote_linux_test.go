package cmd_test

import (
	"bytes"
	"errors"
	"html"
	"os"
	osexec "os/exec"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"golang.org/x/sys/unix"
)

// remoteCommands are the scripts' commands for a person at a terminal whose
// browser is on another machine.
func remoteCommands() map[string]func(*testscript.TestScript, bool, []string) {
	return map[string]func(*testscript.TestScript, bool, []string){"remotely": remotely, "atterminal": atTerminal, "tabs": tabs}
}

// seat is a program at a terminal of its own.
type seat struct {
	*testscript.TestScript
	child    *osexec.Cmd
	keyboard *os.File
	screen   bytes.Buffer
}

// remotely: `remotely STATUS TYPED… -- COMMAND ARG…` runs a command at a
// terminal. At each question the person types the next of TYPED: code (what the
// browser shows that they opened elsewhere), half of it, interrupt (Ctrl-C), a
// text, or `run PROGRAM`, for what happens before they type yes. What was on the
// screen is the file "screen" afterwards.
func remotely(ts *testscript.TestScript, _ bool, args []string) {
	var typed []string
	want, args := args[0], args[1:]
	for args[0] != "--" {
		typed, args = append(typed, args[0]), args[1:]
	}
	s := sitDown(ts, args[1:])
	for _, what := range typed {
		s.await()
		s.typeIn(what)
	}
	s.read(func() bool { return false })
	got := 0
	var exit *osexec.ExitError
	if err := s.child.Wait(); errors.As(err, &exit) {
		got = exit.ExitCode()
	}
	screen := strings.ReplaceAll(s.screen.String(), "\r\n", "\n")
	ts.Check(os.WriteFile(ts.MkAbs("screen"), []byte(screen), 0o600))
	ts.Logf("%s", screen)
	if strconv.Itoa(got) != want {
		ts.Fatalf("exit status %d, not %s", got, want)
	}
	noSecretIn(ts, screen)
}

func noSecretIn(ts *testscript.TestScript, screen string) {
	for _, secret := range fake(ts).Secrets() {
		if strings.Contains(screen, secret) {
			ts.Fatalf("a secret is on the screen")
		}
	}
}

// sitDown starts a command with a new terminal as its own.
func sitDown(ts *testscript.TestScript, args []string) *seat {
	master, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY|unix.O_NONBLOCK, 0)
	ts.Check(err)
	ts.Defer(func() { _ = master.Close() })
	ts.Check(unix.IoctlSetPointerInt(int(master.Fd()), unix.TIOCSPTLCK, 0))
	n, err := unix.IoctlGetInt(int(master.Fd()), unix.TIOCGPTN)
	ts.Check(err)
	ts.Check(unix.SetNonblock(int(master.Fd()), true)) // Fd has undone it
	slave, err := os.OpenFile("/dev/pts/"+strconv.Itoa(n), os.O_RDWR|unix.O_NOCTTY, 0)
	ts.Check(err)
	defer slave.Close()
	path, err := osexec.LookPath(args[0])
	ts.Check(err)
	child := osexec.Command(path, args[1:]...)
	child.Dir, child.Env = ts.Getenv("WORK"), append(scriptEnviron(ts), "SSH_CONNECTION=192.0.2.1 1 192.0.2.2 22")
	child.Stdin, child.Stdout, child.Stderr = slave, slave, slave
	child.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true, Ctty: 0}
	ts.Check(child.Start())
	ts.Defer(func() { _ = child.Process.Kill() })
	ts.Check(master.SetReadDeadline(time.Now().Add(30 * time.Second)))
	return &seat{TestScript: ts, child: child, keyboard: master}
}

// read reads the screen until enough, or until the command ends.
func (s *seat) read(enough func() bool) {
	for b := make([]byte, 4096); !enough(); {
		n, err := s.keyboard.Read(b)
		s.screen.Write(b[:n])
		if errors.Is(err, os.ErrDeadlineExceeded) {
			s.Fatalf("nothing more came: %s", s.screen.String())
		}
		if err != nil {
			return
		}
	}
}

// await waits for a question, which is a line without an end, or for a line that
// says what is waited for.
func (s *seat) await() {
	question := regexp.MustCompile(`(: |\] |\? |… 1s\r)$`)
	s.read(func() bool { return question.MatchString(s.screen.String()) })
}

func (s *seat) typeIn(what string) {
	enter := "\r"
	switch {
	case what == "code":
		what = s.code()
	case what == "half":
		what = s.code()[:40]
	case what == "interrupt":
		what, enter = "\x03", ""
	case strings.HasPrefix(what, "run "):
		text := osexec.Command("sh", "-c", what[len("run "):])
		text.Dir, text.Env = s.Getenv("WORK"), scriptEnviron(s.TestScript)
		s.Check(text.Run())
		what = "y"
	}
	_, err := s.keyboard.WriteString(what + enter)
	s.Check(err)
	s.screen.WriteByte('\n') // so that the same question counts again
}

// code is what the browser elsewhere shows.
func (s *seat) code() string {
	address := regexp.MustCompile(`http://\S+/v1/authorize\?\S+`).FindAllString(s.screen.String(), -1)
	if address == nil {
		s.Fatalf("no address: %s", s.screen.String())
	}
	page, err := followLink(address[len(address)-1], "session-0")
	s.Check(err)
	return html.UnescapeString(regexp.MustCompile(`<code id="code">([^<]*)</code>`).FindStringSubmatch(page)[1])
}
