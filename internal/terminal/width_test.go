package terminal

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestWidth(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, text string
		want       int
	}{
		{"nothing", "", 0},
		{"ascii", "prod-admin", 10},
		{"latin", "Zürich", 6},
		{"a letter and a mark on it", "Zu\u0308rich", 6},
		{"several marks on one letter", "z\u0301\u0302\u0303", 1},
		{"an enclosing mark", "1\u20dd", 1},
		{"chinese", "生产环境", 8},
		{"japanese", "本番アカウント", 14},
		{"halfwidth katakana", "ｱｶｳﾝﾄ", 5},
		{"fullwidth latin", "ＰＲＯＤ", 8},
		{"korean syllables", "운영", 4},
		{"korean parts", "\u110b\u116e\u11ab", 2},
		{"an emoji", "🚀", 2},
		{"an emoji with a skin tone", "👍🏽", 2},
		{"a skin tone by itself", "🏽", 2},
		{"a skin tone after a letter", "a🏽", 3},
		{"a skin tone after an emoji that was composed", "👍\u0301🏽", 2},
		{"joined emoji as Visible spells them", Visible("👩\u200d💻"), 2 + len(`\u200d`) + 2},
		{"a variation selector as Visible spells it", Visible("❤\ufe0f"), 1 + len(`\ufe0f`)},
		{"hebrew", "ייצור", 5},
		{"arabic with vowels", "إِنتاج", 5},
		{"thai with vowels above", "ผู้ใช้", 3},
		{"ambiguous", "±°§—…│", 6},
		{"box drawing", "└─ ", 3},
		{"mixed", "a生b", 4},
	} {
		if got := Width(c.text); got != c.want {
			t.Errorf("%s: the width of %q is %d, want %d", c.name, c.text, got, c.want)
		}
	}
}

func TestShorten(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text    string
		columns int
		want    string
	}{
		{"", 0, ""},
		{"", 5, ""},
		{"prod", 4, "prod"},
		{"prod", 3, "pr…"},
		{"prod", 1, "…"},
		{"prod", 0, ""},
		{"prod", -3, ""},
		{"生产环境", 8, "生产环境"},
		{"生产环境", 7, "生产环…"},
		{"生产环境", 6, "生产…"},
		{"生产环境", 2, "…"},
		{"Zu\u0308rich", 3, "Zu\u0308…"},
		{"👍🏽👍🏽", 3, "👍🏽…"},
	} {
		if got := Shorten(c.text, c.columns); got != c.want {
			t.Errorf("%q in %d columns is %q, want %q", c.text, c.columns, got, c.want)
		}
	}
}

func TestPad(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{"": "    ", "ab": "ab  ", "生": "生  ", "prods": "prods"} {
		if got := Pad(text, 4); got != want {
			t.Errorf("%q padded to 4 columns is %q, want %q", text, got, want)
		}
	}
}

// TestWidthOfAscii holds the fast way to the table.
func TestWidthOfAscii(t *testing.T) {
	t.Parallel()
	for r := ' '; r <= '~'; r++ {
		if got := Width(string(r)); got != 1 {
			t.Errorf("%q takes %d columns", r, got)
		}
	}
}

func FuzzWidth(f *testing.F) {
	for _, seed := range []string{"", "prod", "生产", "Zu\u0308rich", "👩\u200d💻", "\xff\x1b[31m", "\u110b\u116e"} {
		f.Add(seed, 5)
	}
	f.Fuzz(func(t *testing.T, text string, columns int) {
		text, columns = Visible(text), columns%200
		whole := Width(text)
		if whole < 0 || whole > 2*utf8.RuneCountInString(text) {
			t.Fatalf("%q takes %d columns", text, whole)
		}
		short := Shorten(text, columns)
		if got := Width(short); got > max(0, columns) {
			t.Fatalf("%q takes %d columns of %d", short, got, columns)
		}
		if kept, cut := strings.CutSuffix(short, ellipsis); short != text && (!cut && short != "" || !strings.HasPrefix(text, kept)) {
			t.Fatalf("%q was shortened to %q", text, short)
		}
		if got := Width(Pad(text, columns)); got != max(whole, columns) {
			t.Fatalf("%q padded to %d columns takes %d", text, columns, got)
		}
	})
}
