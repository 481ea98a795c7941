package bench

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// initCost is what one package costs before main, as GODEBUG=inittrace=1
// reports it (https://pkg.go.dev/runtime#hdr-Environment_Variables).
type initCost struct {
	pkg    string
	clock  float64 // milliseconds
	bytes  int
	allocs int
}

// parseInitTrace reads lines such as
//
//	init net/http @1.2 ms, 0.042 ms clock, 13976 bytes, 102 allocs
//
// and leaves out all others.
func parseInitTrace(text string) []initCost {
	var all []initCost
	for line := range strings.Lines(text) {
		f := strings.Fields(line)
		if len(f) != 11 || f[0] != "init" || f[3] != "ms," || f[6] != "clock," {
			continue
		}
		clock, err1 := strconv.ParseFloat(f[4], 64)
		bytes, err2 := strconv.Atoi(f[7])
		allocs, err3 := strconv.Atoi(f[9])
		if cmp.Or(err1, err2, err3) == nil {
			all = append(all, initCost{f[1], clock, bytes, allocs})
		}
	}
	return all
}

// mediansOf returns the median run of each package, the dearest first.
func mediansOf(traces []initCost) []initCost {
	byPackage := map[string][]initCost{}
	for _, c := range traces {
		byPackage[c.pkg] = append(byPackage[c.pkg], c)
	}
	var medians []initCost
	for _, runs := range byPackage {
		slices.SortFunc(runs, func(a, b initCost) int { return cmp.Compare(a.clock, b.clock) })
		medians = append(medians, runs[len(runs)/2])
	}
	slices.SortFunc(medians, func(a, b initCost) int {
		return cmp.Or(cmp.Compare(b.clock, a.clock), strings.Compare(a.pkg, b.pkg))
	})
	return medians
}

// startupReport says which packages cost most before main, and all together.
func startupReport(costs []initCost, most int) string {
	var b strings.Builder
	var sum initCost
	fmt.Fprintf(&b, "%-50s %9s %9s %7s\n", "before main", "ms", "bytes", "allocs")
	for i, c := range costs {
		sum.clock, sum.bytes, sum.allocs = sum.clock+c.clock, sum.bytes+c.bytes, sum.allocs+c.allocs
		if i < most {
			fmt.Fprintf(&b, "%-50s %9.3f %9d %7d\n", c.pkg, c.clock, c.bytes, c.allocs)
		}
	}
	fmt.Fprintf(&b, "%-50s %9.3f %9d %7d\n", fmt.Sprintf("all %d packages", len(costs)), sum.clock, sum.bytes, sum.allocs)
	return b.String()
}

func TestParseInitTrace(t *testing.T) {
	t.Parallel()
	got := mediansOf(parseInitTrace(`init net/http @1.2 ms, 7 ms clock, 13976 bytes, 102 allocs
init net/http @1.2 ms, 0.001 ms clock, 13976 bytes, 102 allocs
init errors @0.53 ms, 0.001 ms clock, 0 bytes, 0 allocs
hello
init net/http @1.2 ms, 0.042 ms clock, 13976 bytes, 102 allocs
init broken @1.2 ms, x ms clock, 1 bytes, 1 allocs
`))
	want := []initCost{{"net/http", 0.042, 13976, 102}, {"errors", 0.001, 0, 0}}
	if !slices.Equal(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
	report := startupReport(got, 1)
	if strings.Contains(report, "errors") || !strings.Contains(report, "all 2 packages") || !strings.Contains(report, "0.043") {
		t.Errorf("the report should name one package and sum up both:\n%s", report)
	}
}
