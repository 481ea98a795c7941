package bench

import (
	"cmp"
	"fmt"
	"regexp"
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

// family is packages that come together, and that not every command needs.
type family struct {
	name  string
	paths []string
}

func families() []family {
	return []family{
		{"D-Bus, for desktop keyrings", []string{"github.com/godbus/", "github.com/gsterjov/", "assume-role/internal/keystore/nodbus"}},
		{"keyring library and its formats", []string{"github.com/99designs/", "github.com/dvsekhvalnov/"}},
		{"AWS SDK", []string{"github.com/aws/"}},
	}
}

func (f family) has(c initCost) bool {
	return slices.ContainsFunc(f.paths, func(path string) bool { return strings.HasPrefix(c.pkg, path) })
}

// startupRows are the packages that cost most before main, what the families
// cost, and all together.
func startupRows(costs []initCost, most int) []initCost {
	rows := slices.Clone(costs[:min(most, len(costs))])
	for _, f := range families() {
		rows = append(rows, sum("of all, "+f.name, costs, f.has))
	}
	return append(rows, sum(fmt.Sprintf("all %d packages", len(costs)), costs, func(initCost) bool { return true }))
}

// startupReport shows them.
func startupReport(costs []initCost, most int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%-50s %9s %9s %7s\n", "before main", "ms", "bytes", "allocs")
	for _, c := range startupRows(costs, most) {
		fmt.Fprintf(&b, "%-50s %9.3f %9d %7d\n", c.pkg, c.clock, c.bytes, c.allocs)
	}
	return b.String()
}

func sum(name string, costs []initCost, counts func(initCost) bool) initCost {
	all := initCost{pkg: name}
	for _, c := range costs {
		if counts(c) {
			all.clock, all.bytes, all.allocs = all.clock+c.clock, all.bytes+c.bytes, all.allocs+c.allocs
		}
	}
	return all
}

func TestParseInitTrace(t *testing.T) {
	t.Parallel()
	got := mediansOf(parseInitTrace(`init net/http @1.2 ms, 7 ms clock, 13976 bytes, 102 allocs
init net/http @1.2 ms, 0.001 ms clock, 13976 bytes, 102 allocs
init errors @0.53 ms, 0.001 ms clock, 0 bytes, 0 allocs
init github.com/godbus/dbus @0.6 ms, 0 ms clock, 64 bytes, 3 allocs
hello
init net/http @1.2 ms, 0.042 ms clock, 13976 bytes, 102 allocs
init broken @1.2 ms, x ms clock, 1 bytes, 1 allocs
`))
	want := []initCost{{"net/http", 0.042, 13976, 102}, {"errors", 0.001, 0, 0}, {"github.com/godbus/dbus", 0, 64, 3}}
	if !slices.Equal(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
	report := startupReport(got, 1)
	if strings.Contains(report, "errors") || !strings.Contains(report, "all 3 packages") || !strings.Contains(report, "0.043") ||
		!regexp.MustCompile(`of all, D-Bus.* 64 +3\n`).MatchString(report) {
		t.Errorf("the report should name one package and sum up all, and D-Bus alone:\n%s", report)
	}
}
