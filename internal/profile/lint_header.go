package profile

import (
	"fmt"
	"strings"
)

// header begins a section and checks its header.
func (t *textLinter) header(line string, number int) {
	text, _ := inBrackets(line)
	kind, name := t.read(text)
	t.in = section{kind: kind, name: name, line: number}
	t.look = kind != ignoredSection && t.wanted(t.in)
	clear(t.keys)
	t.magic(text, number)
	if kind == ignoredSection {
		t.ignored(text, number)
	}
	if t.look {
		t.blanks(line, number)
		t.brackets(line, text, number)
		t.name(text, number)
	}
	t.twice(line, number)
}

// magic checks for the section that Python's parser gives a meaning of its
// own. It concerns every profile.
func (t *textLinter) magic(text string, number int) {
	if text != "DEFAULT" {
		return
	}
	here := "is ignored here; for the Go SDK it is a profile of that name"
	if t.in.kind == profileSection {
		here = "is a profile of that name here"
	}
	t.in, t.look = section{}, false
	t.add(number, "capital-default", "[DEFAULT] "+here+", and the AWS CLI gives its settings to every section of the file", "write [default]")
}

// ignored checks a section that is none here.
func (t *textLinter) ignored(text string, number int) {
	if !t.wanted(t.in) {
		return
	}
	word, rest := cutWord(text)
	switch prefix := prefixOf(word); {
	case t.doc.origin.File == inCredentialsFile && prefix == word && rest != "":
		t.add(number, "prefix-in-credentials", fmt.Sprintf("[%s] is ignored here and by the SDKs; the AWS CLI reads a profile %q", text, text), fmt.Sprintf("write [%s]", rest))
	case t.doc.origin.File == inCredentialsFile:
	case prefix != "" && prefix != word && rest != "":
		t.add(number, "glued-prefix", fmt.Sprintf("[%s] is ignored here and by the Go SDK; the AWS CLI reads it as [%s %s]", text, prefix, rest), fmt.Sprintf("write [%s NAME]", prefix))
	case rest == "" && !isKnownSection(word):
		t.add(number, "no-prefix", fmt.Sprintf("[%s] is no profile here nor elsewhere: in the config file a profile's section begins with the word profile", text), fmt.Sprintf("write [profile %s]", text))
	}
}

// prefixOf returns the word that marks a kind of section and that another
// word begins with, or "".
func prefixOf(word string) string {
	for _, prefix := range []string{"profile", "sso-session", "services"} {
		if strings.HasPrefix(word, prefix) {
			return prefix
		}
	}
	return ""
}

// isKnownSection knows the config file's sections that are no profile's.
func isKnownSection(word string) bool {
	return word == "" || word == "plugins" || word == "preview" || word == "toolkit" || word == "DEFAULT"
}

// brackets checks for a ] in the comment behind the header.
func (t *textLinter) brackets(line, text string, number int) {
	if inside := line[1:strings.LastIndexByte(line, ']')]; trim(inside) != text {
		t.add(number, "bracket-in-comment", "the header ends at its first ] here and for the Go SDK; for the AWS CLI it goes on to the ] in the comment, and the section is lost", "put the comment on a line of its own")
	}
}

// blanks checks for blanks inside the brackets, around the header's text.
func (t *textLinter) blanks(line string, number int) {
	inside := line[1:strings.LastIndexByte(line, ']')]
	atEnd := isBlank(inside[len(inside)-1]) && (t.in.kind == bareDefault || t.doc.origin.File == inCredentialsFile)
	if isBlank(inside[0]) || atEnd {
		t.add(number, "blank-in-header", "the blanks inside the brackets mean nothing here and to the Go SDK; the AWS CLI does not find the section", "remove the blanks")
	}
}

// name checks the characters of a section's name.
func (t *textLinter) name(text string, number int) {
	written := text
	if t.doc.origin.File == inConfigFile && t.in.kind != bareDefault {
		_, written = cutWord(text)
	}
	plain := written == t.in.name
	switch {
	case isPlainName(t.in.name) && plain:
	case !plain:
		t.add(number, "quoted-name", "the quotes around the name are taken off here and by the AWS CLI; to the Go SDK they belong to the name, and the Rust SDK ignores the section", "use a name of letters, digits, - and _, without quotes")
	case t.doc.origin.File == inConfigFile && strings.ContainsAny(written, " \t'\"\\"):
		t.add(number, "odd-name", "the name is read here and by the Go SDK as it stands; the AWS CLI splits it as a shell does and drops the section, and the Rust SDK ignores it", "use a name of letters, digits, - and _")
	default:
		t.add(number, "odd-name", "the name is read here, by the AWS CLI and by the Go SDK; the Rust SDK ignores the section", "use a name of letters, digits, - and _")
	}
}

// isPlainName reports whether every SDK accepts a name.
func isPlainName(name string) bool { return validKey(name) || name == "-" }

// twice checks for a section that was there before. Those that are not wanted
// are not remembered: one of the same name is not wanted either.
func (t *textLinter) twice(line string, number int) {
	if !t.look && (t.in.kind != ignoredSection || !t.wanted(t.in)) {
		return
	}
	raw := line[:strings.LastIndexByte(line, ']')]
	id := sectionID{t.in.kind, t.in.name}
	sameHeader, sameName := t.headers[raw], t.names[id]
	t.headers[raw] = number
	if t.in.kind != ignoredSection {
		t.names[id] = number
		t.twoDefaults(number)
	}
	switch {
	case sameHeader > 0:
		t.add(number, "duplicate-section", fmt.Sprintf("the section continues the one of line %d here and for the Go SDK; the AWS CLI refuses the whole file", sameHeader), "join the two")
	case sameName > 0 && t.in.kind != ignoredSection:
		t.add(number, "duplicate-section", fmt.Sprintf("the section continues the one of line %d here; the AWS CLI reads only the last of the two", sameName), "join the two")
	}
}

// twoDefaults checks for [default] beside [profile default].
func (t *textLinter) twoDefaults(number int) {
	if t.in.name != defaultProfile || t.doc.origin.File != inConfigFile || !t.look {
		return
	}
	bare, prefixed := t.names[sectionID{bareDefault, defaultProfile}], t.names[sectionID{profileSection, defaultProfile}]
	switch {
	case bare == 0 || prefixed == 0:
	case t.in.kind == bareDefault:
		t.add(number, "two-defaults", fmt.Sprintf("[default] is passed over here and by the Go SDK, because of the [profile default] of line %d; the AWS CLI reads [default], the last of the two", prefixed), "keep one of the two")
	default:
		t.add(number, "two-defaults", fmt.Sprintf("[profile default] replaces the [default] of line %d, here and elsewhere: nothing reads that one", bare), "keep one of the two")
	}
}
