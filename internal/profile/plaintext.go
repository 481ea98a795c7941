package profile

import (
	"strings"
	"unicode/utf16"
)

// plainText takes the byte-order mark off a text. Windows PowerShell's >
// writes UTF-16, which becomes UTF-8.
func plainText(text string) string {
	body, ok := strings.CutPrefix(text, "\xff\xfe")
	if !ok || len(body)%2 != 0 {
		return strings.TrimPrefix(text, "\ufeff")
	}
	units := make([]uint16, len(body)/2)
	for i := range units {
		units[i] = uint16(body[2*i]) | uint16(body[2*i+1])<<8
	}
	return string(utf16.Decode(units))
}
