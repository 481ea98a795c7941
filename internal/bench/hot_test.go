package bench

import (
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// A Go benchmark's line with -benchmem
// (https://go.dev/design/14313-benchmark-format).
const benchmarkLine = `^Benchmark(\S+?)(?:-\d+)?\s+\d+\s+([0-9.]+) ns/op.* (\d+) allocs/op`

// hot is one call of a function that every run, or the slowest ones, go through.
type hot struct {
	name   string
	ns     float64
	allocs int
}

// parseBenchmarks reads what `go test -bench -benchmem` prints. Names get
// their package before them: profile.Load.
func parseBenchmarks(text string) []hot {
	line := regexp.MustCompile(benchmarkLine)
	var all []hot
	pkg := ""
	for l := range strings.Lines(text) {
		if path, ok := strings.CutPrefix(l, "pkg: "); ok {
			path = strings.TrimSpace(path)
			pkg = path[strings.LastIndexByte(path, '/')+1:]
		}
		if m := line.FindStringSubmatch(l); m != nil {
			ns, _ := strconv.ParseFloat(m[2], 64)
			count, _ := strconv.Atoi(m[3])
			all = append(all, hot{pkg + "." + m[1], ns, count})
		}
	}
	return all
}

// hotBudgets are the budgets of Go functions: their packages, and a pattern
// for -bench.
func hotBudgets(budgets []budget) (packages []string, pattern string) {
	var names []string
	for _, b := range budgets {
		if pkg, name, ok := strings.Cut(b.run, "."); ok && b.unit == allocs {
			packages = append(packages, "../"+pkg)
			names = append(names, name)
		}
	}
	slices.Sort(packages)
	return slices.Compact(packages), "^Benchmark(" + strings.Join(names, "|") + ")$"
}

// measureHot runs the Go benchmarks that have a budget and notes what a call
// allocates, which is the same on every machine. The times are for people.
func measureHot(t *testing.T, to figures, budgets []budget) []hot {
	t.Helper()
	packages, pattern := hotBudgets(budgets)
	out, err := exec.Command("go", append([]string{"test", "-run", "^$", "-bench", pattern, "-benchmem", "-benchtime", "30ms"}, packages...)...).CombinedOutput()
	if err != nil {
		t.Fatalf("go test -bench: %v\n%s", err, out)
	}
	all := parseBenchmarks(string(out))
	for _, h := range all {
		to[h.name] = only(float64(h.allocs), "allocs")
	}
	return all
}

func TestParseBenchmarks(t *testing.T) {
	t.Parallel()
	got := parseBenchmarks(`goos: linux
pkg: assume-role/internal/cache
cpu: something
BenchmarkKey-2   	     100	      1234 ns/op	     100 B/op	      12 allocs/op
BenchmarkBroken
pkg: assume-role/internal/profile
BenchmarkScan1MB 	       3	  40000.5 ns/op	 262.1 MB/s	     100 B/op	       1 allocs/op
PASS
`)
	want := []hot{{"cache.Key", 1234, 12}, {"profile.Scan1MB", 40000.5, 1}}
	if !slices.Equal(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

// TestHotBudgets: each function with a budget is found by its package's name.
func TestHotBudgets(t *testing.T) {
	t.Parallel()
	packages, pattern := hotBudgets([]budget{
		{"profile.Scan1MB", "", 1, allocs}, {"version", child, 1, overTrue}, {"cache.Key", "", 1, allocs}, {"profile.Load", "", 1, allocs},
	})
	if strings.Join(packages, " ") != "../cache ../profile" || pattern != "^Benchmark(Scan1MB|Key|Load)$" {
		t.Errorf("%v, %s", packages, pattern)
	}
}
