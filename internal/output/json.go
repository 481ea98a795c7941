package output

import (
	"bytes"
	"encoding/json"

	"assume-role/internal/creds"
)

// writeObject writes a flat JSON object whose members keep their order. The
// format's name is for the error about a text that is not UTF-8, which JSON
// cannot hold.
func writeObject(text *bytes.Buffer, format string, members []member) error {
	text.WriteString("{")
	for i, m := range members {
		if i > 0 {
			text.WriteByte(',')
		}
		if s, ok := m.value.(creds.Secret); ok {
			if reason := onlyUTF8(s.Reveal()); reason != "" {
				return &Unrepresentable{format, m.name, reason}
			}
			m.value = s.Reveal()
		}
		text.WriteString("\n  ")
		writeJSON(text, m.name)
		text.WriteString(": ")
		writeJSON(text, m.value)
	}
	text.WriteString("\n}\n")
	return nil
}

// member is a member of a JSON object: a creds.Secret, or a number.
type member struct {
	name  string
	value any
}

// writeJSON writes a string or a number. Neither can fail.
func writeJSON(text *bytes.Buffer, value any) {
	e := json.NewEncoder(text)
	e.SetEscapeHTML(false)
	_ = e.Encode(value)
	text.Truncate(text.Len() - len("\n"))
}
