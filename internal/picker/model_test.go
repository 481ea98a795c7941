package picker

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// numbers is a list of so many names: n00, n01 …
func numbers(count int) List {
	var names []string
	for i := range count {
		names = append(names, fmt.Sprintf("n%02d", i))
	}
	return List{Title: "Name", Names: names, Row: func(int) Row { return Row{} }}
}

// typeInto presses what the terminal sends.
func typeInto(m *model, sent string) outcome {
	last := goesOn
	for _, k := range keysOf(sent) {
		last = m.press(k)
	}
	return last
}

func (m *model) currentName() string {
	if i, ok := m.current(); ok {
		return m.names[i]
	}
	return ""
}

func TestModel(t *testing.T) {
	t.Parallel()
	const downKey, upKey, pageDownKey, pageUpKey, homeKey, endKey = "\x1b[B", "\x1b[A", "\x1b[6~", "\x1b[5~", "\x1b[H", "\x1b[F"
	for sent, want := range map[string]string{
		"":                                "n00",
		downKey + downKey:                 "n02",
		downKey + upKey + upKey:           "n00",
		pageDownKey:                       "n05",
		pageDownKey + pageDownKey + upKey: "n09",
		pageDownKey + pageUpKey:           "n00",
		endKey:                            "n29",
		endKey + downKey:                  "n29",
		endKey + homeKey:                  "n00",
		"\x0e\x0e\x10":                    "n01",
		"17":                              "n17",
		"17\x7f":                          "n10",
		"17\x7f\x7f\x7f":                  "n00",
		"zz":                              "",
		"zz" + downKey + upKey + endKey:   "",
		"zz\x15":                          "n00",
		"n2 7":                            "n27",
		"n2 7\x17":                        "n20",
		"n2 7\x17\x17":                    "n00",
		"n2 7 \x17":                       "n20",
		"\x17\x7f\x15":                    "n00",
		downKey + downKey + "n":           "n00", // the best match of what is new
		downKey + "1" + downKey:           "n11",
	} {
		m := newModel(numbers(30))
		m.inView(5)
		typeInto(m, sent)
		if got := m.currentName(); got != want {
			t.Errorf("%q: %q, not %q", sent, got, want)
		}
	}
}

func TestOutcomes(t *testing.T) {
	t.Parallel()
	for sent, want := range map[string]outcome{
		"\r": chosen, "n1\r": chosen, "zz\r": goesOn, "\x1b": cancelled, "\x03": cancelled,
		"\x04": cancelled, "a\x04": goesOn, "\x1a": suspended, "\t": goesOn, "x": goesOn,
	} {
		if got := typeInto(newModel(numbers(30)), sent); got != want {
			t.Errorf("%q: %d, not %d", sent, got, want)
		}
	}
}

// TestInView: the selected row is always in view, and the view is full where
// there is enough to fill it.
func TestInView(t *testing.T) {
	t.Parallel()
	m := newModel(numbers(30))
	for _, step := range []struct {
		sent string
		room int
		want string
	}{
		{"", 5, "n00 n04"},
		{"\x1b[B\x1b[B\x1b[B\x1b[B", 5, "n00 n04"},
		{"\x1b[B", 5, "n01 n05"},
		{"", 3, "n03 n05"},
		{"", 10, "n03 n12"},
		{"\x1b[F", 10, "n20 n29"},
		{"\x1b[A", 10, "n20 n29"},
		{"", 1, "n28 n28"},
		{"", 40, "n00 n29"},
		{"\x1b[H", 5, "n00 n04"},
		{"29", 5, "n29 n29"},
	} {
		typeInto(m, step.sent)
		view := m.inView(step.room)
		if got := m.names[view[0]] + " " + m.names[view[len(view)-1]]; got != step.want {
			t.Errorf("%q in %d: %s, not %s", step.sent, step.room, got, step.want)
		}
		if i, _ := m.current(); !slices.Contains(view, i) {
			t.Errorf("%q in %d: the selected row is out of view", step.sent, step.room)
		}
	}
	if view := m.inView(0); len(view) != 0 {
		t.Errorf("%v where there is no room", view)
	}
}

// TestLongQuery: what is typed is bounded, and stays whole characters.
func TestLongQuery(t *testing.T) {
	t.Parallel()
	m := newModel(numbers(3))
	typeInto(m, strings.Repeat("日", 200))
	if len(m.query) != longestQuery/3*3 || strings.Trim(m.query, "日") != "" {
		t.Errorf("%d bytes", len(m.query))
	}
}

// TestRowsAreMadeWhenShown: of ten thousand only what is in view, and once.
func TestRowsAreMadeWhenShown(t *testing.T) {
	t.Parallel()
	made := map[int]int{}
	list := numbers(10_000)
	list.Row = func(i int) Row { made[i]++; return Row{} }
	m := newModel(list)
	for range 3 {
		m.frame(80, 24, none)
	}
	if len(made) != mostRows {
		t.Errorf("%d rows were made", len(made))
	}
	for i, times := range made {
		if times != 1 {
			t.Errorf("row %d was made %d times", i, times)
		}
	}
}
