package bench

import (
	"flag"
	"fmt"
	"os/exec"
	"strings"
	"testing"
	"time"
)

var measured = flag.String("measure", "", "measure this `binary` and compare it with the budgets")

// TestBudgets measures everything that has a budget. Where one is broken, all
// is measured once more, and the better of the two counts: a busy machine
// breaks one once, slow code twice.
func TestBudgets(t *testing.T) {
	if *measured == "" {
		t.Skip("run by make bench, which passes -measure")
	}
	where := machine(time.Now())
	all, s := budgets(t), newStage(t, *measured)
	found := figures{}
	functions := measureHot(t, found, all)
	s.measureAll(t, found)
	if len(found.broken(all)) > 0 {
		fmt.Println("a budget is broken: measured once more")
		again := figures{}
		s.measureAll(t, again)
		found = found.better(again)
	}
	fmt.Println("\n" + found.report(all))
	fmt.Println(hotReport(functions))
	startup := mediansOf(initTraces(t, *measured))
	fmt.Println(startupReport(startup, 20))
	if *update {
		writeFigures(t, found.pageTable(all, where)+pageStartup(startup, 8))
	}
	for _, b := range found.broken(all) {
		t.Error(b)
	}
}

// measureAll notes everything but the Go functions.
func (s stage) measureAll(t *testing.T, to figures) {
	t.Helper()
	measure(t, to, s.quick(t), pace{turns: 100, least: 10, patience: 8 * time.Second})
	measure(t, to, s.slow(), pace{turns: 20, least: 3, patience: 4 * time.Second})
	s.measureChains(t, to)
	s.measureCrowds(t, to)
	s.measureMemory(t, to)
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

// hotReport shows the Go functions.
func hotReport(all []hot) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%-42s %14s %10s\n", "one call of", "ns", "allocs")
	for _, h := range all {
		fmt.Fprintf(&b, "%-42s %14s %10s\n", h.name, grouped(int(h.ns)), grouped(h.allocs))
	}
	return b.String()
}
