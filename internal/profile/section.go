package profile

import (
	"bytes"
	"strconv"
	"strings"

	"gopkg.in/ini.v1"

	"assume-role/internal/fault"
)

// parse reads the values of some sections of one file, which merge in the
// file's order; the last of two values counts. Who goes through all profiles
// gets the same without ini.v1, which takes five times as long.
func (d *document) parse(sections []section) (settings, error) {
	switch {
	case len(sections) == 0:
		return settings{}, nil
	case d.index.Load() != nil:
		return d.collect(sections), nil
	}
	var text []byte
	for _, s := range sections {
		text = normalise(text, d.text[s.start:s.end], s.line)
	}
	file, err := ini.LoadSources(literally(), text)
	if err != nil {
		return nil, fault.New(fault.ParseError, "the section cannot be read").At(d.at(sections[0].line)).Because(err)
	}
	values := settings{}
	for _, key := range file.Section(ini.DefaultSection).Keys() {
		values[key.Name()] = d.setting(key.Value())
	}
	return values, nil
}

// collect reads what parse reads, straight from the text.
func (d *document) collect(sections []section) settings {
	values := settings{}
	for _, s := range sections {
		eachSetting(d.text[s.start:s.end], s.line, func(p pending) {
			values[p.name] = setting{
				Value: Value{Text: p.value + string(p.rest), Origin: d.at(p.line)},
				more:  string(bytes.TrimPrefix(p.numbers, []byte(" "))),
			}
		})
	}
	return values
}

// literally keeps ini.v1 from applying rules that AWS's files do not have.
func literally() ini.LoadOptions {
	return ini.LoadOptions{
		IgnoreContinuation:      true,
		IgnoreInlineComment:     true,
		PreserveSurroundedQuote: true,
		KeyValueDelimiters:      "=",
	}
}

// normalise rewrites a section's body into the one form that ini.v1 reads as
// it stands, and appends it to out: one line a setting,
//
//	name = 7 8 "value\nthat goes on"
//
// with the name in lower case, the numbers of the lines it was written on,
// and the value in Go's quotes, continued lines joined, comments gone.
// Settings whose name no SDK accepts are left out. The body has been scanned.
func normalise(out []byte, body string, headerLine int) []byte {
	eachSetting(body, headerLine, func(p pending) { out = p.appendTo(out) })
	return out
}

// eachSetting hands out a section's settings whose names the SDKs accept, in
// lower case, one after the other, with the lines that continue them. The body
// has been scanned.
func eachSetting(body string, headerLine int, take func(pending)) {
	var open pending
	l := lines{rest: body, number: headerLine}
	for line, ok := l.next(); ok; line, ok = l.next() {
		switch kindOf(line) {
		case propertyLine:
			if validKey(open.name) {
				take(open)
			}
			name, value, _ := split(cutComment(line))
			open = pending{name: strings.ToLower(name), value: value, line: l.number}
		case continuationLine:
			open.goOn(trim(line), l.number)
		}
	}
	if validKey(open.name) {
		take(open)
	}
}

// pending is a setting as far as it has been read. Most have one line, which
// stays a part of the file's text.
type pending struct {
	name, value string
	line        int
	// rest are the lines that continue the value, each after a newline;
	// numbers are theirs, each after a space.
	rest, numbers []byte
}

func (p *pending) goOn(text string, line int) {
	p.rest = append(append(p.rest, '\n'), text...)
	p.numbers = strconv.AppendInt(append(p.numbers, ' '), int64(line), 10)
}

func (p pending) appendTo(out []byte) []byte {
	out = append(append(out, p.name...), " = "...)
	out = append(strconv.AppendInt(out, int64(p.line), 10), p.numbers...)
	return append(strconv.AppendQuote(append(out, ' '), p.value+string(p.rest)), '\n')
}

// validKey reports whether the SDKs' parsers accept a setting's name. They
// accept a lone hyphen too, which ini.v1 would number and no setting has.
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

// setting takes apart a value that normalise wrote.
func (d *document) setting(normal string) setting {
	numbers, quoted, _ := strings.Cut(normal, ` "`)
	text, _ := strconv.Unquote(`"` + quoted)
	line, more := cutNumber(numbers)
	return setting{Value: Value{Text: text, Origin: d.at(line)}, more: more}
}
