//go:build unix

package browser

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

const address = "https://example.com/start"

// program makes a script that is a browser; $LOG is what it writes to.
func program(t *testing.T, name, script string) (path, log string) {
	t.Helper()
	dir := t.TempDir()
	path, log = filepath.Join(dir, name), filepath.Join(dir, "log")
	// No other test may start a process while this one has the file open: it would
	// inherit that, and the kernel runs no file that somebody may still write.
	syscall.ForkLock.RLock()
	err := os.WriteFile(path, []byte("#!/bin/sh\nLOG='"+log+"'\n"+script), 0o700)
	syscall.ForkLock.RUnlock()
	if err != nil {
		t.Fatal(err)
	}
	return path, log
}

func written(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestOpen(t *testing.T) {
	t.Parallel()
	path, log := program(t, "browser", `printf '%s\n' "$@" "${AWS_SESSION_TOKEN-none}" "$DISPLAY" > "$LOG"`)
	o := Opener{Setting: path + " --new", GOOS: "linux", Environ: []string{"AWS_SESSION_TOKEN=secret", "DISPLAY=:7"}}
	if err := o.Usable(); err != nil {
		t.Error(err)
	}
	if err := o.Open(t.Context(), address); err != nil {
		t.Fatal(err)
	}
	if got := written(t, log); got != "--new\n"+address+"\nnone\n:7\n" {
		t.Errorf("%q", got)
	}
}

// TestNextBrowser: one that is missing or fails leaves it to the next.
func TestNextBrowser(t *testing.T) {
	t.Parallel()
	bad, _ := program(t, "bad", "exit 3")
	good, log := program(t, "good", `echo "$1" > "$LOG"`)
	o := Opener{GOOS: "linux", Environ: []string{"BROWSER=/no/such/browser:" + bad + ":" + good}}
	if err := o.Open(t.Context(), address); err != nil || written(t, log) != address+"\n" {
		t.Errorf("%v", err)
	}
	o.Environ = []string{"BROWSER=" + bad}
	if err := o.Open(t.Context(), address); err == nil || !strings.Contains(err.Error(), "bad: exit status 3") {
		t.Errorf("%v", err)
	}
	text := filepath.Join(t.TempDir(), "text")
	if err := os.WriteFile(text, []byte("\x7fELF no"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := (Opener{Setting: text, GOOS: "linux"}).Open(t.Context(), address); err == nil || !strings.Contains(err.Error(), "cannot be started") {
		t.Errorf("%v", err)
	}
}

func TestNoBrowser(t *testing.T) {
	t.Parallel()
	for _, o := range []Opener{{}, {GOOS: "linux"}, {Setting: "/no/such/browser", GOOS: "linux", Environ: []string{"BROWSER=true"}}} {
		if err := o.Usable(); !errors.Is(err, ErrNone) {
			t.Errorf("%+v: %v", o, err)
		}
		if err := o.Open(t.Context(), address); !errors.Is(err, ErrNone) {
			t.Errorf("%+v: %v", o, err)
		}
	}
}

// TestOpenRefuses what a program could take for something else.
func TestOpenRefuses(t *testing.T) {
	t.Parallel()
	path, log := program(t, "browser", `echo > "$LOG"`)
	if err := (Opener{Setting: path, GOOS: "linux"}).Open(t.Context(), "--version"); err == nil {
		t.Error("no error")
	}
	if _, err := os.Stat(log); err == nil {
		t.Error("it was started")
	}
}

// TestOpenDoesNotWait for a browser that runs on, nor after Ctrl-C.
func TestOpenDoesNotWait(t *testing.T) {
	t.Parallel()
	path, log := program(t, "browser", `echo $$ > "$LOG"; exec sleep 60`)
	o := Opener{Setting: path, GOOS: "linux", Environ: []string{"PATH=" + os.Getenv("PATH")}}
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	if err := o.Open(ctx, address); err != nil {
		t.Errorf("%v", err)
	}
	pid, _ := strconv.Atoi(strings.TrimSpace(written(t, log)))
	t.Cleanup(func() { _ = unix.Kill(pid, unix.SIGKILL) })
	if session, err := unix.Getsid(pid); session != pid {
		t.Errorf("the terminal's Ctrl-C reaches it: process %d is in session %d: %v", pid, session, err)
	}
	cancel()
	if err := o.Open(ctx, address); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}
