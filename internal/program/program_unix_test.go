//go:build unix

package program

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"assume-role/internal/creds"
)

func output(t *testing.T, line string, limits Limits) (string, string, error) {
	t.Helper()
	var stderr bytes.Buffer
	r := Runner{Stderr: &stderr, Environ: []string{"PATH=" + os.Getenv("PATH"), "A=old", "B=kept"}}
	got, err := r.Output(t.Context(), line, limits, creds.Variable{Name: "A", Value: "new"})
	return got.Reveal(), stderr.String(), err
}

var usual = Limits{Time: time.Minute, Bytes: 1000}

func TestOutputRunsThroughTheShell(t *testing.T) {
	got, stderr, err := output(t, `printf '%s' "$A-$B"; echo "a word" >&2; cat`, usual)
	if err != nil || got != "new-kept" || stderr != "a word\n" {
		t.Errorf("got %q, stderr %q, %v", got, stderr, err)
	}
}

// Where the terminal is another program's, a helper cannot reach it: its session
// has none, its stdin and stderr lead nowhere.
func TestApart(t *testing.T) {
	const line = `(exec </dev/tty) 2>/dev/null && echo a terminal; cat; echo a word >&2; test "$(cut -d' ' -f6 /proc/$$/stat)" = $$ && echo its own session; true`
	if _, err := os.Stat("/proc/self/stat"); err != nil {
		t.Skip("needs /proc")
	}
	pipe, to, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer pipe.Close()
	if _, err := to.WriteString("typed for the command\n"); err != nil {
		t.Fatal(err)
	}
	_ = to.Close()
	for _, tc := range []struct {
		apart        bool
		want, stderr string
	}{{true, "its own session\n", ""}, {false, "typed for the command\n", "a word\n"}} {
		var stderr bytes.Buffer
		r := Runner{Stdin: pipe, Stderr: &stderr, Environ: []string{"PATH=" + os.Getenv("PATH")}, Apart: func() bool { return tc.apart }}
		got, err := r.Output(t.Context(), line, usual)
		if !strings.HasSuffix(got.Reveal(), tc.want) || stderr.String() != tc.stderr || tc.apart && (got.Reveal() != tc.want || err != nil) {
			t.Errorf("apart %v: got %q, stderr %q, %v", tc.apart, got.Reveal(), stderr.String(), err)
		}
	}
}

func TestOutputFails(t *testing.T) {
	for _, tc := range []struct {
		name, line string
		limits     Limits
		want       string
	}{
		{"status", "echo secret; exit 7", usual, "exit status 7"},
		{"no such command", "no-such-command-at-all 2>/dev/null", usual, "exit status 127"},
		{"too slow", "sleep 60", Limits{50 * time.Millisecond, 100}, "within 50ms"},
		{"too much", "yes | head -c 2000", usual, "too much"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got, _, err := output(t, tc.line, tc.limits)
			if err == nil || !strings.Contains(err.Error(), tc.want) || got != "" {
				t.Errorf("got %q, %v; want an error with %q", got, err, tc.want)
			}
		})
	}
}

// A child that keeps the output open must not hold up its caller.
func TestOutputDoesNotWaitForGrandchildren(t *testing.T) {
	got, _, err := output(t, "sleep 60 & echo done", usual)
	if err != nil || got != "done\n" {
		t.Errorf("got %q, %v", got, err)
	}
}

// TestOutputEndsWhatTheShellStarted: a program of the shell's that lived on
// would keep the caller's stderr open, and whoever reads it waiting.
func TestOutputEndsWhatTheShellStarted(t *testing.T) {
	if onTerminal() {
		t.Skip("on a terminal it is Ctrl-C that ends them")
	}
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer read.Close()
	r := Runner{Stderr: write, Environ: []string{"PATH=" + os.Getenv("PATH")}}
	if _, err = r.Output(t.Context(), "sleep 60; true", Limits{Time: 50 * time.Millisecond, Bytes: 10}); err == nil {
		t.Error("a command that is too slow is no error")
	}
	_ = write.Close()
	_ = read.SetReadDeadline(time.Now().Add(20 * time.Second))
	if _, err := read.Read(make([]byte, 1)); !errors.Is(err, io.EOF) {
		t.Errorf("stderr is still open: %v", err)
	}
}

func TestOutputIsInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := Runner{Stderr: &bytes.Buffer{}}.Output(ctx, "sleep 60", usual)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}
