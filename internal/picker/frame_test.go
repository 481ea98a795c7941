package picker

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"assume-role/internal/terminal"
)

// profiles is a list with something of everything.
func profiles() List {
	rows := []struct {
		name string
		row  Row
	}{
		{"prod", Row{Cells: []string{"123456789012", "admin", "eu-west-1", "42m left"}}},
		{"日本語", Row{Cells: []string{"210987654321", "ReadOnly", "ap-northeast-1", ""}}},
		{"keys", Row{Cells: []string{"", "static", "", ""}}},
		{"evil\u202e\x1b[2J", Row{Mark: "! nothing in it gives \x07credentials"}},
		{strings.Repeat("long", 30), Row{Cells: []string{"123456789012", "admin", "", ""}}},
	}
	list := List{Title: "Profile", Row: func(i int) Row { return rows[i].row }}
	for _, r := range rows {
		list.Names = append(list.Names, r.name)
	}
	return list
}

func TestFrame(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		columns, rows int
		sent, want    string
	}{
		{200, 24, "", `Profile (5 of 5):
> prod                                                          123456789012  admin     eu-west-1       42m left
  日本語                                                        210987654321  ReadOnly  ap-northeast-1
  keys                                                                        static
  evil\u202e\x1b[2J                                             ! nothing in it gives \x07credentials
  longlonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglong  123456789012  admin`},
		{60, 24, "o\x1b[B", `Profile (2 of 5): o
  prod                                                    …
> longlonglonglonglonglonglonglonglonglonglonglonglonglong…`},
		{60, 24, "prod", `Profile (1 of 5): prod
> prod  123456789012  admin  eu-west-1  42m left`},
		{20, 24, "prod", "> prod\n> prod  1234567890…"},
		{20, 3, "", "Profile (5 of 5):\n> prod    12345678…\n  日本語  21098765…"},
		{20, 1, "", "Profile (5 of 5):"},
		{60, 1, "pro", "Profile (1 of 5): pro  prod"},
		{60, 24, "zzz", "Profile (0 of 5): zzz\n  nothing matches"},
		{60, 1, "zzz", "Profile (0 of 5): zzz"},
		{20, 2, "an unlikely long text", "> likely long text\n  nothing matches"},
	} {
		m := newModel(profiles())
		typeInto(m, tc.sent)
		s := newVT(tc.columns, tc.rows)
		draw(s, m, none)
		if d := cmp.Diff(tc.want, s.text()); d != "" || s.problem != "" || s.scrolled > 0 {
			t.Errorf("%dx%d %q: %s %s, %d scrolled", tc.columns, tc.rows, tc.sent, s.problem, d, s.scrolled)
		}
	}
}

func draw(s *vt, m *model, palette terminal.Palette) {
	_, _ = s.Write(m.frame(s.columns, s.rows, palette).bytes())
}

// TestFrameReplacesTheOneBefore: at the bottom of the screen too, where the
// first one makes it scroll, and the lines above stay.
func TestFrameReplacesTheOneBefore(t *testing.T) {
	t.Parallel()
	s := newVT(60, 8)
	fmt.Fprint(s, "one\r\ntwo\r\nthree\r\nfour\r\nfive\r\n")
	m := newModel(profiles())
	draw(s, m, none)
	typeInto(m, "prod")
	draw(s, m, none)
	want := "four\nfive\nProfile (1 of 5): prod\n> prod  123456789012  admin  eu-west-1  42m left"
	if d := cmp.Diff(want, strings.TrimLeft(s.text(), "\n")); !strings.HasSuffix(s.text(), want) || s.problem != "" {
		t.Errorf("%s %s", s.problem, d)
	}
	if s.y != strings.Count(s.text(), "\n")-1 || s.x != len("Profile (1 of 5): prod") {
		t.Errorf("the cursor is at %d, %d", s.x, s.y)
	}
	fmt.Fprint(s, erase)
	if !strings.HasSuffix(s.text(), "four\nfive") {
		t.Errorf("it is not gone: %s", s.text())
	}
}

// TestEverySize: no size makes a line too long or the list too high.
func TestEverySize(t *testing.T) {
	t.Parallel()
	for columns := 1; columns < 130; columns += 1 + columns/20 {
		for _, rows := range []int{1, 2, 3, 7, 24, 100} {
			m := newModel(profiles())
			for _, sent := range []string{"", "\x1b[F", "o", "日本語日本語日本語日本語日本語", "\x15"} {
				typeInto(m, sent)
				s := newVT(columns, rows)
				draw(s, m, none)
				if columns > 1 && s.problem != "" || s.scrolled > 0 {
					t.Fatalf("%dx%d %q: %s, %d scrolled", columns, rows, sent, s.problem, s.scrolled)
				}
			}
		}
	}
}

// TestFrameShowsNothingThatATerminalObeys: of names and of what is said of them.
func TestFrameShowsNothingThatATerminalObeys(t *testing.T) {
	t.Parallel()
	list := profiles()
	for _, line := range newModel(list).frame(300, 24, none).lines {
		if terminal.Visible(line) != line {
			t.Errorf("%q", line)
		}
	}
}
