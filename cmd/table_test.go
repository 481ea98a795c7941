package cmd

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"assume-role/internal/terminal"
)

func cellsOf(texts ...string) []cell {
	cells := make([]cell, len(texts))
	for i, text := range texts {
		cells[i].text = text
	}
	return cells
}

func TestTable(t *testing.T) {
	t.Parallel()
	person := screen{person: true}
	for name, c := range map[string]struct {
		table table
		on    screen
		want  string
	}{
		"nothing":              {table{}, person, ""},
		"nothing for programs": {table{header: []string{"A"}}, screen{}, ""},
		"a header alone":       {table{header: []string{"A", "B"}}, person, "A  B\n"},
		"an empty row":         {table{rows: [][]cell{{}}}, screen{}, "\n"},
		"latin and chinese":    {table{rows: [][]cell{cellsOf("prod", "x"), cellsOf("生产环境", "y"), cellsOf("größer", "z")}}, person, "prod      x\n生产环境  y\ngrößer    z\n"},
		"combining marks":      {table{rows: [][]cell{cellsOf("Zu\u0308rich", "x"), cellsOf("Zurich", "y")}}, person, "Zu\u0308rich  x\nZurich  y\n"},
		"emoji":                {table{rows: [][]cell{cellsOf("🚀", "x"), cellsOf("ab", "y"), cellsOf("👍🏽", "z")}}, person, "🚀  x\nab  y\n👍🏽  z\n"},
		"hebrew":               {table{rows: [][]cell{cellsOf("ייצור", "x"), cellsOf("prod", "y")}}, person, "ייצור  x\nprod   y\n"},
		"empty fields":         {table{rows: [][]cell{cellsOf("", "x", ""), cellsOf("abc", "", "")}}, person, "     x\nabc\n"},
		"rows of many lengths": {table{rows: [][]cell{cellsOf("a"), cellsOf("bb", "c", "d"), cellsOf("e", "ff")}}, person, "a\nbb  c   d\ne   ff\n"},
		"tabs for programs":    {table{header: []string{"A", "B", "C"}, rows: [][]cell{cellsOf("生产", "", "x y"), cellsOf("b", "c", "")}}, screen{}, "生产\t-\tx y\nb\tc\t-\n"},
	} {
		if diff := cmp.Diff(c.want, c.table.on(c.on)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// TestTableIsFitted: the columns on the right give way first, a name never, and
// a program gets all of it.
func TestTableIsFitted(t *testing.T) {
	t.Parallel()
	all := table{rows: [][]cell{
		{{text: "a-profile-with-a-long-name"}, {text: "ec2-instance-metadata", short: "ec2-ins…"}, {text: "arn:aws:iam::123456789012:role/x", short: "…123456789012:role/x"}},
		{{text: "b"}, {text: "static"}, {text: "-"}},
	}}
	for columns, want := range map[int]string{
		0:   "a-profile-with-a-long-name  ec2-instance-metadata  arn:aws:iam::123456789012:role/x",
		200: "a-profile-with-a-long-name  ec2-instance-metadata  arn:aws:iam::123456789012:role/x",
		83:  "a-profile-with-a-long-name  ec2-instance-metadata  arn:aws:iam::123456789012:role/x",
		82:  "a-profile-with-a-long-name  ec2-instance-metadata  …123456789012:role/x",
		70:  "a-profile-with-a-long-name  ec2-ins…  …123456789012:role/x",
		5:   "a-profile-with-a-long-name  ec2-ins…  …123456789012:role/x",
	} {
		got, _, _ := strings.Cut(all.on(screen{person: true, columns: columns}), "\n")
		if got != want {
			t.Errorf("in %d columns\ngot  %s\nwant %s", columns, got, want)
		}
	}
	if got := all.on(screen{columns: 5}); !strings.Contains(got, "ec2-instance-metadata\tarn:aws:iam::123456789012:role/x\n") {
		t.Errorf("a program gets %q", got)
	}
}

// TestTablePaintsWithoutMovingColumns: an escape sequence takes no column.
func TestTablePaintsWithoutMovingColumns(t *testing.T) {
	t.Parallel()
	rows := table{header: []string{"NAME", "LEVEL"}, rows: [][]cell{{{text: "a", style: terminal.Red}, {text: "x", style: terminal.Green}}}}
	painted := screen{person: true, Palette: colours()}
	want := "\x1b[1mNAME\x1b[m  \x1b[1mLEVEL\x1b[m\n\x1b[31ma\x1b[m     \x1b[32mx\x1b[m\n"
	if diff := cmp.Diff(want, rows.on(painted)); diff != "" {
		t.Error(diff)
	}
}

// colours are those of an ordinary terminal.
func colours() terminal.Palette {
	return terminal.PaletteOf(os.Stdout, true, func(name string) string { return map[string]string{"TERM": "xterm"}[name] })
}

// TestTableMakesNoRoomForTheLongest: one name longer than the screen is whole,
// and leaves the others as they are.
func TestTableMakesNoRoomForTheLongest(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("L", 5000)
	rows := table{rows: [][]cell{cellsOf("dev", "x"), cellsOf(long, "y"), cellsOf("staging", "z")}}
	want := "dev      x\n" + long + "  y\nstaging  z\n"
	for _, columns := range []int{100, 20, 1} {
		if diff := cmp.Diff(want, rows.on(screen{person: true, columns: columns})); diff != "" {
			t.Errorf("in %d columns: %s", columns, diff)
		}
	}
	if got, _, _ := strings.Cut(rows.on(screen{person: true}), "\n"); len(got) != 5003 {
		t.Errorf("where nobody knows how wide the screen is: %d columns", len(got))
	}
}

// FuzzTable: whatever is in the fields, columns stay columns and records stay
// records.
func FuzzTable(f *testing.F) {
	f.Add("prod", "生产环境", "Zu\u0308rich", "👩\u200d💻", 40)
	f.Add("", "\t\n", "\x1b[31m", "\xff", 0)
	f.Fuzz(func(t *testing.T, a, b, c, d string, columns int) {
		a, b, c, d = terminal.Visible(a), terminal.Visible(b), terminal.Visible(c), terminal.Visible(d)
		all := table{rows: [][]cell{
			{{text: a}, {text: b, short: terminal.Shorten(b, 4)}, {text: "|"}},
			{{text: c}, {text: d, short: terminal.Shorten(d, 4)}, {text: "|"}},
		}}
		lines := strings.Split(all.on(screen{person: true, columns: columns % 100}), "\n")
		even := terminal.Width(lines[0]) == terminal.Width(lines[1]) || max(terminal.Width(a), terminal.Width(b), terminal.Width(c), terminal.Width(d)) > stray
		if len(lines) != 3 || !even || !strings.HasPrefix(lines[0], a) || !strings.HasPrefix(lines[1], c) {
			t.Errorf("%q", lines)
		}
		for _, line := range strings.Split(strings.TrimSuffix(all.on(screen{}), "\n"), "\n") {
			if fields := strings.Split(line, "\t"); len(fields) != 3 || fields[2] != "|" {
				t.Errorf("%q", line)
			}
		}
	})
}
