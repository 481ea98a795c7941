package profile

import (
	"strconv"
	"strings"
)

// parse reads the values of some sections of one file, which merge in the
// file's order; the last of two values counts. Settings whose name no SDK
// accepts are left out. The text has been scanned, so that nothing in it can
// be wrong.
func (d *document) parse(sections []section) settings {
	values := settings{}
	for _, s := range sections {
		r := reader{document: d, into: values}
		r.read(d.text[s.start:s.end], s.line)
	}
	return values
}

// reader reads one section's body, line by line.
type reader struct {
	*document
	into settings
	// open is the setting that further lines may continue.
	open pending
}

func (r *reader) read(body string, headerLine int) {
	l := lines{rest: body, number: headerLine}
	for line, ok := l.next(); ok; line, ok = l.next() {
		switch kindOf(line) {
		case propertyLine:
			r.close()
			name, value, _ := split(cutComment(line))
			r.open = pending{name: strings.ToLower(name), value: value, line: l.number}
		case continuationLine:
			r.open.goOn(trim(line), l.number)
		}
	}
	r.close()
}

// close keeps the setting that is open, if its name counts.
func (r *reader) close() {
	if validKey(r.open.name) {
		value, more := r.open.joined()
		r.into[r.open.name] = setting{Value: Value{Text: value, Origin: r.at(r.open.line)}, more: more}
	}
}

// pending is a setting as far as it has been read. Most have one line, which
// stays a part of the file's text.
type pending struct {
	name, value string
	line        int
	// rest are the lines that continue the value, each after a newline;
	// numbers are theirs, each after a space. Nil: there is none.
	rest, numbers []byte
}

func (p *pending) goOn(text string, line int) {
	p.rest = append(append(p.rest, '\n'), text...)
	p.numbers = strconv.AppendInt(append(p.numbers, ' '), int64(line), 10)
}

func (p *pending) joined() (value, more string) {
	if p.rest == nil {
		return p.value, ""
	}
	return p.value + string(p.rest), string(p.numbers[1:])
}

// validKey reports whether the SDKs' parsers accept a setting's name. They
// accept a lone hyphen too, which no setting has.
func validKey(name string) bool {
	for i := 0; i < len(name); i++ {
		if c := name[i]; !isAlphanumeric(c) && strings.IndexByte("_-/.%@:+", c) < 0 {
			return false
		}
	}
	return name != "" && name != "-"
}

func isAlphanumeric(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9'
}
