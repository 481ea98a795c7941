package sso

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
)

// object is a JSON object whose members keep their order and their text.
type object []member

type member struct {
	name  string
	value json.RawMessage
}

var errNoObject = errors.New("it is not a JSON object")

// parse reads an object and nothing after it. The error quotes nothing.
func parse(text []byte) (object, error) {
	d := json.NewDecoder(bytes.NewReader(text))
	if start, err := d.Token(); err != nil || start != json.Delim('{') {
		return nil, errNoObject
	}
	o := object{}
	for d.More() {
		m, err := next(d)
		if err != nil {
			return nil, errNoObject
		}
		o = append(o, m)
	}
	if _, err := d.Token(); err != nil {
		return nil, errNoObject
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errNoObject
	}
	return o, nil
}

func next(d *json.Decoder) (m member, err error) {
	name, err := d.Token()
	if err != nil {
		return m, err
	}
	m.name, _ = name.(string)
	return m, d.Decode(&m.value)
}

// find returns the place of a member. Of several the last counts, as in every
// SDK; a name in another case serves where none is exact, as in Rust's.
func (o object) find(name string) int {
	found := -1
	for i, m := range o {
		if m.name == name || strings.EqualFold(m.name, name) && (found < 0 || o[found].name != name) {
			found = i
		}
	}
	return found
}

// text is a member that is a string; empty where it is missing or none.
func (o object) text(name string) string {
	var text string
	if i := o.find(name); i < 0 || json.Unmarshal(o[i].value, &text) != nil {
		return ""
	}
	return text
}

// with returns the object with a member set to a string, under its exact name.
func (o object) with(name, text string) object {
	value, _ := json.Marshal(text) // a string always has a JSON form
	changed, set := object{}, false
	for _, m := range o {
		if !strings.EqualFold(m.name, name) {
			changed = append(changed, m)
		} else if !set {
			changed, set = append(changed, member{name, value}), true
		}
	}
	if !set {
		changed = append(changed, member{name, value})
	}
	return changed
}

// encode writes the object as Python does, its members' values as they came.
func (o object) encode() []byte {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, m := range o {
		if i > 0 {
			b.WriteString(", ")
		}
		name, _ := json.Marshal(m.name) // a string always has a JSON form
		b.Write(name)
		b.WriteString(": ")
		b.Write(m.value)
	}
	b.WriteByte('}')
	return b.Bytes()
}
