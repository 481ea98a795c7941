package exec

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// openPTY returns both ends of a new terminal.
func openPTY(t *testing.T) (master, slave *os.File) {
	t.Helper()
	master, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		t.Skipf("no terminals here: %v", err)
	}
	t.Cleanup(func() { _ = master.Close() })
	number, err := unix.IoctlGetInt(int(master.Fd()), unix.TIOCGPTN)
	if err != nil {
		t.Fatal(err)
	}
	if err := unix.IoctlSetPointerInt(int(master.Fd()), unix.TIOCSPTLCK, 0); err != nil {
		t.Fatal(err)
	}
	slave, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	return pollable(t, master), slave
}

// pollable is the file again, in a form whose reads end when it is closed.
func pollable(t *testing.T, f *os.File) *os.File {
	t.Helper()
	fd, err := unix.FcntlInt(f.Fd(), unix.F_DUPFD_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	if err := unix.SetNonblock(fd, true); err != nil {
		t.Fatal(err)
	}
	again := os.NewFile(uintptr(fd), f.Name())
	t.Cleanup(func() { _ = again.Close() })
	_ = f.Close()
	return again
}

// TestTerminal: keys reach the child once, the child is in the foreground and
// reads the terminal, and SIGTERM by pid reaches it too.
func TestTerminal(t *testing.T) {
	forEachRole(t, func(t *testing.T, role string) {
		// A signal that comes just before bash's read blocks is noticed when the
		// read ends only: so it ends now and then.
		const script = `trap 'echo INT' INT; trap 'echo QUIT' QUIT; trap 'echo TERM' TERM; echo READY; until read -t 0.2 x; do :; done; echo "GOT $x"; exit 9`
		master, slave := openPTY(t)
		cmd := tool(t, role, "bash", "--norc", "-c", script)
		cmd.Stdin, cmd.Stdout, cmd.Stderr = slave, slave, slave
		cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		_ = slave.Close()
		screen := &screen{t: t, file: master}
		screen.expect("READY")
		screen.press("\x03")
		screen.expect("INT")
		screen.press("\x1c")
		screen.expect("QUIT")
		if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
			t.Fatal(err)
		}
		screen.expect("TERM")
		screen.press("hello\n")
		screen.expect("GOT hello")
		_ = cmd.Wait()
		if got := exitOf(cmd); got != 9 {
			t.Errorf("status %d", got)
		}
		for _, once := range []string{"INT\r\n", "QUIT\r\n", "TERM\r\n"} {
			if n := strings.Count(screen.seen, once); n != 1 {
				t.Errorf("%q %d times in %q", once, n, screen.seen)
			}
		}
	})
}

// screen is what a terminal shows.
type screen struct {
	t    *testing.T
	file *os.File
	seen string
}

func (s *screen) press(keys string) {
	s.t.Helper()
	if _, err := s.file.WriteString(keys); err != nil {
		s.t.Fatal(err)
	}
}

// expect reads until the line is on the screen.
func (s *screen) expect(line string) {
	s.t.Helper()
	s.expectPart(line + "\r\n")
}

// expectPart reads until the text is.
func (s *screen) expectPart(text string) {
	s.t.Helper()
	timeout := time.AfterFunc(30*time.Second, func() { _ = s.file.Close() })
	defer timeout.Stop()
	for b := make([]byte, 1024); !strings.Contains(s.seen, text); {
		n, err := s.file.Read(b)
		s.seen += string(b[:n])
		if err != nil && !errors.Is(err, unix.EINTR) {
			s.t.Fatalf("%v before %q, after %q", err, text, s.seen)
		}
	}
}
