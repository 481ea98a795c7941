package cmd

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// readKeyed reads values as a config.yaml that is not looked at for what is in
// it twice.
func readKeyed(text []byte) (keyed, error) {
	file := &settingsFile{path: "config.yaml"}
	values, err := file.parse(text)
	return keyedBy(values), err
}

// What a person may write in YAML, and what is found under which key.
func TestReadKeyed(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]keyed{
		"":                              {},
		"# nothing yet\n":               {},
		"---\n...\n":                    {},
		"null\n":                        {},
		"quiet: true\n":                 {"quiet": true},
		"quiet: \"true\"\n":             {"quiet": "true"},
		"QUIET: yes\n":                  {"quiet": "yes"},
		"server:\n  port: 8080\n":       {"server": subsection{}, "server.port": 8080},
		"server: {port: 0x10}\n":        {"server": subsection{}, "server.port": 16},
		"server.port: 1\n":              {"server.port": 1},
		"server:\n  # port: 1\n":        {"server": nil},
		"server: {}\n":                  {"server": subsection{}},
		"keyring:\n  backend:\n":        {"keyring": subsection{}, "keyring.backend": nil},
		"Keyring:\n  Backend: file\n":   {"keyring": subsection{}, "keyring.backend": "file"},
		"a:\n  b:\n    C: 1.5\n":        {"a": subsection{}, "a.b": subsection{}, "a.b.c": 1.5},
		"a: [x, 1, null, {B: c}]\n":     {"a": []any{"x", 1, nil, map[string]any{"B": "c"}}},
		"1: one\ntrue: yes\n":           {"1": "one", "true": "yes"},
		"a:\n  1: one\n  b: two\n":      {"a": subsection{}, "a.1": "one", "a.b": "two"},
		"a: &x {b: 1}\nc: *x\n":         {"a": subsection{}, "a.b": 1, "c": subsection{}, "c.b": 1},
		"a: &x {b: 1}\nc: {<<: *x}\n":   {"a": subsection{}, "a.b": 1, "c": subsection{}, "c.b": 1},
		"a: |\n  two\n  lines\n":        {"a": "two\nlines\n"},
		"a: !!str 12\n":                 {"a": "12"},
		"\ufeffa: 1\n":                  {"a": 1},
		"a.b: dots\na:\n  b: indents\n": {"a": subsection{}, "a.b": "dots"},
		"a: lower\nA: upper\n":          {"a": "lower"},
		"A: upper\na: lower\n":          {"a": "lower"},
	} {
		got, err := readKeyed([]byte(text))
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("%q: %v\n%s", text, err, diff)
		}
	}
}

// What is no mapping, or no YAML, is refused, and ends.
func TestReadKeyedRefuses(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"- a\n- b\n", "a: 1\n---\na: 2\n", "text\n", "12\n", "a: 1\na: 2\n", "a: [\n", "a: b: c\n", "\ta: 1\n", "a: *nobody\n", "a: &a [*a]\n", "\xff\xff", "a: \x00\n",
		"a: &a {<<: *a}\n", strings.Repeat("[", 20_000), bomb(),
	} {
		if got, err := readKeyed([]byte(text)); err == nil {
			t.Errorf("%.40q: %v", text, got)
		}
	}
}

// bomb is a document of some hundred bytes that stands for thousands of
// millions of values.
func bomb() string {
	text := "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
	for i := range 10 {
		level, next := string(rune('0'+i)), string(rune('1'+i))
		text += "a" + next + ": &a" + next + " [" + strings.Repeat("*a"+level+", ", 9) + "]\n"
	}
	return text
}

func TestKeysOfValuesOnly(t *testing.T) {
	t.Parallel()
	values, err := readKeyed([]byte("b:\n  c: 1\n  D: [1]\na:\nempty: {}\n"))
	if got, want := values.keys(), []string{"a", "b.c", "b.d"}; err != nil || !slices.Equal(got, want) {
		t.Errorf("got %q, %v; want %q", got, err, want)
	}
}

func FuzzReadKeyed(f *testing.F) {
	for _, text := range []string{"a: 1\n", "a:\n  B: [x]\n", "a.b: 1\na: {1: 2}\n", "a: &x {b: 1}\nc: {<<: *x}\n", "? [a]\n: b\n"} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		values, err := readKeyed(text)
		if err != nil {
			return
		}
		again, err := readKeyed(text)
		if err != nil || !slices.Equal(values.keys(), again.keys()) {
			t.Errorf("the same text is read in two ways: %v, %v, %v", values, again, err)
		}
		for key := range values {
			if key != strings.ToLower(key) {
				t.Errorf("key %q is not in lower case", key)
			}
		}
	})
}
