//go:build unix

package mfa

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"assume-role/internal/fault"
	"assume-role/internal/profile"
)

// script is a device whose mfa_process is a shell script; %s is a file that
// counts its runs.
func script(t *testing.T, text string) (d profile.Device, runs func() int) {
	t.Helper()
	log := filepath.Join(t.TempDir(), "runs")
	d = device()
	d.Process.Text = "echo run >> " + log + "\nn=$(wc -l < " + log + ")\n" + text
	return d, func() int {
		data, _ := os.ReadFile(log)
		return bytes.Count(data, []byte("\n"))
	}
}

func TestProcessRunsOnceACode(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	d, runs := script(t, `printf '%06d\n' $n`)
	a := &aws{takes: "000001"}
	if err := b.with(d, a); err != nil || runs() != 1 || len(b.person.prompts) != 0 {
		t.Errorf("%v, %d runs", err, runs())
	}
	a.takes = "000003"
	if err := b.with(d, a); err != nil || runs() != 3 || len(b.slept) != 0 {
		t.Errorf("%v, %d runs, slept %v", err, runs(), b.slept)
	}
	if !cmp.Equal(a.sent, []string{"000001", "000002", "000003"}) {
		t.Errorf("sent %q", a.sent)
	}
}

func TestProcessKnowsItsDevice(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	var said bytes.Buffer
	b.options.Program.Stderr = &said
	b.options.Program.Environ = append(b.options.Program.Environ, "MARK=1")
	d, _ := script(t, `echo "$ASSUME_ROLE_MFA_SERIAL $ASSUME_ROLE_PROFILE $MARK" >&2; printf ' \t123456\r\n\n'`)
	if err := b.with(d, &aws{takes: "123456"}); err != nil {
		t.Error(err)
	}
	if want := "arn:aws:iam::1:mfa/alice dev 1\n"; said.String() != want {
		t.Errorf("stderr %q", said.String())
	}
}

func TestFailedProcessFallsToThePrompt(t *testing.T) {
	t.Parallel()
	for text, word := range map[string]string{
		"exit 3":                           "exit status 3",
		"echo 12345":                       "6 digits",
		"true":                             "6 digits",
		"echo 123456; exit 1":              "exit status 1",
		"no-such-command-here 2>/dev/null": "exit status 127",
		"yes 1234567890":                   "too much",
	} {
		b := newBench(t, "654321")
		d, runs := script(t, strings.Replace(text, "yes", "yes | head -c 100000; echo", 1))
		if err := b.with(d, &aws{takes: "654321"}); err != nil || runs() != 1 {
			t.Errorf("%s: %v, %d runs", text, err, runs())
		}
		if len(b.notes) != 1 || !strings.Contains(b.notes[0], "mfa_process") || !strings.Contains(b.notes[0], word) || !strings.Contains(b.notes[0], "config:3") {
			t.Errorf("%s: notes %q", text, b.notes)
		}
		b.options.NoPrompt = true
		b.says(b.with(d, &aws{}), "mfa_process", word, "dev")
	}
}

// An authenticator shows one code for 30 seconds: the program is run again for
// the next one.
func TestProcessWaitsForTheNextCode(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	d, runs := script(t, `if [ $n -lt 3 ]; then echo 111111; else echo 222222; fi`)
	if err := b.with(d, &aws{takes: "111111"}); err != nil {
		t.Fatal(err)
	}
	a := &aws{takes: "222222"}
	if err := b.with(d, a); err != nil || runs() != 3 || !cmp.Equal(a.sent, []string{"222222"}) {
		t.Errorf("%v, %d runs, sent %q", err, runs(), a.sent)
	}
	if !cmp.Equal(b.slept, []time.Duration{20 * time.Second}) || len(b.notes) != 1 || !strings.Contains(b.notes[0], wasUsed) {
		t.Errorf("slept %v, notes %q", b.slept, b.notes)
	}
}

func TestProcessThatNeverChangesEnds(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	d, _ := script(t, `echo 111111`)
	b.options.Now = func() time.Time { return b.now.Truncate(time.Hour) }
	a := &aws{takes: "none"}
	b.says(b.with(d, a), "no usable code")
	if len(a.sent) != 1 {
		t.Errorf("sent %q", a.sent)
	}
}

func TestInterruptedProcess(t *testing.T) {
	t.Parallel()
	b := newBench(t, "123456")
	d, runs := script(t, `exec sleep 600`)
	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		for runs() == 0 {
			time.Sleep(time.Millisecond)
		}
		cancel()
	}()
	a := &aws{}
	if err := b.codes().WithCode(ctx, atAWS, d, a.try); err != fault.ErrInterrupted || len(b.person.prompts) != 0 {
		t.Errorf("%v, prompts %q", err, b.person.prompts)
	}
}
