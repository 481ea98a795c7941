package bench

import (
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"
)

// figure is what was measured of one run.
type figure struct {
	// least is the fastest run, and what counts; usual is the one in the middle.
	least, usual float64
	// unit is of both: ms, MB, bytes or allocs.
	unit string
	// cpu is the least processor time of a run, in ms; 0 where it is not known.
	cpu float64
}

// only is a figure that is the same at every try.
func only(value float64, unit string) figure {
	return figure{least: value, usual: value, unit: unit}
}

// figures are all of them, by the name of the run.
type figures map[string]figure

// atAll is what is compared with where a time is not beyond another.
const atAll = "nothing at all"

// tolerance is how often a budget may be used before `make bench` fails: twice,
// since less than that is a report, and on a busy machine by as much more as
// the usual run of a program that does nothing is slower than its fastest.
func (f figures) tolerance() float64 {
	if idle := f[nothing]; idle.least > 0 {
		return 2 * idle.usual / idle.least
	}
	return 2
}

// used says how much a run used of its budget, in the budget's unit, and
// whether all that it takes to say was measured.
func (f figures) used(b budget) (value float64, measured bool) {
	run, ok := f[b.run]
	if !b.unit.compares() {
		return run.least, ok
	}
	other, known := f[b.against]
	unit, units := f[child]
	switch {
	case !ok, !known && b.against != atAll, b.unit == overTrue && !units:
		return 0, false
	case b.unit == times:
		return run.least / other.least, true
	}
	return (run.least - other.least) / unit.least, true
}

// worked is the same of the processor's time alone, which hardly grows where
// others use the processor, too; false where it is not known.
func (f figures) worked(b budget) (value float64, measured bool) {
	run, other := f[b.run], f[b.against]
	if _, ok := f.used(b); !ok || run.cpu == 0 || b.unit == times && other.cpu == 0 {
		return 0, false
	}
	if b.unit == times {
		return run.cpu / other.cpu, true
	}
	return (run.cpu - other.cpu) / f[child].least, true
}

// breaks reports whether a run is beyond what is tolerated, by the clock and,
// where that is known, by the processor's time as well.
func (f figures) breaks(b budget) bool {
	used, ok := f.used(b)
	worked, known := f.worked(b)
	return ok && used > f.tolerance()*b.limit && (!known || worked > f.tolerance()*b.limit)
}

// broken says which budgets were used more than the tolerance allows.
func (f figures) broken(budgets []budget) []string {
	var all []string
	for _, b := range budgets {
		if f.breaks(b) {
			value, _ := f.used(b)
			all = append(all, fmt.Sprintf("%s: %s, more than twice its budget of %s", b.run, b.said(value), b.said(b.limit)))
		}
	}
	return all
}

// verdict is one word for the last column.
func (f figures) verdict(b budget) string {
	switch value, ok := f.used(b); {
	case !ok:
		return "not measured"
	case f.breaks(b):
		return "BROKEN"
	case value > b.limit:
		return "over"
	}
	return "held"
}

// better takes the better figures of two tries.
func (f figures) better(again figures) figures {
	best := maps.Clone(f)
	for name, b := range again {
		if a, ok := best[name]; ok {
			b.least, b.usual, b.cpu = min(a.least, b.least), min(a.usual, b.usual), min(a.cpu, b.cpu)
		}
		best[name] = b
	}
	return best
}

// report shows every budget, what was measured for it, and what of it was used.
func (f figures) report(budgets []budget) string {
	const line = "%-42s %13s %13s %9s  %-30s %18s %17s  %s\n"
	var b strings.Builder
	fmt.Fprintf(&b, line, "run", "fastest", "median", "cpu", "compared with", "used", "budget", "")
	for _, name := range []string{child, nothing} {
		fmt.Fprintf(&b, line, name, f[name].said(f[name].least), f[name].said(f[name].usual), f[name].processor(), "", "", "", "")
	}
	for _, budget := range budgets {
		run := f[budget.run]
		fmt.Fprintf(&b, line, budget.run, run.said(run.least), run.said(run.usual), run.processor(),
			budget.comparison(), f.saidOf(budget), budget.said(budget.limit), f.verdict(budget))
	}
	return b.String()
}

// saidOf is what was used of a budget, of a time also in ms; empty where it
// was not measured.
func (f figures) saidOf(b budget) string {
	value, measured := f.used(b)
	switch {
	case !measured:
		return ""
	case b.unit != overTrue:
		return b.said(value)
	}
	return fmt.Sprintf("%s, %.2f ms", b.said(value), value*f[child].least)
}

// processor is the processor's time of a run, as text.
func (f figure) processor() string {
	if f.cpu == 0 {
		return ""
	}
	return fmt.Sprintf("%.2f ms", f.cpu)
}

// said is a value of the figure's unit.
func (f figure) said(value float64) string {
	switch f.unit {
	case "ms", "MB":
		return fmt.Sprintf("%.2f %s", value, f.unit)
	case "":
		return "-"
	}
	return grouped(int(value))
}

// TestUsed: what a limit of each unit is compared with.
func TestUsed(t *testing.T) {
	t.Parallel()
	f := figures{child: only(2, "ms"), "a": only(10, "ms"), "b": only(4, "ms"), "c": only(7, "allocs")}
	for _, test := range []struct {
		budget  budget
		want    float64
		verdict string
	}{
		{budget{"a", "b", 3, overTrue}, 3, "held"},
		{budget{"a", atAll, 4.9, overTrue}, 5, "over"},
		{budget{"a", "b", 1.2, times}, 2.5, "BROKEN"},
		{budget{"c", "", 7, allocs}, 7, "held"},
		{budget{"missing", "b", 7, times}, 0, "not measured"},
		{budget{"a", "missing", 7, overTrue}, 0, "not measured"},
		{budget{"missing", "", 7, memory}, 0, "not measured"},
	} {
		if got, _ := f.used(test.budget); got != test.want || f.verdict(test.budget) != test.verdict {
			t.Errorf("%+v: %v, %s", test.budget, got, f.verdict(test.budget))
		}
	}
}

// TestBrokenBudgetIsFound: the gate can fail, and does not where nothing is
// measured or a budget is missed by less.
func TestBrokenBudgetIsFound(t *testing.T) {
	t.Parallel()
	all := budgets(t)
	f := figures{child: only(1, "ms")}
	if got := f.broken(all); len(got) != 0 {
		t.Errorf("what was not measured breaks a budget: %v", got)
	}
	f["version"] = only(1+3.6*1.9, "ms")
	if got := f.broken(all); len(got) != 0 || !strings.Contains(f.report(all), "over\n") {
		t.Errorf("less than twice the budget: %v\n%s", got, f.report(all))
	}
	f["version"] = only(1000, "ms")
	if got := f.broken(all); len(got) != 1 || !strings.Contains(got[0], "version: 999.0 ×, more than twice its budget of 3.6 ×") {
		t.Errorf("a second for version should break one budget: %v", got)
	}
}

// TestBusyMachine: where the program that does nothing takes half as long again
// as it can, three times a budget is tolerated, and no more.
func TestBusyMachine(t *testing.T) {
	t.Parallel()
	f := figures{child: only(1, "ms"), nothing: {2, 3, "ms", 0}, "a": only(3.9, "ms"), "b": only(4.1, "ms")}
	if f.breaks(budget{"a", child, 1, overTrue}) || !f.breaks(budget{"b", child, 1, overTrue}) {
		t.Errorf("three times a budget at a tolerance of %.1f", f.tolerance())
	}
}

// TestSecondTry: a try that was disturbed does not count against a better one.
func TestSecondTry(t *testing.T) {
	t.Parallel()
	first := figures{"a": only(9, "ms"), "b": only(1, "ms")}
	best := first.better(figures{"a": only(2, "ms"), "b": only(5, "ms"), "c": only(4, "ms")})
	if best["a"].least != 2 || best["b"].least != 1 || best["c"].least != 4 || first["a"].least != 9 {
		t.Errorf("%+v of %+v", best, first)
	}
}

func TestNoteTimes(t *testing.T) {
	t.Parallel()
	f := figures{}
	f.noteTimes("a", []sample{{9 * time.Millisecond, time.Millisecond}, {time.Millisecond, 3 * time.Millisecond}, {2 * time.Millisecond, 5 * time.Millisecond}})
	if want := (figure{1, 2, "ms", 1}); f["a"] != want {
		t.Errorf("%+v", f)
	}
}

// TestWaitingIsNoWork: a run that waited for a processor breaks no budget, one
// that worked for as long does.
func TestWaitingIsNoWork(t *testing.T) {
	t.Parallel()
	over, multiple := budget{"a", child, 3, overTrue}, budget{"a", "b", 2, times}
	f := figures{child: {1, 1, "ms", 0.5}, "a": {11, 11, "ms", 6}, "b": {2, 2, "ms", 2}}
	if f.breaks(over) || f.verdict(over) != "over" || f.breaks(multiple) {
		t.Error("what waited breaks a budget")
	}
	f["a"] = figure{11, 11, "ms", 9}
	if !f.breaks(over) || f.verdict(over) != "BROKEN" || !f.breaks(multiple) {
		t.Error("what worked breaks no budget")
	}
}
