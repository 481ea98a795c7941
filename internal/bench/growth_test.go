package bench

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"assume-role/internal/awsfake"
)

// growth is where what grows is written.
var growth = flag.String("growth", "", "write how cost grows into this `file`")

// series are points of one line of a plot.
type series struct {
	name string
	// x is what grows: profiles, sessions or calls.
	x  int
	at figures
}

// TestGrowth measures how cost grows with profiles, sessions and the length of
// a chain, for `make growth`.
func TestGrowth(t *testing.T) {
	if *growth == "" || *measured == "" {
		t.Skip("run by make growth, which passes -growth")
	}
	s := newStage(t, *measured)
	if !s.unlocked {
		t.Skip("the kernel of this machine keeps no unlocked key")
	}
	var all []series
	all = append(all, s.byProfiles(t)...)
	all = append(all, s.bySessions(t)...)
	all = append(all, s.byCalls(t)...)
	if err := os.WriteFile(*growth, []byte(csv(all)), 0o644); err != nil {
		t.Fatal(err)
	}
}

// usually is the pace of one point.
func usually() pace { return pace{turns: 60, least: 5, patience: 8 * time.Second} }

func (s stage) byProfiles(t *testing.T) []series {
	t.Helper()
	var all []series
	for _, profiles := range []int{10, 100, 1000, 10_000, 99_990} {
		h, f := newHome(t, s.binary, s.aws, profiles), figures{}
		measure(t, f, []program{
			h.program("warm exec", "exec", "role", "--", s.truePath),
			h.program("completion", "__complete", "exec", ""),
			h.program("explain", "explain", "far"),
			h.program("list", "list"),
		}, usually())
		all = append(all, series{"profiles", profiles, f})
	}
	return all
}

func (s stage) bySessions(t *testing.T) []series {
	t.Helper()
	var all []series
	for _, sessions := range []int{1, 10, 100, 1000, 10_000} {
		h, f := indexHome(t, s.binary, sessions), figures{}
		measure(t, f, []program{h.program("status", "status"), h.program("status --json", "status", "--json")}, usually())
		all = append(all, series{"sessions", sessions, f})
	}
	return all
}

// growthLatency is how long AWS takes for a call of the longest chains.
const growthLatency = 20 * time.Millisecond

func (s stage) byCalls(t *testing.T) []series {
	t.Helper()
	s.aws.SetLatency("", growthLatency)
	defer s.aws.SetLatency("", 0)
	var chains []program
	for calls := 1; calls <= longestChain; calls++ {
		profile := fmt.Sprintf("c%d", calls)
		chains = append(chains, s.cold.cold(profile, profile, s.truePath))
	}
	f := figures{}
	measure(t, f, chains, pace{turns: 30, least: 5, patience: 30 * time.Second})
	var all []series
	for i, p := range chains {
		cold, waited := f[p.name].least, ms(growthLatency)*float64(i+1)
		all = append(all, series{"calls", i + 1, figures{
			"cold exec, 20 ms a call": only(cold, "ms"), "the calls themselves": only(waited, "ms"), "all but the calls": only(cold-waited, "ms"),
		}})
	}
	return all
}

// csv is one point in a line: what grows, how far, which run, milliseconds.
func csv(all []series) string {
	var b strings.Builder
	b.WriteString("by,count,run,ms\n")
	for _, s := range all {
		for _, name := range slices.Sorted(maps.Keys(s.at)) {
			fmt.Fprintf(&b, "%s,%d,%q,%.2f\n", s.name, s.x, name, s.at[name].least)
		}
	}
	return b.String()
}

func TestGrowthAsCSV(t *testing.T) {
	t.Parallel()
	got := csv([]series{{"calls", 2, figures{"b, c": only(2.5, "ms"), "a": only(1, "ms")}}})
	if want := "by,count,run,ms\ncalls,2,\"a\",1.00\ncalls,2,\"b, c\",2.50\n"; got != want {
		t.Errorf("got %q", got)
	}
}

// TestColdChainsMakeTheirCalls: a chain of the cold home takes as many calls as
// its name says, each time.
func TestColdChainsMakeTheirCalls(t *testing.T) {
	if *measured == "" {
		t.Skip("run by make bench, which passes -measure")
	}
	aws, err := awsfake.Start(awsfake.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer aws.Close()
	h := coldHome(t, *measured, aws)
	for range 2 {
		before := aws.Count("AssumeRole")
		p := h.cold("", "c3", "true")
		p.before(t)
		h.run(t, "", "exec", "c3", "--", "true")
		if made := aws.Count("AssumeRole") - before; made != 3 {
			t.Errorf("%d calls instead of 3", made)
		}
	}
}
