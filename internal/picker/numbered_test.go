package picker

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"assume-role/internal/fault"
)

// teletype is a terminal that can only add lines, with what is typed into it.
type teletype struct {
	answers []string
	paper   strings.Builder
}

func (t *teletype) Say(text string) { t.paper.WriteString(text + "\n") }

func (t *teletype) Ask(_ context.Context, prompt string) (string, error) {
	if len(t.answers) == 0 {
		return "", fault.ErrInterrupted
	}
	answer := t.answers[0]
	t.answers = t.answers[1:]
	t.paper.WriteString(prompt + answer + "\n")
	return answer, nil
}

func TestNumbered(t *testing.T) {
	t.Parallel()
	for answers, want := range map[string]string{
		"1":             "n00",
		" 3 ":           "n02",
		"20":            "n19",
		"21,n21":        "n21", // no line has this number: it is a part of a name
		"n2,3":          "n22", // the third of those that match
		"zz,2":          "n01",
		"2x,,2":         "n01",
		"n29":           "n29",
		"0,99,-1,n0,10": "n09",
	} {
		tty := &teletype{answers: strings.Split(answers, ",")}
		list := numbers(30)
		index, err := numbered(t.Context(), tty, list)
		if err != nil || list.Names[index] != want {
			t.Errorf("%s: %s, %v, not %s\n%s", answers, list.Names[index], err, want, tty.paper.String())
		}
	}
}

func TestNumberedIsLeft(t *testing.T) {
	t.Parallel()
	if _, err := numbered(t.Context(), &teletype{}, numbers(3)); !errors.Is(err, fault.ErrInterrupted) {
		t.Errorf("%v", err)
	}
}

func TestNumberedShows(t *testing.T) {
	t.Parallel()
	tty := &teletype{answers: []string{"q", "prod", "1"}}
	if _, err := numbered(t.Context(), tty, profiles()); err != nil {
		t.Fatal(err)
	}
	_, shown, _ := strings.Cut(tty.paper.String(), "q\n")
	want := `nothing matches q
  1  prod                                                          123456789012  admin     eu-west-1       42m left
  2  日本語                                                        210987654321  ReadOnly  ap-northeast-1
  3  keys                                                                        static
  4  evil\u202e\x1b[2J                                             ! nothing in it gives \x07credentials
  5  ` + strings.Repeat("long", 30) + `  123456789012  admin
Profile, by its number or a part of its name: prod
`
	if d := cmp.Diff(want, shown); d != "" {
		t.Error(d)
	}
}

// TestNumberedShowsFew: of many, twenty, and how to find the others.
func TestNumberedShowsFew(t *testing.T) {
	t.Parallel()
	tty := &teletype{answers: []string{"1"}}
	if _, err := numbered(t.Context(), tty, numbers(30)); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(tty.paper.String(), "\n")
	if len(lines) != 23 || lines[19] != " 20  n19" || lines[20] != "     … and 10 more: type a part of the name" {
		t.Errorf("%q", lines)
	}
}
