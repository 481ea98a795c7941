package bench

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"assume-role/internal/awsfake"
)

// What TestInstructions is told.
var (
	count = flag.Bool("instructions", false, "count the instructions of some runs")
	other = flag.String("other", "", "count those of this `binary`, too")
)

// counter is a program that counts the instructions of another.
type counter struct {
	name string
	// argv is what goes before the program; of its {folder}, the files are read, too.
	argv []string
	// becoming is one more word, before a program that becomes another.
	becoming string
	// counted finds numbers in what the counter prints or writes; they are added.
	counted *regexp.Regexp
}

// Callgrind says nothing at the end of a process that became another program,
// so it writes its counts every ten thousand blocks there.
func counters() []counter {
	return []counter{
		{"perf", []string{"perf", "stat", "-x,", "-e", "instructions:u"}, "-r1", regexp.MustCompile(`(?m)^(\d+),.*instructions`)},
		{"callgrind", []string{"valgrind", "--tool=callgrind", "--callgrind-out-file={folder}/part"}, "--dump-every-bb=10000", regexp.MustCompile(`(?m)^summary: (\d+)`)},
	}
}

// count runs a program and returns its instructions; false where they could
// not be counted.
func (c counter) count(t *testing.T, p program) (instructions int, ok bool) {
	t.Helper()
	folder := t.TempDir()
	var argv []string
	for _, word := range c.argv {
		argv = append(argv, strings.ReplaceAll(word, "{folder}", folder))
	}
	if len(p.argv) > 1 && p.argv[1] == "exec" {
		argv = append(argv, c.becoming)
	}
	p.argv = append(argv, p.argv...)
	// Signals by which Go's scheduler interrupts itself end callgrind.
	out, err := p.command(append(p.env[:len(p.env):len(p.env)], "GODEBUG=asyncpreemptoff=1")).CombinedOutput()
	if err != nil {
		return 0, false
	}
	parts, err := filepath.Glob(filepath.Join(folder, "*"))
	if err != nil {
		t.Fatal(err)
	}
	instructions = c.sum(string(out))
	for _, part := range parts {
		text, err := os.ReadFile(part)
		if err != nil {
			t.Fatal(err)
		}
		instructions += c.sum(string(text))
	}
	return instructions, instructions > 0
}

// sum adds the numbers in a text.
func (c counter) sum(text string) (all int) {
	for _, m := range c.counted.FindAllStringSubmatch(text, -1) {
		n, _ := strconv.Atoi(m[1])
		all += n
	}
	return all
}

// least is the run of a few with the fewest: a collection of garbage or a
// thread that waits in a loop adds to some.
func (c counter) least(t *testing.T, p program) int {
	t.Helper()
	fewest := 0
	for range 3 {
		n, ok := c.count(t, p)
		if !ok {
			t.Fatalf("%s did not count %s", c.name, p.name)
		}
		if fewest == 0 || n < fewest {
			fewest = n
		}
	}
	return fewest
}

// TestInstructions counts, for `make instructions`: other processes do not
// change the numbers. Of `exec`, callgrind misses the last ten thousand blocks
// at most before it becomes the command.
func TestInstructions(t *testing.T) {
	if !*count || *measured == "" {
		t.Skip("run by make instructions, which passes -instructions")
	}
	c := usable(t)
	binaries := []string{*measured}
	if *other != "" {
		binaries = []string{*other, *measured}
	}
	var rows []string
	for _, binary := range binaries {
		for i, p := range counted(t, binary) {
			if i == len(rows) {
				rows = append(rows, fmt.Sprintf("%-28s", p.name))
			}
			rows[i] += fmt.Sprintf(" %16s", grouped(c.least(t, p)))
		}
	}
	fmt.Printf("\ninstructions, counted by %s, of %s\n%s\n", c.name, strings.Join(binaries, " and "), strings.Join(rows, "\n"))
}

func usable(t *testing.T) counter {
	t.Helper()
	for _, c := range counters() {
		if _, ok := c.count(t, program{argv: []string{"true"}, env: os.Environ()}); ok {
			return c
		}
	}
	t.Skip("this machine has neither perf with instructions:u nor valgrind")
	return counter{}
}

func counted(t *testing.T, binary string) []program {
	t.Helper()
	aws, err := awsfake.Start(awsfake.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(aws.Close)
	small, large := newHome(t, binary, aws, 5), newHome(t, binary, aws, many)
	return []program{
		small.program("version", "version"),
		small.program("warm exec", "exec", "role", "--", "true"),
		small.program("warm credential-process", "credential-process", "role"),
		small.program("completion of exec TAB", "__complete", "exec", ""),
		large.program("warm exec, 10,000 profiles", "exec", "role", "--", "true"),
		large.program("list, 10,000 profiles", "list"),
	}
}

func TestCountersReadTheirNumbers(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"perf":      "1234567,,instructions:u,1033,100.00,,\n",
		"callgrind": "events: Ir\nsummary: 1234000\n\nsummary: 567\n",
	} {
		for _, c := range counters() {
			want := map[bool]int{true: 1234567}[c.name == name]
			if got := c.sum(text); got != want {
				t.Errorf("%s reads %d in what %s prints", c.name, got, name)
			}
		}
	}
	if got := counters()[0].sum("<not supported>,,instructions:u,0,100.00,,\n"); got != 0 {
		t.Errorf("perf that counts nothing is read as %d", got)
	}
}
