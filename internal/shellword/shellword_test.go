package shellword

import "testing"

func TestUnquote(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"dev":           "dev",
		"":              "",
		"'":             "'",
		`''`:            "",
		`'a b'`:         "a b",
		`"a b"`:         "a b",
		`'it'"'"'s me'`: "it's me",
		`"a\"b"`:        `a"b`,
		`"a\\b"`:        `a\b`,
		`'a`:            `'a`,
		`a'b'`:          `a'b'`,
		`"a'`:           `"a'`,
		`'a' 'b'`:       `a' 'b`,
		`'a'b'`:         `a'b`,
	} {
		if got := Unquote(text); got != want {
			t.Errorf("Unquote(%s) = %s, want %s", text, got, want)
		}
	}
}
