//go:build unix

package exec

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"assume-role/internal/fault"
)

// roleVariable makes the test binary start its arguments as a command, in the
// way that it names, and end as cmd does.
const roleVariable = "TEST_EXEC_ROLE"

func TestMain(m *testing.M) {
	role := os.Getenv(roleVariable)
	if role == "" {
		heedSignals()
		os.Exit(m.Run())
	}
	os.Exit(startAs(role, os.Args[1:]))
}

// heedSignals undoes what nohup and a shell's & leave to the tests: a signal
// that is ignored at the start is ignored by every child, whose traps then do
// nothing. One that is caught here is the default in a child.
func heedSignals() {
	for _, s := range []os.Signal{syscall.SIGHUP, syscall.SIGINT, syscall.SIGQUIT} {
		if signal.Ignored(s) {
			signal.Notify(make(chan os.Signal, 1), s)
		}
	}
}

func startAs(role string, words []string) int {
	env := slices.DeleteFunc(os.Environ(), func(e string) bool { return strings.HasPrefix(e, roleVariable+"=") })
	command, err := Find(words, env)
	status := 0
	if err == nil {
		start := map[string]func(Command, Stdio) (int, error){"become": Become, "run": Run, "guarded": guarded}[role]
		status, err = start(command, Stdio{os.Stdin, os.Stdout, os.Stderr})
	}
	if failed, ok := errors.AsType[*StartError](err); ok {
		fmt.Fprintln(os.Stderr, failed)
		return failed.Status
	}
	return status
}

// guarded runs the command as cmd does.
func guarded(c Command, stdio Stdio) (int, error) {
	NoCoreFile()
	return Run(c, stdio)
}

// roles are both ways to start a command; most of what holds, holds for both.
func roles() []string { return []string{"become", "run"} }

// tool returns the test binary, to start words in that way.
func tool(t *testing.T, role string, words ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	t.Cleanup(cancel)
	cmd := exec.CommandContext(ctx, self, words...)
	cmd.Env = append(os.Environ(), roleVariable+"="+role)
	return cmd
}

// outcome runs a command and returns its output and exit status, that of a
// signal as a shell shows it.
func outcome(t *testing.T, cmd *exec.Cmd) (stdout, stderr string, status int) {
	t.Helper()
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	err := cmd.Run()
	if _, ended := errors.AsType[*exec.ExitError](err); err != nil && !ended {
		t.Fatal(err)
	}
	return out.String(), errs.String(), exitOf(cmd)
}

// exitOf is how a command that was waited for ended.
func exitOf(cmd *exec.Cmd) int { return statusOf(cmd.ProcessState.Sys().(syscall.WaitStatus)) }

func forEachRole(t *testing.T, test func(t *testing.T, role string)) {
	t.Helper()
	t.Parallel()
	for _, role := range roles() {
		t.Run(role, func(t *testing.T) {
			t.Parallel()
			test(t, role)
		})
	}
}

func write(t *testing.T, path, text string, mode os.FileMode) string {
	t.Helper()
	// No other test may start a process while this one has the file open: it would
	// inherit that, and the kernel runs no file that somebody may still write.
	syscall.ForkLock.RLock()
	err := errors.Join(os.WriteFile(path, []byte(text), 0o600), os.Chmod(path, mode))
	syscall.ForkLock.RUnlock()
	if err != nil {
		t.Fatal(err)
	}
	return path
}

func TestStatus(t *testing.T) {
	forEachRole(t, func(t *testing.T, role string) {
		for _, want := range []int{0, 1, 2, 125, 126, 127, 128, 255} {
			if _, _, got := outcome(t, tool(t, role, "sh", "-c", "exit "+strconv.Itoa(want))); got != want {
				t.Errorf("exit %d became %d", want, got)
			}
		}
		for _, s := range []syscall.Signal{syscall.SIGTERM, syscall.SIGKILL, syscall.SIGINT, syscall.SIGHUP, syscall.SIGPIPE} {
			if _, _, got := outcome(t, tool(t, role, "sh", "-c", fmt.Sprintf("kill -%d $$", int(s)))); got != 128+int(s) {
				t.Errorf("%v became %d", s, got)
			}
		}
	})
}

func TestNotStarted(t *testing.T) {
	forEachRole(t, func(t *testing.T, role string) {
		dir := t.TempDir()
		file := filepath.Join(dir, "file")
		plain := write(t, file, "echo x\n", 0o644)
		loop := filepath.Join(dir, "loop")
		if err := os.Symlink("loop", loop); err != nil {
			t.Fatal(err)
		}
		for _, tc := range []struct {
			word   string
			status int
			why    string
		}{
			{"no-such-command-here", 127, "command not found"},
			{dir + "/no/such", 127, "command not found"},
			{"", 127, "command not found"},
			{plain, 126, "not executable"},
			{dir, 126, "folder"},
			{plain + "/x", 126, "not a directory"},
			{loop, 126, "symbolic links"},
			{write(t, filepath.Join(dir, "bad"), "#!/no/such/interpreter\n", 0o755), 127, "interpreter"},
		} {
			out, errs, status := outcome(t, tool(t, role, tc.word))
			if status != tc.status || !strings.Contains(errs, tc.why) || !strings.Contains(errs, strconv.Quote(tc.word)) || strings.Count(errs, "\n") != 1 || out != "" {
				t.Errorf("%q: status %d, %q", tc.word, status, errs)
			}
		}
	})
}

func TestTooLarge(t *testing.T) {
	forEachRole(t, func(t *testing.T, role string) {
		command := Command{Path: "/bin/true", Args: []string{"true"}, Env: []string{"BIG=" + strings.Repeat("x", 3<<20)}}
		start := Run
		if role == "become" {
			start = Become
		}
		status, err := start(command, Stdio{os.Stdin, os.Stdout, os.Stderr})
		if status != StatusCannotRun || err == nil || !strings.Contains(err.Error(), "larger than the system allows") || len(err.Error()) > 200 {
			t.Errorf("status %d, %.200v", status, err)
		}
	})
}

func TestNUL(t *testing.T) {
	t.Parallel()
	for _, c := range []Command{
		{Path: "/bin/true", Args: []string{"true", "a\x00b"}},
		{Path: "/bin/true", Args: []string{"true"}, Env: []string{"A=1", "AWS_SECRET_ACCESS_KEY=canary\x00"}},
	} {
		for _, start := range []func(Command, Stdio) (int, error){Become, Run} {
			status, err := start(c, Stdio{})
			if status != StatusFailed || err == nil || strings.Contains(err.Error(), "canary") || !strings.Contains(err.Error(), "NUL") {
				t.Errorf("status %d, %v", status, err)
			}
		}
	}
}

func TestStartErrorIsAFault(t *testing.T) {
	t.Parallel()
	_, err := Find([]string{"no-such-command-here"}, nil)
	if f, ok := errors.AsType[*fault.Error](err); !ok || f.Message == "" || !errors.Is(err, os.ErrNotExist) {
		t.Errorf("%v", err)
	}
}

// TestSearch: PATH is searched as a shell does, the child's PATH, not ours.
func TestSearch(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	for _, sub := range []string{"a", "b", "c/mine", "shut"} {
		if err := os.MkdirAll(sub, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	write(t, "a/mine", "", 0o644)
	write(t, "b/mine", "", 0o755)
	write(t, "here", "", 0o755)
	for _, tc := range []struct {
		word, path, want string
		status           int
	}{
		{"mine", "a:b", "b/mine", 0},
		{"mine", "c:b/", "b/mine", 0},
		{"mine", dir + "/b:a", dir + "/b/mine", 0},
		{"mine", "a", "", 126},
		{"mine", "c", "", 127},
		{"mine", "/nonexistent:here:c", "", 127},
		{"here", "a:b", "", 127},
		{"here", "a::b", "./here", 0},
		{"here", ".", "./here", 0},
		{"here", "", "./here", 0},
		{"./here", "a", "./here", 0},
		{"b/mine", "", "b/mine", 0},
	} {
		got, err := Find([]string{tc.word}, []string{"PATHX=b", "PATH=" + tc.path, "PATH=b"})
		failed, _ := errors.AsType[*StartError](err)
		if got.Path != tc.want || (failed == nil) != (tc.status == 0) || failed != nil && failed.Status != tc.status {
			t.Errorf("%q in %q: %q, %v", tc.word, tc.path, got.Path, err)
		}
	}
	if got, err := Find([]string{"sh"}, nil); err != nil || got.Path != "/bin/sh" {
		t.Errorf("without PATH: %q, %v", got.Path, err)
	}
}

func TestScriptWithoutInterpreterLine(t *testing.T) {
	forEachRole(t, func(t *testing.T, role string) {
		script := write(t, filepath.Join(t.TempDir(), "script"), "echo \"$# $1 $0\"\n", 0o755)
		out, errs, status := outcome(t, tool(t, role, script, "a b", ""))
		if out != "2 a b "+script+"\n" || status != 0 {
			t.Errorf("%q %q %d", out, errs, status)
		}
	})
}

func TestArgumentsAndEnvironmentArriveAsGiven(t *testing.T) {
	forEachRole(t, func(t *testing.T, role string) {
		words := []string{"", " ", "a b", "'", `"`, "a\nb", "\t", "--", "-x", "*", "$HOME", "`id`", "\\", "ü☃𝄞", "\xff\xfe", "a=b", "%s", strings.Repeat("x", 100_000), ";"}
		out, _, _ := outcome(t, tool(t, role, append([]string{"sh", "-c", `printf '%s\0' "$@"`, "sh"}, words...)...))
		if want := strings.Join(words, "\x00") + "\x00"; out != want {
			t.Errorf("got %.300q", out)
		}
		cmd := tool(t, role, "env", "-0")
		cmd.Env = []string{roleVariable + "=" + role, "PATH=" + os.Getenv("PATH"), "weird.name=x", "NL=a\nb\n", "BAD=\xff", "E="}
		for i := range 2000 {
			cmd.Env = append(cmd.Env, fmt.Sprintf("V%d=%0500d", i, i))
		}
		out, _, _ = outcome(t, cmd)
		if want := strings.Join(cmd.Env[1:], "\x00") + "\x00"; out != want {
			t.Errorf("the environment changed: %d bytes, want %d", len(out), len(want))
		}
	})
}

// TestArgv0: a program that looks at its own name sees what the user typed.
func TestArgv0(t *testing.T) {
	forEachRole(t, func(t *testing.T, role string) {
		if _, err := os.Stat("/proc/self/cmdline"); err != nil {
			t.Skip("no /proc")
		}
		out, _, _ := outcome(t, tool(t, role, "cat", "/proc/self/cmdline"))
		if out != "cat\x00/proc/self/cmdline\x00" {
			t.Errorf("%q", out)
		}
	})
}

// TestSameSurroundings: what a process inherits is what it would have without
// the tool in between.
func TestSameSurroundings(t *testing.T) {
	forEachRole(t, func(t *testing.T, role string) {
		if _, err := os.Stat("/proc/self/status"); err != nil {
			t.Skip("no /proc")
		}
		const probe = "umask; pwd; ulimit -n; ulimit -Hn; grep -e SigIgn -e SigBlk /proc/self/status; nice; ls /proc/self/fd | wc -l"
		const set = "umask 027; cd /usr; ulimit -Sn 256; trap '' HUP INT; exec 5</dev/null; "
		self, err := os.Executable()
		if err != nil {
			t.Fatal(err)
		}
		through := tool(t, role)
		through.Path, _ = exec.LookPath("sh")
		through.Args = []string{"sh", "-c", set + `exec "$0" sh -c "$1"`, self, probe}
		plain := exec.Command("sh", "-c", set+`exec sh -c "$0"`, probe)
		got, errs, _ := outcome(t, through)
		want, _, _ := outcome(t, plain)
		if got != want || want == "" {
			t.Errorf("got\n%s%s\nwant\n%s", got, errs, want)
		}
	})
}

// TestBecomeIsTheProcess: same pid and parent, nothing left of the tool.
func TestBecomeIsTheProcess(t *testing.T) {
	t.Parallel()
	cmd := tool(t, "become", "sh", "-c", "echo $$ $PPID")
	out, _, _ := outcome(t, cmd)
	if want := fmt.Sprintf("%d %d\n", cmd.Process.Pid, os.Getpid()); out != want {
		t.Errorf("%q, want %q", out, want)
	}
}

// TestSignalsReachTheChild: each signal by pid arrives once, whoever holds the
// pid, and the child's own status comes back.
func TestSignalsReachTheChild(t *testing.T) {
	forEachRole(t, func(t *testing.T, role string) {
		const script = `trap 'echo USR1' USR1; trap 'echo HUP' HUP; trap 'echo INT' INT; trap 'echo TERM; exit 7' TERM; echo READY; while :; do sleep 0.01; done`
		cmd := tool(t, role, "sh", "-c", script)
		cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true} // No terminal, so no foreground group.
		pipe, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		read := lineReader(pipe)
		for _, step := range []struct {
			wait string
			send syscall.Signal
		}{{"READY", syscall.SIGUSR1}, {"USR1", syscall.SIGHUP}, {"HUP", syscall.SIGINT}, {"INT", syscall.SIGTERM}, {"TERM", 0}} {
			if got := read(); got != step.wait {
				t.Fatalf("%q, want %q", got, step.wait)
			}
			if err := cmd.Process.Signal(step.send); err != nil && step.send != 0 {
				t.Fatal(err)
			}
		}
		if rest := read(); rest != "" {
			t.Errorf("and then %q", rest)
		}
		_ = cmd.Wait()
		if got := exitOf(cmd); got != 7 {
			t.Errorf("status %d", got)
		}
	})
}

// lineReader returns a function that reads one line, "" at the end.
func lineReader(r interface{ Read([]byte) (int, error) }) func() string {
	return func() string {
		var line []byte
		for b := make([]byte, 1); ; {
			if n, err := r.Read(b); n == 0 || err != nil || b[0] == '\n' {
				return string(line)
			}
			line = append(line, b[0])
		}
	}
}

// TestSIGPIPE is the child's: a reader that leaves early is no error of ours.
func TestSIGPIPE(t *testing.T) {
	forEachRole(t, func(t *testing.T, role string) {
		self, err := os.Executable()
		if err != nil {
			t.Fatal(err)
		}
		cmd := tool(t, role)
		cmd.Path, _ = exec.LookPath("sh")
		cmd.Args = []string{"sh", "-c", `"$0" yes | head -n 1`, self}
		out, errs, status := outcome(t, cmd)
		if out != "y\n" || errs != "" || status != 0 {
			t.Errorf("%q %q %d", out, errs, status)
		}
	})
}

// TestBlockedSignals stay blocked, so that a caller that waits for them with
// sigwait(3) gets what it expects of its children.
func TestBlockedSignals(t *testing.T) {
	forEachRole(t, func(t *testing.T, role string) {
		python, err := exec.LookPath("python3")
		if err != nil || runtime.GOOS != "linux" {
			t.Skip("needs python3 and /proc")
		}
		const block = `import os, signal, sys
signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGALRM, signal.SIGUSR1])
os.execv(sys.argv[1], sys.argv[1:])`
		self, err := os.Executable()
		if err != nil {
			t.Fatal(err)
		}
		cmd := tool(t, role)
		cmd.Path, cmd.Args = python, []string{"python3", "-c", block, self, "grep", "SigBlk", "/proc/self/status"}
		want := fmt.Sprintf("SigBlk:\t%016x\n", 1<<(syscall.SIGALRM-1)|1<<(syscall.SIGUSR1-1))
		if out, errs, _ := outcome(t, cmd); out != want {
			t.Errorf("%q %q, want %q", out, errs, want)
		}
	})
}
