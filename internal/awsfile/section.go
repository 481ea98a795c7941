package awsfile

import (
	"strings"

	"assume-role/internal/shellword"
)

// section is one header and what stands below it, by the places of lines.
type section struct {
	name string
	// header is the header's line, last that of the last setting or of what
	// continues it (the header's where there is none), end the one behind.
	header, last, end int
}

// sections finds all of them.
func (f *File) sections() []section {
	if f.found != nil {
		return f.found
	}
	for i, raw := range f.lines {
		line := content(raw)
		switch kindOf(line) {
		case headerLine:
			f.endSection(i)
			text, _ := inBrackets(line)
			f.found = append(f.found, section{name: canonical(text), header: i, last: i})
		case propertyLine, continuationLine:
			if n := len(f.found); n > 0 {
				f.found[n-1].last = i
			}
		}
	}
	f.endSection(len(f.lines))
	return f.found
}

func (f *File) endSection(at int) {
	if n := len(f.found); n > 0 {
		f.found[n-1].end = at
	}
}

// named returns the sections of a header, which readers merge.
func (f *File) named(header string) []section {
	var parts []section
	name := canonical(header)
	for _, s := range f.sections() {
		if s.name == name {
			parts = append(parts, s)
		}
	}
	return parts
}

// setting is one NAME = VALUE and the lines that continue it.
type setting struct {
	name, value string
	at          int
	more        []int
}

func (f *File) settings(part section) []setting {
	var all []setting
	for i := part.header + 1; i < part.end; i++ {
		line := content(f.lines[i])
		switch kindOf(line) {
		case propertyLine:
			name, value, _ := property(line)
			all = append(all, setting{name: name, value: value, at: i})
		case continuationLine:
			if n := len(all); n > 0 {
				all[n-1].more = append(all[n-1].more, i)
			}
		}
	}
	return all
}

// setting finds the one that counts.
func (f *File) setting(header, key string) (found setting, ok bool) {
	key = strings.ToLower(key)
	for _, part := range f.named(header) {
		for _, s := range f.settings(part) {
			if s.name == key {
				found, ok = s, true
			}
		}
	}
	return found, ok
}

// inBrackets returns the trimmed text of a header, or false where the header
// is not closed: behind its ] only a comment may follow.
func inBrackets(line string) (string, bool) {
	line = trim(line)
	for i := 1; i < len(line); i++ {
		if line[i] != ']' {
			continue
		}
		if rest := trim(line[i+1:]); rest == "" || rest[0] == '#' || rest[0] == ';' {
			return trim(line[1:i]), true
		}
	}
	return "", false
}

// canonical is the one form of a header's text: a prefix of the config file
// and the bare name behind one space, or the text itself.
func canonical(text string) string {
	text = trim(text)
	at := strings.IndexAny(text, " \t")
	if at < 0 {
		return text
	}
	switch word, name := text[:at], shellword.Unquote(trim(text[at:])); {
	case name == "":
		return text
	case word == "profile" || word == "sso-session" || word == "services":
		return word + " " + name
	}
	return text
}

// header is the line of a new section of a canonical name: what has blanks or
// anything else odd in it is written as a word of a shell, as the AWS CLI does.
func header(name string) string {
	if word, rest, ok := cutPrefix(name); ok {
		name = word + " " + quoted(rest)
	}
	return "[" + name + "]"
}

// spelled is a canonical name as canonical takes it again: one that has quotes
// itself, or blanks at its ends, stands in quotes.
func spelled(name string) string {
	word, rest, ok := cutPrefix(name)
	if !ok || canonical(name) == name {
		return name
	}
	return word + " '" + strings.ReplaceAll(rest, "'", `'"'"'`) + "'"
}

// cutPrefix splits a canonical name of the config file.
func cutPrefix(name string) (word, rest string, ok bool) {
	for _, word := range []string{"profile", "sso-session", "services"} {
		if rest, ok := strings.CutPrefix(name, word+" "); ok {
			return word, rest, true
		}
	}
	return "", "", false
}
