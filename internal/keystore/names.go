package keystore

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"assume-role/internal/fault"
)

// An item name is "kind-rest" in lower-case letters, digits and "-_%~" only, so
// that it is a file name on every system, tells no two items apart by case
// alone, and is never one of the names that Windows reserves.
const (
	sessionPrefix = "session-"
	keyPrefix     = "key-"
	nextPrefix    = "nextkey-"
	totpPrefix    = "totp-"
	// maxName leaves room for the suffixes of files within 255 bytes.
	maxName = 200
)

// checkName refuses what is not an item name of this package.
func checkName(name string) error {
	kind, rest, found := strings.Cut(name, "-")
	if !found || kind == "" || rest == "" || len(name) > maxName || kind == chunkKind {
		return fault.New(fault.InvalidValue, "%q is not the name of a key store item", name)
	}
	for i := range len(name) {
		if !plain(name[i]) && name[i] != '%' && name[i] != '~' {
			return fault.New(fault.InvalidValue, "%q is not the name of a key store item", name)
		}
	}
	return nil
}

// itemName returns the name of the item of that kind for any text, injectively:
// percent-encoded, or a hash where that would be too long for a file name.
func itemName(prefix, text string) string {
	if name := prefix + encode(text); len(name) <= maxName {
		return name
	}
	sum := sha256.Sum256([]byte(text))
	return prefix + "~" + hex.EncodeToString(sum[:])
}

// itemText is the inverse of itemName, but for the texts that were hashed.
func itemText(prefix, name string) (text string, ok bool) {
	rest, found := strings.CutPrefix(name, prefix)
	if !found || strings.HasPrefix(rest, "~") {
		return "", false
	}
	return decode(rest)
}

// plain reports whether the byte stands for itself in an item name. Capital
// letters do not, because some file systems and stores fold them.
func plain(c byte) bool {
	return 'a' <= c && c <= 'z' || '0' <= c && c <= '9' || c == '-' || c == '_'
}

// encode writes every byte that is not plain as %xx. An empty text becomes a
// lone %, so that every item name has something after its prefix.
func encode(text string) string {
	if text == "" {
		return "%"
	}
	const digits = "0123456789abcdef"
	var b strings.Builder
	for i := range len(text) {
		if c := text[i]; plain(c) {
			b.WriteByte(c)
		} else {
			b.Write([]byte{'%', digits[c>>4], digits[c&15]})
		}
	}
	return b.String()
}

// decode is the inverse of encode; not ok for what encode never writes.
func decode(encoded string) (text string, ok bool) {
	var b strings.Builder
	for rest := encoded; rest != "" && rest != "%"; {
		if rest[0] != '%' {
			b.WriteByte(rest[0])
			rest = rest[1:]
			continue
		}
		if len(rest) < 3 {
			return "", false
		}
		c, err := hex.DecodeString(rest[1:3])
		if err != nil {
			return "", false
		}
		b.WriteByte(c[0])
		rest = rest[3:]
	}
	return b.String(), encode(b.String()) == encoded
}
