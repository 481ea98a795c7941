package bench

import (
	"fmt"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// unit says how a limit is meant.
type unit string

// The units of budgets.txt.
const (
	// overTrue is the time beyond another run, in multiples of that of true(1).
	overTrue unit = "true"
	// times is a multiple of another run.
	times  unit = "times"
	allocs unit = "allocs"
	memory unit = "MB"
	bytes  unit = "bytes"
)

// compares says that such a limit needs something to compare with.
func (u unit) compares() bool { return u == overTrue || u == times }

// budget is what a run may cost.
type budget struct {
	run string
	// against is another run; empty where the unit compares with nothing.
	against string
	limit   float64
	unit    unit
}

// readBudgets reads budgets.txt.
func readBudgets(text string) ([]budget, error) {
	var all []budget
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		b, err := readBudget(line)
		if err != nil {
			return nil, fmt.Errorf("%q: %w", line, err)
		}
		all = append(all, b)
	}
	return all, nil
}

func readBudget(line string) (budget, error) {
	fields := strings.Split(line, "|")
	if len(fields) != 3 {
		return budget{}, fmt.Errorf("%d columns instead of 3", len(fields))
	}
	number, word, _ := strings.Cut(strings.TrimSpace(fields[2]), " ")
	limit, err := strconv.ParseFloat(number, 64)
	b := budget{strings.TrimSpace(fields[0]), strings.TrimSpace(fields[1]), limit, unit(word)}
	switch b.unit {
	case overTrue, times, allocs, memory, bytes:
	default:
		return b, fmt.Errorf("unknown unit %q", word)
	}
	switch {
	case err != nil:
		return b, err
	case b.run == "":
		return b, fmt.Errorf("no run")
	case b.unit.compares() != (b.against != ""):
		return b, fmt.Errorf("a limit in %s is compared with %q", b.unit, b.against)
	}
	return b, nil
}

func budgets(t *testing.T) []budget {
	t.Helper()
	text, err := os.ReadFile("budgets.txt")
	if err != nil {
		t.Fatal(err)
	}
	all, err := readBudgets(string(text))
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// said is a limit, or what was used of one, as people read it.
func (b budget) said(value float64) string {
	switch b.unit {
	case overTrue, times:
		return strconv.FormatFloat(value, 'f', 1, 64) + " ×"
	case memory:
		return strconv.FormatFloat(value, 'f', 1, 64) + " MB"
	}
	return grouped(int(value)) + " " + string(b.unit)
}

// grouped writes 14000000 as 14,000,000.
func grouped(n int) string {
	digits := strconv.Itoa(n)
	for i := len(digits) - 3; i > 0 && digits[i-1] != '-'; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}

// comparison says what a run is compared with.
func (b budget) comparison() string {
	switch {
	case b.unit == times:
		return "multiple of " + b.against
	case b.against == atAll:
		return "all of its time"
	case b.unit == overTrue:
		return "beyond " + b.against
	}
	return ""
}

// usualTrue is the time of true(1), in ms, where the budgets were set.
const usualTrue = 0.7

// about is a limit as the time that it was there.
func (b budget) about() string {
	if b.unit != overTrue {
		return ""
	}
	return strconv.FormatFloat(b.limit*usualTrue, 'f', 1, 64) + " ms"
}

// row is the budget as CONTRIBUTING.md has it.
func (b budget) row() string {
	return fmt.Sprintf("| %s | %s | %s | %s |", b.run, b.comparison(), b.said(b.limit), b.about())
}

// TestContributingQuotesBudgets keeps the page and the file the same.
func TestContributingQuotesBudgets(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../CONTRIBUTING.md")
	if err != nil {
		t.Fatal(err)
	}
	table := regexp.MustCompile(`(?m)^\| run \| compared with \| at most \| about \|\n\| --- \| --- \| --- \| --- \|\n((?:\|.*\|\n)*)`).FindSubmatch(page)
	var want strings.Builder
	for _, b := range budgets(t) {
		want.WriteString(b.row() + "\n")
	}
	if table == nil || string(table[1]) != want.String() {
		t.Errorf("CONTRIBUTING.md has\n%s\nbut the budgets are\n%s", table, want.String())
	}
}

func TestBadBudgetsAreRefused(t *testing.T) {
	t.Parallel()
	for line, reason := range map[string]string{
		"version | true":             "2 columns",
		"version | true | 2 hours":   "unknown unit",
		"version | true | two true":  "invalid syntax",
		"version | | 2 true":         "compared with",
		"version | true | 2 bytes":   "compared with",
		" | true | 2 true":           "no run",
		"version | true | 2":         "unknown unit",
		"version | true | 2 true | ": "4 columns",
	} {
		if got, err := readBudgets("# a comment\n\n" + line); err == nil || !strings.Contains(err.Error(), reason) {
			t.Errorf("%s: %+v, %v", line, got, err)
		}
	}
}

func TestGrouped(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1,000", 14_000_000: "14,000,000", -100: "-100", -1000: "-1,000"} {
		if got := grouped(n); got != want {
			t.Errorf("%d: %s", n, got)
		}
	}
}
