package awsfile

import (
	"strings"
	"testing"
)

const (
	beginOwn = "# >>> assume-role: own >>>\n"
	endOwn   = "# <<< assume-role: own <<<\n"
)

func TestBlock(t *testing.T) {
	t.Parallel()
	const mine = "# mine\n[profile a]\nk = v\n"
	f := parsed(t, mine)
	if _, ok := f.Block("own"); ok {
		t.Error("there is a block already")
	}
	steps := []struct{ set, want string }{
		{"[profile p]\nx = 1\n", mine + "\n" + beginOwn + "[profile p]\nx = 1\n" + endOwn},
		{"# head\n[profile q]\n", mine + "\n" + beginOwn + "# head\n[profile q]\n" + endOwn},
		{"", mine + "\n" + beginOwn + endOwn},
	}
	for _, s := range steps {
		if err := f.SetBlock("own", []byte(s.set)); err != nil {
			t.Fatal(err)
		}
		become(t, f, s.want)
		if got, ok := f.Block("own"); !ok || string(got) != s.set {
			t.Errorf("got %q, %v", got, ok)
		}
		if _, ok := f.Block("other"); ok {
			t.Error("another owner has it, too")
		}
	}
	for range 2 {
		if err := f.SetBlock("own", nil); err != nil {
			t.Fatal(err)
		}
		become(t, f, mine)
	}
}

// A block where the user moved it stays there, and so does what is around it.
func TestBlockInTheMiddle(t *testing.T) {
	t.Parallel()
	const above, below = "[profile a]\r\nk = v\r\n", "\r\n# of b\r\n[profile b]\r\nl = w"
	crlf := func(text string) string { return strings.ReplaceAll(text, "\n", "\r\n") }
	f := parsed(t, above+crlf(beginOwn)+"[profile p]\r\n"+crlf(endOwn)+below)
	if err := f.SetBlock("own", []byte("[profile q]\nx = 1\n")); err != nil {
		t.Fatal(err)
	}
	become(t, f, above+crlf(beginOwn)+"[profile q]\r\nx = 1\r\n"+crlf(endOwn)+below)
	if err := f.Set("profile a", "m", "n"); err != nil {
		t.Fatal(err)
	}
	become(t, f, above+"m = n\r\n"+crlf(beginOwn)+"[profile q]\r\nx = 1\r\n"+crlf(endOwn)+below)
}

func TestSetBlockRefuses(t *testing.T) {
	t.Parallel()
	const good = "[profile p]\n"
	for name, c := range map[string]struct{ file, owner, text, want string }{
		"no end":             {beginOwn + "[profile p]\n", "own", good, "not one pair (:1)"},
		"no begin":           {"[profile p]\n" + endOwn, "own", good, "not one pair"},
		"turned round":       {endOwn + beginOwn, "own", good, "not one pair"},
		"twice":              {beginOwn + endOwn + beginOwn + endOwn, "own", good, "not one pair"},
		"another one inside": {beginOwn + "# >>> assume-role: x >>>\n" + endOwn, "own", good, "not one pair"},
		"a setting behind":   {beginOwn + "[profile p]\n" + endOwn + "k = v\n", "own", good, "a setting stands behind the end"},
		"no section":         {"", "own", "k = v\n", "before the first section"},
		"no ending":          {"", "own", "[profile p]", "cannot own a block"},
		"a marker":           {"", "own", beginOwn, "cannot own a block"},
		"no owner":           {"", "", good, "cannot own a block"},
		"two lines":          {"", "a\nb", good, "cannot own a block"},
		"a blank at its end": {"", "a ", good, "cannot own a block"},
	} {
		f := parsed(t, c.file)
		if err := f.SetBlock(c.owner, []byte(c.text)); err == nil || !strings.Contains(err.Error(), strings.Split(c.want, " (:")[0]) {
			t.Errorf("%s: %v", name, err)
		}
		become(t, f, c.file)
	}
	f := parsed(t, beginOwn+"[profile p]\n"+endOwn+"# c\n\n[x]\nk = v\n")
	if err := f.SetBlock("own", nil); err != nil {
		t.Error(err)
	}
	become(t, f, "# c\n\n[x]\nk = v\n")
}

func TestParts(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text, head string
		parts      []Part
	}{
		{"", "", nil},
		{"[profile \"'q'\"]\n[profile ' ']\n", "", []Part{{`profile ''"'"'q'"'"''`, "[profile \"'q'\"]\n"}, {"profile ' '", "[profile ' ']\n"}}},
		{"# c\n", "# c\n", nil},
		{"# c\n[ profile 'a b' ]\nk = v\n# d\n[x]", "# c\n", []Part{{"profile a b", "[ profile 'a b' ]\nk = v\n# d\n"}, {"x", "[x]"}}},
	} {
		head, parts := parsed(t, c.text).Parts()
		if head != c.head || len(parts) != len(c.parts) {
			t.Fatalf("%q: %q %q", c.text, head, parts)
		}
		for i, p := range parts {
			if p != c.parts[i] {
				t.Errorf("got %q, want %q", p, c.parts[i])
			}
		}
	}
}
