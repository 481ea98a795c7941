package mfa

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"assume-role/internal/fault"
)

// needs skips a test where the machine lacks one of the programs.
func needs(t *testing.T, programs ...string) {
	t.Helper()
	for _, name := range programs {
		if _, err := exec.LookPath(name); err != nil {
			t.Skipf("the program %s is not installed", name)
		}
	}
}

// screen starts an X server of the test's own and returns its name.
func screen(t *testing.T) string {
	t.Helper()
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	server := exec.CommandContext(t.Context(), "Xvfb", "-displayfd", "3", "-screen", "0", "800x600x24")
	server.ExtraFiles = []*os.File{write}
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Wait() }) // it ends with the test's context
	_ = write.Close()
	defer read.Close()
	number, err := bufio.NewReader(read).ReadString('\n')
	if err != nil {
		t.Fatalf("Xvfb does not start: %v", err)
	}
	return ":" + strings.TrimSpace(number)
}

// press has keys pressed again and again until the dialog is answered: a window
// is there some time before it listens.
func press(ctx context.Context, display string, keys ...string) {
	for ctx.Err() == nil {
		find := exec.CommandContext(ctx, "xdotool", "search", "--onlyvisible", "--name", dialogTitle)
		find.Env = []string{"DISPLAY=" + display, "PATH=" + os.Getenv("PATH")}
		if find.Run() == nil {
			typing := exec.CommandContext(ctx, "xdotool", append([]string{"key", "--delay", "20"}, keys...)...)
			typing.Env = find.Env
			_ = typing.Run()
		}
		select {
		case <-time.After(200 * time.Millisecond):
		case <-ctx.Done():
		}
	}
}

// TestRealWindows types into the real programs.
func TestRealWindows(t *testing.T) {
	t.Parallel()
	for _, driver := range []string{"zenity", "kdialog"} {
		t.Run(driver, func(t *testing.T) {
			t.Parallel()
			needs(t, driver, "Xvfb", "xdotool")
			display := screen(t)
			b := newBench(t)
			b.options.Driver, b.options.LookPath = driver, exec.LookPath
			b.options.Getenv = func(string) string { return display }
			b.options.Program.Environ = append(b.options.Program.Environ, "DISPLAY="+display, "HOME="+t.TempDir(), "GTK_A11Y=none", "NO_AT_BRIDGE=1")
			answered := func(keys []string, a *aws) error {
				ctx, cancel := context.WithCancel(t.Context())
				go press(ctx, display, keys...)
				defer cancel()
				return b.with(device(), a)
			}
			a := &aws{takes: "123456"}
			if err := answered([]string{"ctrl+a", "1", "2", "3", "4", "5", "6", "Return"}, a); err != nil {
				t.Errorf("typed: %v, sent %q", err, a.sent)
			}
			if err := answered([]string{"Escape"}, &aws{}); err != fault.ErrInterrupted {
				t.Errorf("cancelled: %v", err)
			}
			b.options.Program.Environ = []string{"DISPLAY=:7777", "PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir()}
			b.says(b.with(device(), &aws{}), driver+" gave no code", "isplay")
		})
	}
}

// A window does not outlive the process that asked, however that ends.
func TestWindowDiesWithItsProcess(t *testing.T) {
	t.Parallel()
	b, asked := standIn(t, "zenity", `echo "pid $$" >> $ASKED; exec sleep 60`)
	path, _ := b.options.LookPath("zenity")
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), realWindow+"="+path, "MFA_TEST_LOCKS="+t.TempDir())
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	window := ""
	for give := time.Now().Add(time.Minute); window == "" && time.Now().Before(give); time.Sleep(time.Millisecond) {
		if lines := asked(); strings.HasPrefix(lines[len(lines)-1], "pid ") {
			window = strings.TrimPrefix(lines[len(lines)-1], "pid ")
		}
	}
	_ = child.Process.Kill()
	_ = child.Wait()
	for give := time.Now().Add(10 * time.Second); running(window); time.Sleep(time.Millisecond) {
		if time.Now().After(give) {
			t.Fatal("the window is still there")
		}
	}
	if window == "" {
		t.Error("no window was shown")
	}
}

// Nor does what the window's program has started: Ctrl-C ends all of it.
func TestInterruptEndsWhatTheWindowStarted(t *testing.T) {
	t.Parallel()
	b, asked := standIn(t, "kdialog", `sleep 60 & echo "pid $!" >> $ASKED; wait`)
	ctx, cancel := context.WithCancel(t.Context())
	started := make(chan string, 1)
	go func() {
		defer cancel()
		for lines := asked(); ctx.Err() == nil; lines = asked() {
			if pid, ok := strings.CutPrefix(lines[len(lines)-1], "pid "); ok {
				started <- pid
				return
			}
		}
	}()
	if err := b.codes().WithCode(ctx, atAWS, device(), (&aws{}).try); err != fault.ErrInterrupted {
		t.Errorf("got %v", err)
	}
	pid := <-started
	for give := time.Now().Add(10 * time.Second); running(pid); time.Sleep(time.Millisecond) {
		if time.Now().After(give) {
			t.Fatal("it still runs")
		}
	}
}

// running reports whether there is a process of that number that has not ended.
func running(pid string) bool {
	stat, err := os.ReadFile("/proc/" + pid + "/stat")
	_, state, _ := strings.Cut(string(stat), ") ")
	return pid != "" && err == nil && !strings.HasPrefix(state, "Z")
}

// TestRealPinentries types at a terminal, which script(1) provides.
func TestRealPinentries(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"pinentry-tty", "pinentry-curses"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			needs(t, name, "script")
			path, _ := exec.LookPath(name)
			for typed, want := range map[string]string{"123456\r": "sent 123456", "\x03": "failed: true"} {
				if seen := atTerminal(t, path, typed, "sent ", "failed:"); !strings.Contains(seen, want) || !strings.Contains(seen, "mfa/alice") {
					t.Errorf("%q typed: %q", typed, seen)
				}
			}
		})
	}
}

// atTerminal runs the child at a terminal, types until one of the words is on
// it, and returns what was shown.
func atTerminal(t *testing.T, pinentry, typed string, words ...string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	command := exec.CommandContext(ctx, "script", "-qefc", os.Args[0], "/dev/null")
	command.Env = append(os.Environ(), realPinentry+"="+pinentry, "MFA_TEST_LOCKS="+t.TempDir())
	keyboard, err := command.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	var seen shown
	command.Stdout = &seen
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- command.Wait() }()
	for ctx.Err() == nil && len(ended) == 0 && !seen.any(words...) {
		if seen.any("MFA code") {
			_, _ = io.WriteString(keyboard, typed)
		}
		time.Sleep(100 * time.Millisecond)
	}
	_ = keyboard.Close()
	<-ended
	return seen.text()
}

// shown is a terminal's screen.
type shown struct {
	mu    sync.Mutex
	bytes bytes.Buffer
}

func (s *shown) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.bytes.Write(p)
}

func (s *shown) text() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.bytes.String()
}

func (s *shown) any(words ...string) bool {
	for _, word := range words {
		if strings.Contains(s.text(), word) {
			return true
		}
	}
	return false
}
