package cmd

import (
	"strings"
	"testing"
)

// What is no mapping, or no YAML, is refused, and ends.
func TestSettingsFileRefuses(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"- a\n- b\n", "a: 1\n---\na: 2\n", "text\n", "12\n", "a: 1\na: 2\n", "a: [\n", "a: b: c\n", "\ta: 1\n", "a: *nobody\n", "a: &a [*a]\n", "\xff\xff", "a: \x00\n",
		"a: &a {<<: *a}\n", strings.Repeat("[", 20_000), bomb(),
	} {
		if got, err := (&settingsFile{path: "config.yaml"}).parse([]byte(text)); err == nil {
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
