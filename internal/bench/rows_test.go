package bench

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"assume-role/internal/awsfake"
)

// Names of the two programs that the tool is compared with.
const (
	nothing = "a Go program that does nothing"
	child   = "true"
)

// many is what a generated config of a large organisation has.
const many = 10_000

// stage is what all that is measured is played on.
type stage struct {
	binary, truePath, nothingPath string
	aws                           *awsfake.Fake
	small, large, cold            home
	// unlocked says that the file backend stays open between runs.
	unlocked bool
}

func newStage(t *testing.T, binary string) stage {
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
	s := stage{binary: binary, truePath: truePath, nothingPath: build(t, "./testdata/nothing"), aws: aws}
	s.small, s.large, s.cold = newHome(t, binary, aws, 5), newHome(t, binary, aws, many), coldHome(t, binary, aws)
	s.unlocked = s.small.unlocked()
	if !s.unlocked {
		t.Log("not measured: warm and cold runs, since the kernel of this machine keeps no unlocked key")
	}
	return s
}

// build makes a program of the test data, without cgo, as the tool itself is.
func build(t *testing.T, path string) string {
	t.Helper()
	out := filepath.Join(t.TempDir(), filepath.Base(path)+".exe")
	c := exec.Command("go", "build", "-o", out, path)
	c.Env = append(c.Environ(), "CGO_ENABLED=0")
	if text, err := c.CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, text)
	}
	return out
}

// comparable are the two programs that every turn begins with.
func (s stage) comparable() []program {
	return []program{{name: child, argv: []string{s.truePath}}, {name: nothing, argv: []string{s.nothingPath}}}
}

// quick are the runs of some milliseconds.
func (s stage) quick(t *testing.T) []program {
	all := append(s.comparable(),
		s.small.program("version", "version"),
		s.small.program("completion of exec TAB", "__complete", "exec", ""),
		s.inShell(s.small.program("status --prompt", "status", "--prompt")),
		indexHome(t, s.binary, 200).program("status of 200 sessions", "status"),
		s.small.program("explain of three calls", "explain", "far"),
	)
	if !s.unlocked {
		return all
	}
	return append(all,
		s.small.program("warm exec", "exec", "role", "--", s.truePath),
		s.small.program("warm credential-process", "credential-process", "role"),
		s.large.program("warm exec, 10,000 profiles", "exec", "role", "--", s.truePath),
	)
}

// inShell gives a run what a shell of `exec` has of its session.
func (s stage) inShell(p program) program {
	p.env = append(p.env[:len(p.env):len(p.env)], "AWS_VAULT=role", "ASSUME_ROLE_PROFILE=role",
		"AWS_CREDENTIAL_EXPIRATION="+time.Now().Add(time.Hour).UTC().Format(time.RFC3339))
	return p
}

// slow are the runs that look at all of many profiles.
func (s stage) slow() []program {
	return []program{
		s.large.program("list, 10,000 profiles", "list"),
		s.large.program("completion of exec TAB, 10,000 profiles", "__complete", "exec", ""),
		s.large.program("explain of three calls, 10,000 profiles", "explain", "far"),
	}
}

// callLatency is how long AWS takes for each call of a chain here.
const callLatency = 50 * time.Millisecond

// chains are cold runs of one to three calls.
func (s stage) chains() []program {
	var all []program
	for calls := 1; calls <= 3; calls++ {
		all = append(all, s.cold.cold(coldName(calls), fmt.Sprintf("c%d", calls), s.truePath))
	}
	return all
}

func coldName(calls int) string {
	if calls == 1 {
		return "cold exec, 1 call"
	}
	return fmt.Sprintf("cold exec, %d calls", calls)
}

// measureChains notes cold runs, and what their calls take by themselves.
func (s stage) measureChains(t *testing.T, to figures) {
	t.Helper()
	if !s.unlocked {
		return
	}
	s.aws.SetLatency("", callLatency)
	defer s.aws.SetLatency("", 0)
	for calls, name := range []string{"no round trip", "1 round trip", "2 round trips", "3 round trips"} {
		to[name] = only(ms(callLatency)*float64(calls), "ms")
	}
	measure(t, to, s.chains(), pace{turns: 12, least: 3, patience: 5 * time.Second})
}

// crowdLatency is how long a call takes while many wait for it.
const crowdLatency = 150 * time.Millisecond

// measureCrowds notes what many processes at once take until the last has
// ended, and one alone.
func (s stage) measureCrowds(t *testing.T, to figures) {
	t.Helper()
	if !s.unlocked {
		return
	}
	s.aws.SetLatency("", crowdLatency)
	defer s.aws.SetLatency("", 0)
	cold := s.cold.cold("", "c2", s.truePath)
	crowds := []struct {
		name    string
		program program
		at      int
	}{
		{"1 cold alone", cold, 1}, {"50 cold at once", cold, 50},
		{"200 true at once", s.comparable()[0], 200},
		{"200 warm at once", s.small.program("", "exec", "role", "--", s.truePath), 200},
	}
	samples := map[string][]sample{}
	for range 4 {
		for _, c := range crowds {
			samples[c.name] = append(samples[c.name], timeTogether(t, c.program, c.at))
		}
	}
	for name, all := range samples {
		to.noteTimes(name, all)
	}
}
