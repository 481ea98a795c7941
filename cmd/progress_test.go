package cmd

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// watchedScreen is a progress whose screen is a text.
func watchedScreen(columns int) (*progress, *strings.Builder) {
	screen := &strings.Builder{}
	return &progress{to: screen, seen: func() bool { return true }, columns: func() int { return columns }}, screen
}

func counting(what string) func(time.Duration) string {
	return func(lasted time.Duration) string { return fmt.Sprintf("%s %ds", what, int(lasted.Seconds())) }
}

// wiped is what is left of a line: blanks over all of it.
func wiped(columns int) string { return "\r" + strings.Repeat(" ", columns) + "\r" }

func TestProgressWaitsASecond(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p, screen := watchedScreen(0)
		end := p.Begin(counting("calling"))
		time.Sleep(999 * time.Millisecond)
		synctest.Wait()
		end()
		time.Sleep(time.Minute)
		if screen.Len() > 0 || p.timer != nil {
			t.Errorf("shown: %q, a timer is left: %v", screen, p.timer != nil)
		}
	})
}

func TestProgressIsWrittenOverAndGone(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p, screen := watchedScreen(0)
		end := p.Begin(counting("calling"))
		time.Sleep(2100 * time.Millisecond)
		synctest.Wait()
		end()
		end()
		if diff := cmp.Diff("\rcalling 1s\r\rcalling 2s\r"+wiped(10), screen.String()); diff != "" {
			t.Error(diff)
		}
	})
}

// TestProgressOfSeveral: the outermost wait says the most; when it ends, the
// next one is shown, and a shorter line leaves nothing of a longer one.
func TestProgressOfSeveral(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p, screen := watchedScreen(0)
		outer := p.Begin(func(time.Duration) string { return "checking" })
		inner := p.Begin(func(time.Duration) string { return "sts" })
		time.Sleep(1100 * time.Millisecond)
		synctest.Wait()
		outer()
		time.Sleep(time.Second)
		synctest.Wait()
		inner()
		if diff := cmp.Diff("\rchecking\r\rsts     \r"+wiped(3), screen.String()); diff != "" {
			t.Error(diff)
		}
	})
}

func TestProgressFitsTheScreen(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p, screen := watchedScreen(8)
		end := p.Begin(func(time.Duration) string { return "生产环境\x1b[2J" })
		time.Sleep(1100 * time.Millisecond)
		synctest.Wait()
		end()
		if diff := cmp.Diff("\r生产环…\r"+wiped(7), screen.String()); diff != "" {
			t.Error(diff)
		}
	})
}

// TestProgressStandsBack: it is gone before anything else is written, stays
// away while somebody has the screen, and comes back.
func TestProgressStandsBack(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p, screen := watchedScreen(0)
		end := p.Begin(func(time.Duration) string { return "waiting" })
		time.Sleep(1100 * time.Millisecond)
		synctest.Wait()
		fmt.Fprint(&beside{screen, p}, "a note\n")
		time.Sleep(time.Second)
		synctest.Wait()
		release := p.hold()
		screen.WriteString("Code: ")
		time.Sleep(time.Minute)
		synctest.Wait()
		screen.WriteString("\n")
		release()
		release()
		time.Sleep(time.Second)
		synctest.Wait()
		end()
		want := "\rwaiting\r" + wiped(7) + "a note\n" + "\rwaiting\r" + wiped(7) + "Code: \n" + "\rwaiting\r" + wiped(7)
		if diff := cmp.Diff(want, screen.String()); diff != "" {
			t.Error(diff)
		}
	})
}

func TestProgressThatNobodySees(t *testing.T) {
	t.Parallel()
	for name, host := range map[string]Host{
		"a pipe":          {},
		"a dumb terminal": {ErrTerminal: true, Environ: []string{"TERM=dumb"}},
		"quiet":           {ErrTerminal: true, Environ: []string{"TERM=xterm", "ASSUME_ROLE_QUIET=true", "HOME=" + t.TempDir()}},
	} {
		synctest.Test(t, func(t *testing.T) {
			screen := &strings.Builder{}
			host.Err = screen
			a := newApp(host)
			end := a.progress.Begin(counting("calling"))
			time.Sleep(time.Minute)
			synctest.Wait()
			end()
			if screen.Len() > 0 {
				t.Errorf("%s: %q", name, screen)
			}
		})
	}
}

// TestProgressLeavesAnothersTerminalAlone: from the moment that another program
// has it.
func TestProgressLeavesAnothersTerminalAlone(t *testing.T) {
	t.Parallel()
	a := newApp(Host{ErrTerminal: true, Environ: []string{"TERM=xterm", "HOME=" + t.TempDir()}, GOOS: "linux"})
	a.terminal.giveUp()
	if a.watched() {
		t.Error("it would write over what another program shows")
	}
}

func TestPassing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p, screen := watchedScreen(0)
		a := newApp(Host{ErrTerminal: true, Environ: []string{"TERM=xterm", "HOME=" + t.TempDir()}, GOOS: "linux"})
		p.seen, a.progress = a.watched, p
		say := a.passing()
		say("30 s")
		time.Sleep(1100 * time.Millisecond)
		synctest.Wait()
		say("29 s")
		time.Sleep(time.Second)
		synctest.Wait()
		say("")
		say("")
		if diff := cmp.Diff("\r30 s\r\r29 s\r"+wiped(4), screen.String()); diff != "" {
			t.Error(diff)
		}
	})
}

// TestPassingUnseen: the first line is a note, and only that.
func TestPassingUnseen(t *testing.T) {
	t.Parallel()
	var stderr strings.Builder
	a := newApp(Host{Err: &stderr, Environ: []string{"HOME=" + t.TempDir()}, GOOS: "linux"})
	say := a.passing()
	for _, text := range []string{"", "30 s", "29 s", "", "12 s", ""} {
		say(text)
	}
	if got := stderr.String(); got != "assume-role: 30 s\n" {
		t.Errorf("%q", got)
	}
}
