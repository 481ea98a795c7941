package cmd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"assume-role/internal/fault"
	"assume-role/internal/terminal"
	"assume-role/internal/waiting"
)

func newDoctor(a *app) *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:   "doctor",
		Short: "Check the AWS files, key store, clock and way to STS",
		Long: `Check what commands need: the AWS files and how other programs read them, every
profile, modes of files, keys and tokens in plain text, the environment, the key
store, the index of the session cache, the way to STS and the clock. Each
finding says what to do.

Nothing is asked, nothing is unlocked and no profile's credentials are used. The
index of the session cache is corrected; nothing else is changed. The exit
status is 1 when there is an error.`,
		Example: "  assume-role doctor\n  assume-role doctor --json",
		Args:    noArguments,
		RunE:    func(c *cobra.Command, _ []string) error { return a.runDoctor(c.Context(), asJSON) },
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return c
}

// level is how bad a finding is.
type level string

const (
	levelOK      level = "ok"
	levelWarning level = "warning"
	levelError   level = "error"
)

// finding is one line of doctor's report, in the shape of `doctor --json`
// (docs/scripting.md).
type finding struct {
	Check   string `json:"check"`
	Level   level  `json:"level"`
	Message string `json:"message"`
	Fix     string `json:"fix,omitempty"`
}

func fine(format string, args ...any) finding {
	return finding{Level: levelOK, Message: fmt.Sprintf(format, args...)}
}

func warning(fix, format string, args ...any) finding {
	return finding{Level: levelWarning, Message: fmt.Sprintf(format, args...), Fix: fix}
}

// failing is an error as a finding: its advice apart from the rest.
func failing(err error) finding {
	var f *fault.Error
	if !errors.As(err, &f) {
		return finding{Level: levelError, Message: err.Error()}
	}
	said := *f
	said.Hint = ""
	return finding{Level: levelError, Message: said.Error(), Fix: f.Hint}
}

// examinationTime bounds all of doctor.
const examinationTime = 9 * time.Second

func (a *app) runDoctor(ctx context.Context, asJSON bool) error {
	ctx, cancel := context.WithTimeout(ctx, examinationTime)
	defer cancel()
	end := waiting.For(ctx, "checking")
	found, err := examine(ctx, newExamination(ctx, a), checks())
	end()
	if err != nil {
		return err
	}
	if asJSON {
		err = a.printJSON(map[string]any{"findings": found})
	} else {
		err = printFindings(a.host.Out, found, a.screen())
	}
	if err != nil {
		return err
	}
	for _, f := range found {
		if f.Level == levelError {
			return exitStatus(statusFailed)
		}
	}
	return nil
}

// printFindings shows a person a line for each finding, and below it what to
// do; for a program that is the record's last field.
func printFindings(out io.Writer, found []finding, on screen) error {
	return on.write(out,
		func(on screen) string { return findingsForPeople(found, on) },
		func(on screen) string { return findingRecords(found, on) })
}

func findingRecords(found []finding, on screen) string {
	var t table
	for _, f := range found {
		t.rows = append(t.rows, []cell{{text: string(f.Level)}, {text: f.Check}, {text: oneLine(f.Message)}, {text: terminal.Visible(f.Fix)}})
	}
	return t.on(on)
}

// findingsForPeople parts long messages between words. Advice stays on one
// line: it is there to be copied.
func findingsForPeople(found []finding, on screen) string {
	room := messageRoom(found, on)
	var t table
	for _, f := range found {
		lines := filled(oneLine(f.Message), room)
		t.rows = append(t.rows, []cell{{text: string(f.Level), style: f.Level.style()}, {text: f.Check}, {text: lines[0]}})
		for _, line := range lines[1:] {
			t.rows = append(t.rows, []cell{{}, {}, {text: line}})
		}
		if f.Fix != "" {
			t.rows = append(t.rows, []cell{{}, {}, {text: "-> " + terminal.Visible(f.Fix)}})
		}
	}
	return t.on(on)
}

// readable is how many columns a message needs at least to be parted.
const readable = 24

// messageRoom is how many columns the screen has for messages; 0: no limit.
func messageRoom(found []finding, on screen) int {
	level, check := 0, 0
	for _, f := range found {
		level, check = max(level, len(f.Level)), max(check, len(f.Check))
	}
	if room := on.columns - level - check - 2*len(gap); room >= readable {
		return room
	}
	return 0
}

// filled parts a text into lines of at most so many columns, between words; a
// longer word has a line for itself.
func filled(text string, columns int) []string {
	if columns == 0 {
		return []string{text}
	}
	var lines []string
	line, width := "", 0
	for word := range strings.FieldsSeq(text) {
		n := terminal.Width(word)
		switch {
		case line == "":
			line, width = word, n
		case width+1+n > columns:
			lines = append(lines, line)
			line, width = word, n
		default:
			line, width = line+" "+word, width+1+n
		}
	}
	return append(lines, line)
}

// style is the level's colour; its word says the same.
func (l level) style() terminal.Style {
	switch l {
	case levelError:
		return terminal.Red
	case levelWarning:
		return terminal.Yellow
	}
	return terminal.Green
}
