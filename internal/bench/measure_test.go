package bench

import (
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
}

// measure runs the programs in turns and returns each one's median time, by
// its name. A program that fails ends the test: its time would mean nothing.
func measure(t *testing.T, programs []program, turns int) map[string]time.Duration {
	t.Helper()
	times := map[string][]time.Duration{}
	for range turns {
		for _, p := range programs {
			times[p.name] = append(times[p.name], timeOnce(t, p))
		}
	}
	medians := map[string]time.Duration{}
	for name, all := range times {
		slices.Sort(all)
		medians[name] = all[len(all)/2]
	}
	return medians
}

func timeOnce(t *testing.T, p program) time.Duration {
	t.Helper()
	c := exec.Command(p.argv[0], p.argv[1:]...)
	c.Env = p.env
	start := time.Now()
	err := c.Run()
	took := time.Since(start)
	if err != nil {
		out, _ := withEnv(p, p.env).CombinedOutput()
		t.Fatalf("%s failed: %v\n%s", p.name, err, out)
	}
	return took
}

func withEnv(p program, env []string) *exec.Cmd {
	c := exec.Command(p.argv[0], p.argv[1:]...)
	c.Env = env
	return c
}
