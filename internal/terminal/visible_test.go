package terminal

import (
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestVisible(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"":                        "",
		"arn:aws:iam::1:role/a b": "arn:aws:iam::1:role/a b",
		"Ünïcødé ☃ 日本 𝄞":          "Ünïcødé ☃ 日本 𝄞",
		`C:\Users\x`:              `C:\Users\x`,
		"\x1b[31mred\x07":         `\x1b[31mred\x07`,
		"a\r\nb\tc":               `a\r\nb\tc`,
		"\u202eevil\u2066":        `\u202eevil\u2066`,
		"zero\u200bwidth\ufeff":   `zero\u200bwidth\ufeff`,
		"soft\u00adhyphen":        `soft\u00adhyphen`,
		"no\u00a0break":           `no\u00a0break`,
		"c1 \u009b31m":            `c1 \u009b31m`,
		"tag\U000e0041":           `tag\U000e0041`,
		"variation\ufe0f":         `variation\ufe0f`,
		"hangul\u3164filler":      `hangul\u3164filler`,
		"bad\xff\xc3":             `bad\xff\xc3`,
		"half \xed\xa0\x80":       `half \xed\xa0\x80`,
		"replacement \ufffd":      "replacement \ufffd",
		"del\x7f":                 `del\x7f`,
		"line\u2028paragraph":     `line\u2028paragraph`,
	} {
		if got := Visible(in); got != want {
			t.Errorf("Visible(%q) = %q, want %q", in, got, want)
		}
	}
}

func FuzzVisible(f *testing.F) {
	for _, seed := range []string{"", "plain", "\x1b]0;x\x07", "\u202ea\xffb", "\U000e0001", "\xed\xa0\x80", "é\n", "\ufffd"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := Visible(s)
		if !utf8.ValidString(got) {
			t.Fatalf("Visible(%q) = %q is not UTF-8", s, got)
		}
		for _, r := range got {
			if unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Cs, unicode.Zl, unicode.Zp, unicode.Bidi_Control) {
				t.Fatalf("Visible(%q) = %q shows %U", s, got, r)
			}
			if r != ' ' && unicode.In(r, unicode.Zs, unicode.Variation_Selector, unicode.Other_Default_Ignorable_Code_Point) {
				t.Fatalf("Visible(%q) = %q hides %U", s, got, r)
			}
		}
		if again := Visible(got); again != got {
			t.Fatalf("Visible is not stable: %q, %q", got, again)
		}
		if len(got) < len(s) {
			t.Fatalf("Visible(%q) = %q lost something", s, got)
		}
	})
}
