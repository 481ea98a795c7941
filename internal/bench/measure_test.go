package bench

import (
	"cmp"
	"os/exec"
	"slices"
	"testing"
	"time"
)

// program is one thing to time.
type program struct {
	name string
	argv []string
	env  []string
	// before makes ready what the run needs; it is not timed.
	before func(*testing.T)
}

// pace is how often each program runs: up to turns, and no longer than patience
// once there were least of them.
type pace struct {
	turns, least int
	patience     time.Duration
}

// sample is one run: by the clock, and of the processor; the latter is 0 where
// it is not known.
type sample struct{ clock, cpu time.Duration }

// measure runs the programs in turns and notes the times of each. A program
// that fails ends the test: its time would mean nothing.
func measure(t *testing.T, to figures, programs []program, p pace) {
	t.Helper()
	samples := map[string][]sample{}
	start := time.Now()
	for turn := 0; turn < p.turns && (turn < p.least || time.Since(start) < p.patience); turn++ {
		for _, p := range programs {
			samples[p.name] = append(samples[p.name], timeOnce(t, p))
		}
	}
	for name, all := range samples {
		to.noteTimes(name, all)
	}
}

// noteTimes keeps the fastest run, the one in the middle, and the one that
// worked least.
func (f figures) noteTimes(name string, all []sample) {
	slices.SortFunc(all, func(a, b sample) int { return cmp.Compare(a.cpu, b.cpu) })
	cpu := all[0].cpu
	slices.SortFunc(all, func(a, b sample) int { return cmp.Compare(a.clock, b.clock) })
	f[name] = figure{ms(all[0].clock), ms(all[len(all)/2].clock), "ms", ms(cpu)}
}

func ms(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

func timeOnce(t *testing.T, p program) sample {
	t.Helper()
	if p.before != nil {
		p.before(t)
	}
	c := p.command(p.env)
	start := time.Now()
	err := c.Run()
	took := time.Since(start)
	if err != nil {
		out, _ := p.command(p.env).CombinedOutput()
		t.Fatalf("%s failed: %v\n%s", p.name, err, out)
	}
	return sample{took, c.ProcessState.UserTime() + c.ProcessState.SystemTime()}
}

// timeTogether starts so many of a program at once and waits for the last.
func timeTogether(t *testing.T, p program, processes int) sample {
	t.Helper()
	if p.before != nil {
		p.before(t)
	}
	all := make([]*exec.Cmd, processes)
	for i := range all {
		all[i] = p.command(p.env)
	}
	start := time.Now()
	for _, c := range all {
		if err := c.Start(); err != nil {
			t.Fatalf("%s: %v", p.name, err)
		}
	}
	failed := 0
	for _, c := range all {
		if c.Wait() != nil {
			failed++
		}
	}
	took := time.Since(start)
	if failed > 0 {
		t.Fatalf("%s: %d of %d processes failed", p.name, failed, processes)
	}
	return sample{clock: took}
}

func (p program) command(env []string) *exec.Cmd {
	c := exec.Command(p.argv[0], p.argv[1:]...)
	c.Env = env
	return c
}
