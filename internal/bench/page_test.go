package bench

import (
	"flag"
	"fmt"
	"os"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"
)

var update = flag.Bool("update", false, "write the figures into docs/performance.md")

const page = "../../docs/performance.md"

// The marks between which the page's figures stand.
const (
	figuresBegin = "<!-- figures of make bench -->\n"
	figuresEnd   = "<!-- end of figures -->\n"
)

func writeFigures(t *testing.T, table string) {
	t.Helper()
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	written, ok := between(string(text), table)
	if !ok {
		t.Fatalf("%s has no place for figures", page)
	}
	if err := os.WriteFile(page, []byte(written), 0o644); err != nil {
		t.Fatal(err)
	}
}

// between puts the table where the marks are.
func between(text, table string) (string, bool) {
	before, rest, begun := strings.Cut(text, figuresBegin)
	_, after, ended := strings.Cut(rest, figuresEnd)
	return before + figuresBegin + table + figuresEnd + after, begun && ended
}

// machine says when and where figures are taken, and how busy it is there.
func machine(now time.Time) string {
	load := ""
	if text, err := os.ReadFile("/proc/loadavg"); err == nil {
		load = ", load " + strings.Fields(string(text))[0]
	}
	return fmt.Sprintf("%s, %s on %d cores%s.", now.UTC().Format("2006-01-02 15:04 MST"), runtime.GOOS, runtime.NumCPU(), load)
}

// pageTable is the report as the page has it.
func (f figures) pageTable(all []budget, where string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "\n%s `true` took %.2f ms, a Go program that does nothing %.2f ms.\n\n", where, f[child].least, f[nothing].least)
	b.WriteString("| run | measured | compared with | used | budget | |\n| --- | --- | --- | --- | --- | --- |\n")
	for _, budget := range all {
		run := f[budget.run]
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s |\n", budget.run, run.said(run.least), budget.comparison(), f.saidOf(budget), budget.said(budget.limit), f.verdict(budget))
	}
	return b.String() + "\n"
}

// pageStartup is the start-up report as the page has it.
func pageStartup(costs []initCost, most int) string {
	var b strings.Builder
	b.WriteString("| before `main` | ms | bytes | allocations |\n| --- | --- | --- | --- |\n")
	for _, row := range startupRows(costs, most) {
		fmt.Fprintf(&b, "| %s | %.3f | %s | %s |\n", row.pkg, row.clock, grouped(row.bytes), grouped(row.allocs))
	}
	return b.String() + "\n"
}

// TestPageHasFigures: what is written over is there, and has a row of each budget.
func TestPageHasFigures(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := between(string(text), ""); !ok {
		t.Fatalf("%s has no marks for figures", page)
	}
	for _, b := range budgets(t) {
		row := regexp.MustCompile(`(?m)^\| ` + regexp.QuoteMeta(b.run) + ` \|.*\| ` + regexp.QuoteMeta(b.said(b.limit)) + ` \| [A-Za-z ]+ \|$`)
		if !row.Match(text) {
			t.Errorf("%s has no figure of %q with its budget of %s", page, b.run, b.said(b.limit))
		}
	}
}

func TestFiguresAreWrittenBetweenMarks(t *testing.T) {
	t.Parallel()
	got, ok := between("a\n"+figuresBegin+"old\n"+figuresEnd+"b\n", "new\n")
	if want := "a\n" + figuresBegin + "new\n" + figuresEnd + "b\n"; got != want || !ok {
		t.Errorf("%q, %v", got, ok)
	}
	if _, ok := between("a\n", "new\n"); ok {
		t.Error("a page without marks was written")
	}
	startup := pageStartup([]initCost{{"github.com/aws/x", 0.5, 1000, 7}, {"os", 0.25, 8, 1}}, 1)
	for _, row := range []string{"| github.com/aws/x | 0.500 | 1,000 | 7 |", "| of all, AWS SDK | 0.500 | 1,000 | 7 |", "| all 2 packages | 0.750 | 1,008 | 8 |"} {
		if !strings.Contains(startup, row+"\n") || strings.Contains(startup, "| os |") {
			t.Errorf("no %q in\n%s", row, startup)
		}
	}
	f := figures{child: only(1, "ms"), nothing: only(2, "ms"), "version": only(3, "ms")}
	table := f.pageTable([]budget{{"version", child, 2, overTrue}, {"warm exec", child, 2, overTrue}}, "here")
	for _, line := range []string{
		"here `true` took 1.00 ms, a Go program that does nothing 2.00 ms.",
		"| version | 3.00 ms | beyond true | 2.0 ×, 2.00 ms | 2.0 × | held |",
		"| warm exec | - | beyond true |  | 2.0 × | not measured |",
	} {
		if !strings.Contains(table, line+"\n") {
			t.Errorf("no %q in\n%s", line, table)
		}
	}
}
