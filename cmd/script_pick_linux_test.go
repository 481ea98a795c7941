package cmd_test

import (
	"errors"
	"fmt"
	"os"
	osexec "os/exec"
	"regexp"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
	"golang.org/x/sys/unix"
)

// atTerminal: `atterminal STATUS STEP… -- COMMAND ARG…` runs a command at a
// terminal, where a person does one STEP after the other: `see REGEXP` (waits
// for it to come), `type TEXT` (with Go's escapes), `size COLUMNSxROWS`,
// `signal NAME` (to whatever has the terminal), `run PROGRAM`. Afterwards the
// terminal must be as a shell wants it. What was on the screen is the file
// "screen".
func atTerminal(ts *testscript.TestScript, _ bool, args []string) {
	var steps []string
	want, args := args[0], args[1:]
	for args[0] != "--" {
		steps, args = append(steps, args[0]), args[1:]
	}
	p := &person{seat: sitDown(ts, append(askedFor(ts), args[1:]...))}
	for _, step := range steps {
		what, text, _ := strings.Cut(step, " ")
		p.do(what, text)
	}
	p.read(func() bool { return false })
	got := 0
	var exit *osexec.ExitError
	if err := p.child.Wait(); errors.As(err, &exit) {
		got = exit.ExitCode()
	}
	screen := p.screen.String()
	ts.Check(os.WriteFile(ts.MkAbs("screen"), []byte(strings.ReplaceAll(screen, "\r\n", "\n")), 0o600))
	ts.Logf("%q", screen)
	if strconv.Itoa(got) != want {
		ts.Fatalf("exit status %d, not %s", got, want)
	}
	p.whole()
	noSecretIn(ts, screen)
}

// askedFor sets what decides whether and how a person is asked.
func askedFor(ts *testscript.TestScript) []string {
	words := []string{"env"}
	for _, name := range []string{"TERM", "NO_COLOR", "CI", "CLAUDECODE", "AWS_PROFILE", "AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"} {
		words = append(words, name+"="+ts.Getenv(name))
	}
	return words
}

// person is someone at a terminal, who has seen a part of what it showed.
type person struct {
	*seat
	seen int
}

func (p *person) do(what, text string) {
	switch what {
	case "see":
		p.see(regexp.MustCompile(text))
	case "type":
		keys, err := strconv.Unquote(`"` + strings.ReplaceAll(text, `"`, `\"`) + `"`)
		p.Check(err)
		_, err = p.keyboard.WriteString(keys)
		p.Check(err)
	case "size":
		var size unix.Winsize
		_, err := fmt.Sscanf(text, "%dx%d", &size.Col, &size.Row)
		p.Check(err)
		p.control(func(fd int) error { return unix.IoctlSetWinsize(fd, unix.TIOCSWINSZ, &size) })
	case "signal":
		p.control(func(fd int) error {
			group, err := unix.IoctlGetInt(fd, unix.TIOCGPGRP)
			if err != nil {
				return err
			}
			return unix.Kill(-group, unix.SignalNum("SIG"+text))
		})
	case "run":
		program := osexec.Command("sh", "-c", text)
		program.Dir, program.Env = p.Getenv("WORK"), scriptEnviron(p.TestScript)
		p.Check(program.Run())
	default:
		p.Fatalf("unknown step %q", what)
	}
}

// see waits for what has not been seen yet.
func (p *person) see(text *regexp.Regexp) {
	found := func() bool { return text.Match(p.screen.Bytes()[p.seen:]) }
	p.read(found)
	if !found() {
		p.Fatalf("it ended without %q: %q", text, p.screen.String()[p.seen:])
	}
	p.seen += text.FindIndex(p.screen.Bytes()[p.seen:])[1]
}

// whole checks that keys are echoed and counted in lines again, that Ctrl-C
// interrupts, and that pastes are not marked.
func (p *person) whole() {
	p.control(func(fd int) error {
		mode, err := unix.IoctlGetTermios(fd, unix.TCGETS)
		if err != nil {
			return err
		}
		if wants := uint32(unix.ECHO | unix.ICANON | unix.ISIG); mode.Lflag&wants != wants || mode.Iflag&unix.ICRNL == 0 {
			return fmt.Errorf("the terminal was left in another mode: %+v", *mode)
		}
		return nil
	})
	screen := p.screen.String()
	if strings.LastIndex(screen, "\x1b[?2004h") > strings.LastIndex(screen, "\x1b[?2004l") {
		p.Fatalf("pastes are still marked")
	}
}

func (p *person) control(do func(fd int) error) {
	raw, err := p.keyboard.SyscallConn()
	p.Check(err)
	p.Check(raw.Control(func(fd uintptr) { err = do(int(fd)) }))
	p.Check(err)
}
