package picker

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"assume-role/internal/terminal"
)

// keysOf decodes what a terminal sends and then nothing more.
func keysOf(sent string) []key {
	var d decoder
	var keys []key
	add := func(k key) {
		if k != (key{}) {
			keys = append(keys, k)
		}
	}
	for _, b := range []byte(sent) {
		add(d.feed(b))
	}
	add(d.flush())
	return keys
}

func TestKeys(t *testing.T) {
	t.Parallel()
	one := func(a action) []key { return []key{{action: a}} }
	text := func(texts ...string) (keys []key) {
		for _, t := range texts {
			keys = append(keys, key{insert, t})
		}
		return keys
	}
	for sent, want := range map[string][]key{
		"ab ":   text("a", "b", " "),
		"é日":    text("é", "日"),
		"\r":    one(choose),
		"\n":    one(choose),
		"\x03":  one(cancel),
		"\x07":  one(cancel),
		"\x04":  one(endOfInput),
		"\x1a":  one(suspend),
		"\x7f":  one(deleteLast),
		"\x08":  one(deleteLast),
		"\x15":  one(deleteAll),
		"\x17":  one(deleteWord),
		"\x0e":  one(down),
		"\x10":  one(up),
		"\x1b":  one(cancel),
		"\x00":  nil,
		"\t":    nil,
		"\x1c":  nil,
		"\xff":  text(""),
		"\xe6a": text("a"),
		// Arrows in both of their modes, with Ctrl held, and on the keypad.
		"\x1b[A\x1b[B":       {{action: up}, {action: down}},
		"\x1bOA\x1bOB":       {{action: up}, {action: down}},
		"\x1b[1;5A":          one(up),
		"\x1bOM":             one(choose),
		"\x1b[C\x1b[D":       nil,
		"\x1b[5~\x1b[6~":     {{action: pageUp}, {action: pageDown}},
		"\x1b[6;5~":          one(pageDown),
		"\x1b[H\x1b[F":       {{action: first}, {action: last}},
		"\x1bOH\x1bOF":       {{action: first}, {action: last}},
		"\x1b[1~\x1b[4~":     {{action: first}, {action: last}},
		"\x1b[7~\x1b[8~":     {{action: first}, {action: last}},
		"\x1b[3~\x1b[2~":     nil,
		"\x1b[[Ax":           text("x"), // F1 of the Linux console
		"\x1bOPx":            text("x"), // F1 elsewhere
		"\x1b[15~x":          text("x"),
		"\x1bfx":             text("x"), // Alt-F
		"\x1b\x1b":           {{action: cancel}, {action: cancel}},
		"\x1b\x1b[A":         {{action: cancel}, {action: up}},
		"\x1b[I\x1b[Ox":      text("x"), // the focus comes and goes
		"\x1b[":              nil,
		"\x1b[1;":            nil,
		"\x1b[24;80Rx":       text("x"), // the answer to a question nobody asked
		"\x1b[<0;1;1Mx":      text("x"), // a mouse
		"\u0085\u202e\u200b": text("", "", ""),
	} {
		if got := keysOf(sent); !cmp.Equal(got, want, cmp.AllowUnexported(key{})) {
			t.Errorf("%q: %v, not %v", sent, got, want)
		}
	}
}

// TestPaste: a paste is one text, and nothing in it chooses.
func TestPaste(t *testing.T) {
	t.Parallel()
	for pasted, want := range map[string]string{
		"prod":            "prod",
		"pr\nod\r\n":      "pr od  ",
		"a\x03b\x15c\x1a": "abc",
		"a\u202eb\xffc":   "abc",
		"":                "",
		"\x1b[Aup":        "up",
	} {
		if got, want := keysOf("\x1b[200~"+pasted+"\x1b[201~\r"), []key{{insert, want}, {action: choose}}; !cmp.Equal(got, want, cmp.AllowUnexported(key{})) {
			t.Errorf("%q: %v, not %v", pasted, got, want)
		}
	}
	got := keysOf("\x1b[200~" + strings.Repeat("x", 1<<20) + "\x1b[201~")
	if len(got) != 1 || got[0].text != strings.Repeat("x", longestQuery) {
		t.Errorf("a long paste: %d keys", len(got))
	}
}

// TestPasteThatNeverEnds: the keys that leave the list are looked for in a
// paste as well, since its end may have been lost.
func TestPasteThatNeverEnds(t *testing.T) {
	t.Parallel()
	if got, want := keysOf("\x1b[200~abc\x1b[201~\x03"), []key{{insert, "abc"}, {action: cancel}}; !cmp.Equal(got, want, cmp.AllowUnexported(key{})) {
		t.Errorf("%v", got)
	}
}

// TestLongSequence: what never ends is given up.
func TestLongSequence(t *testing.T) {
	t.Parallel()
	got := keysOf("\x1b[" + strings.Repeat("1", longestSequence-2) + "x")
	if want := []key{{insert, "x"}}; !cmp.Equal(got, want, cmp.AllowUnexported(key{})) {
		t.Errorf("%v", got)
	}
}

// FuzzKeys: whatever a terminal sends, what is kept of it is bounded, and what
// is typed is visible text.
func FuzzKeys(f *testing.F) {
	for _, seed := range []string{"ab\r", "\x1b[A\x1bOB\x1b[1;5~", "\x1b[200~x\ny\x1b[201~", "\x1b[[A", "\xe6\x97", "\x1b\x1b\x1b[<0;1;1M"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, sent []byte) {
		var d decoder
		for _, b := range sent {
			checkKey(t, d.feed(b))
			if len(d.partial) > longestSequence || len(d.pasted) > longestQuery+longestSequence {
				t.Fatalf("%d and %d bytes kept", len(d.partial), len(d.pasted))
			}
		}
		checkKey(t, d.flush())
		if d.waiting() {
			t.Error("still waiting")
		}
	})
}

func checkKey(t *testing.T, k key) {
	t.Helper()
	if !utf8.ValidString(k.text) || terminal.Visible(k.text) != k.text {
		t.Errorf("%q is not visible text", k.text)
	}
	if k.text != "" && k.action != insert {
		t.Errorf("%q comes with %d", k.text, k.action)
	}
}
