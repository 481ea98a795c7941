package bench

import (
	"flag"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"assume-role/internal/awsfake"
)

// turns is how often each program runs; the median counts.
const turns = 60

// Names of the two programs that the tool is compared with.
const (
	nothing = "a Go program that does nothing"
	child   = "true"
)

var measured = flag.String("measure", "", "measure this `binary` and hold the budgets")

// TestBudgets measures and holds the budgets. A budget that is broken is
// measured once more: a busy machine breaks it once, slow code twice.
func TestBudgets(t *testing.T) {
	if *measured == "" {
		t.Skip("run by make bench, which passes -measure")
	}
	programs := warmPrograms(t, *measured)
	medians := measure(t, programs, turns)
	if len(broken(medians)) > 0 {
		t.Log("a budget is broken: measured once more")
		medians = measure(t, programs, 2*turns)
	}
	t.Log("\n" + table(programs, medians))
	t.Log("\n" + startupReport(mediansOf(initTraces(t, *measured)), 15))
	for _, b := range broken(medians) {
		t.Error(b)
	}
}

// warmPrograms is what is measured, in the order of a turn.
func warmPrograms(t *testing.T, binary string) []program {
	t.Helper()
	truePath, err := exec.LookPath("true")
	if err != nil {
		t.Skip("this machine has no true(1) to compare with")
	}
	aws, err := awsfake.Start(awsfake.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(aws.Close)
	small, large := newHome(t, binary, aws, 0), newHome(t, binary, aws, 10_000)
	if !small.unlocked(t) {
		t.Skip("the kernel of this machine keeps no unlocked key: warm runs cannot be measured")
	}
	return []program{
		{child, []string{truePath}, nil},
		{nothing, []string{buildNothing(t)}, nil},
		small.program("version", "version"),
		indexHome(t, binary, 200).program("status of 200 sessions", "status"),
		small.program("warm exec", "exec", "role", "--", truePath),
		small.program("warm credential-process", "credential-process", "role"),
		large.program("warm exec, 10,000 profiles", "exec", "role", "--", truePath),
		small.program("explain of three calls", "explain", "far"),
		large.program("explain of three calls, 10,000 profiles", "explain", "far"),
		large.program("list of 10,000 profiles", "list"),
		large.program("completion of an empty word, 10,000 profiles", "__complete", "exec", ""),
	}
}

func buildNothing(t *testing.T) string {
	t.Helper()
	out := filepath.Join(t.TempDir(), "nothing.exe")
	c := exec.Command("go", "build", "-o", out, "./testdata/nothing")
	c.Env = append(c.Environ(), "CGO_ENABLED=0")
	if text, err := c.CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, text)
	}
	return out
}

// initTraces runs the tool a few times; startupReport takes the medians.
func initTraces(t *testing.T, binary string) []initCost {
	t.Helper()
	const runs = 15
	var all []initCost
	for range runs {
		c := exec.Command(binary, "version")
		c.Env = append(c.Environ(), "GODEBUG=inittrace=1")
		text, err := c.CombinedOutput()
		if err != nil {
			t.Fatalf("version: %v\n%s", err, text)
		}
		all = append(all, parseInitTrace(string(text))...)
	}
	if len(all) == 0 {
		t.Fatal("the Go runtime reported no package's init")
	}
	return all
}

// broken says which budgets the medians break, and by how much.
func broken(medians map[string]time.Duration) []string {
	var all []string
	for _, b := range budgets() {
		over := medians[b.run] - medians[b.beyond]
		if limit := time.Duration(b.times * float64(medians[nothing])); over > limit {
			all = append(all, fmt.Sprintf("%s costs %.2f ms more than %s; its budget is %.1f × %.2f ms = %.2f ms",
				b.run, ms(over), b.beyond, b.times, ms(medians[nothing]), ms(limit)))
		}
	}
	return all
}

// table shows the medians, and beside each budget what was used of it.
func table(programs []program, medians map[string]time.Duration) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%-40s %9s  %-22s %9s %9s\n", "median of whole processes", "ms", "beyond", "ms", "budget")
	for _, p := range programs {
		fmt.Fprintf(&b, "%-40s %9.2f", p.name, ms(medians[p.name]))
		for _, budget := range budgets() {
			if budget.run == p.name {
				over := medians[p.name] - medians[budget.beyond]
				fmt.Fprintf(&b, "  %-22s %9.2f %9.2f", budget.beyond, ms(over), budget.times*ms(medians[nothing]))
			}
		}
		b.WriteString("\n")
	}
	return b.String()
}

// TestBrokenBudgetIsFound: the gate can fail.
func TestBrokenBudgetIsFound(t *testing.T) {
	t.Parallel()
	medians := map[string]time.Duration{child: time.Millisecond, nothing: time.Millisecond}
	for _, b := range budgets() {
		medians[b.run] = time.Millisecond
	}
	if got := broken(medians); len(got) != 0 {
		t.Errorf("free runs break a budget: %v", got)
	}
	medians["version"] = time.Second
	if got := broken(medians); len(got) != 1 || !strings.Contains(got[0], "version costs") {
		t.Errorf("a second for version should break one budget: %v", got)
	}
}
