package bench

import (
	"os"
	"runtime"
	"strconv"
	"strings"
	"testing"
)

// measureMemory notes the most memory that runs had at one time, and the size
// of the program. What a process has at its start is its parent's until it
// becomes the program, so a small program is the parent.
func (s stage) measureMemory(t *testing.T, to figures) {
	t.Helper()
	if info, err := os.Stat(s.binary); err == nil {
		to["size of the program"] = only(float64(info.Size()), "bytes")
	}
	if runtime.GOOS == "windows" {
		t.Log("not measured: the memory of runs, since Windows has no getrusage")
		return
	}
	peak := build(t, "./testdata/peak")
	const warm = "memory of warm exec"
	derived := s.small.program("memory of exec with a passphrase", "exec", "role", "--", s.truePath)
	derived.env = append(derived.env[:len(derived.env):len(derived.env)], passphrase, "ASSUME_ROLE_KEYRING_FILE_UNLOCK_TTL=0")
	for _, p := range []program{
		s.small.program("memory of version", "version"),
		s.small.program(warm, "exec", "role", "--", s.truePath),
		derived,
	} {
		if s.unlocked || p.name != warm {
			to[p.name] = peakOf(t, peak, p)
		}
	}
}

// peakOf is the most memory of a few runs: garbage is collected when it is.
func peakOf(t *testing.T, peak string, p program) figure {
	t.Helper()
	most := 0.0
	for range 5 {
		c := program{argv: append([]string{peak}, p.argv...)}.command(p.env)
		out, err := c.Output()
		lines := strings.Fields(string(out))
		if err != nil || len(lines) == 0 {
			t.Fatalf("%s: %v\n%s", p.name, err, out)
		}
		size, err := strconv.Atoi(lines[len(lines)-1])
		if err != nil {
			t.Fatalf("%s: %v", p.name, err)
		}
		most = max(most, float64(size)/1e6)
	}
	return only(most, "MB")
}
