package keystore

import (
	"strings"
	"testing"
)

func TestItemNamesNeverCollide(t *testing.T) {
	t.Parallel()
	seen := map[string]string{}
	for _, text := range append(strangeProfiles(), "%", "%%", "~", "session-", "session-a", "A%41", "%41A") {
		name := itemName(keyPrefix, text)
		if err := checkName(name); err != nil {
			t.Errorf("%q: %v", text, err)
		}
		folded := strings.ToLower(name)
		if other, taken := seen[folded]; taken && other != text {
			t.Errorf("%q and %q are both %s where case is folded", text, other, folded)
		}
		seen[folded] = text
	}
}

func TestCheckNameRefuses(t *testing.T) {
	t.Parallel()
	for _, name := range []string{
		"", "x", "-x", "key-", "key-A", "key-a/b", "../key-a", "key-..", "con", "key-a.item", "key-a b", "key-é",
		"chunk-9-key-a", "key-" + strings.Repeat("a", maxName), "key-\x00", "key-a\\b", "key-a:b",
	} {
		if checkName(name) == nil {
			t.Errorf("%q passes for an item name", name)
		}
	}
}

func FuzzItemName(f *testing.F) {
	for _, text := range strangeProfiles() {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		name := itemName(sessionPrefix, text)
		if err := checkName(name); err != nil {
			t.Errorf("%q: %v", text, err)
		}
		if back, ok := itemText(sessionPrefix, name); ok && back != text {
			t.Errorf("%q became %q", text, back)
		} else if !ok && len(text) < 50 {
			t.Errorf("%q is hashed without need", text)
		}
	})
}

func FuzzDecode(f *testing.F) {
	f.Add("%41")
	f.Add("%")
	f.Add("a%")
	f.Add("%zz")
	f.Fuzz(func(t *testing.T, encoded string) {
		if text, ok := decode(encoded); ok && encode(text) != encoded {
			t.Errorf("%q stands for %q, which is written %q", encoded, text, encode(text))
		}
	})
}
