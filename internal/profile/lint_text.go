package profile

import "strings"

// textLinter goes through one file's lines with the eyes of the other
// parsers: Python's configparser under the AWS CLI and boto3, and the one of
// the Go SDK.
type textLinter struct {
	doc    *document
	read   readHeader
	wanted func(section) bool
	found  []Lint

	// headers are the lines of the headers met, as the AWS CLI tells them
	// apart; names those of the sections, as they are told apart here.
	headers map[string]int
	names   map[sectionID]int
	// in is the section being read; look says that its lines are wanted.
	in   section
	look bool
	// keys are the lines of the settings met in it.
	keys map[string]int
	// block says that the setting above has sub-properties, gap that a blank
	// line followed it.
	block, gap bool
}

type sectionID struct {
	kind sectionKind
	name string
}

// lintText returns what the text of one file says otherwise to others, in the
// sections that are wanted and in the lines that concern the whole file.
func lintText(d *document, read readHeader, wanted func(section) bool) []Lint {
	t := &textLinter{doc: d, read: read, wanted: wanted, headers: map[string]int{}, names: map[sectionID]int{}, keys: map[string]int{}}
	if d.marked {
		t.add(1, "byte-order-mark", "the file's byte-order mark is passed over here; the AWS CLI cannot read the file, and the Go SDK loses its first section",
			"save the file as UTF-8 without a byte-order mark")
	}
	l := lines{rest: d.text}
	for line, ok := l.next(); ok; line, ok = l.next() {
		switch kindOf(line) {
		case blankLine:
			t.gap = t.gap || trim(line) == ""
		case headerLine:
			t.header(line, l.number)
		case propertyLine:
			t.property(line, l.number)
		case continuationLine:
			t.continuation(line, l.number)
		}
	}
	return t.found
}

func (t *textLinter) add(line int, rule, message, fix string) {
	lint := Lint{Rule: rule, Origin: t.doc.at(line), Message: message, Fix: fix}
	if t.in.kind == profileSection || t.in.kind == bareDefault {
		lint.Profile = t.in.name
	}
	t.found = append(t.found, lint)
}

// property checks NAME = VALUE.
func (t *textLinter) property(line string, number int) {
	if !t.look {
		return
	}
	bare := cutComment(line)
	key, value, _ := split(bare)
	t.block, t.gap = value == "", false
	if len(bare) < len(line) {
		t.add(number, "inline-comment", key+" is read here without the comment behind it; the AWS CLI takes the comment for a part of the value",
			"put the comment on a line of its own")
	}
	if last := len(value) - 1; last > 0 && isQuote(value[0]) && value[0] == value[last] {
		t.add(number, "quoted-value", key+" keeps its quotes here and for the AWS CLI; the Go SDK takes them off", "write the value without quotes")
	}
	if strings.TrimSpace(value) != value {
		t.add(number, "odd-blank", key+" begins or ends with a blank that is neither a space nor a tab, and keeps it here; the AWS CLI and the Go SDK take it off", "remove it")
	}
	t.key(key, number)
}

// key checks the name of a setting.
func (t *textLinter) key(key string, number int) {
	lowered := strings.ToLower(key)
	switch {
	case strings.ContainsRune(key, ':'):
		t.add(number, "colon-in-name", "the name of a setting holds a colon, which belongs to it here; for the AWS CLI and the Go SDK the value begins there", "write NAME = VALUE, with no colon in the name")
	case !validKey(lowered):
		t.add(number, "odd-setting-name", "a setting is left out here because of the characters in its name; the AWS CLI and the Go SDK read it", "write the name with letters, digits and _ only")
	}
	if t.keys[lowered] > 0 {
		t.add(number, "duplicate-setting", key+" stands twice in the section, and the last one counts here and for the Go SDK; the AWS CLI refuses the whole file", "remove one of the two")
	}
	t.keys[lowered] = number
}

// continuation checks an indented line, which goes on with the value above.
func (t *textLinter) continuation(line string, number int) {
	if !t.look {
		return
	}
	if text := trim(line); text[0] == '#' || text[0] == ';' {
		t.add(number, "indented-comment", "an indented comment is a part of the value above it here; the AWS CLI and the Go SDK pass it over", "remove its indentation")
	}
	if t.gap && !t.block {
		t.add(number, "blank-line-in-value", "the blank lines above mean nothing here; the AWS CLI takes them for a part of the value", "remove them")
	}
	t.gap = false
}
