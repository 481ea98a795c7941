// Package shellword reads names that the AWS CLI writes as words of a shell, as
// it does with those that have blanks in them
// (https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html).
package shellword

import "strings"

// Unquote takes the quotes off a name that stands between a pair of them: the
// AWS CLI writes names with blanks as words of a shell, 'it'"'"'s me'. A text
// that is no such word loses its outer pair.
func Unquote(name string) string {
	last := len(name) - 1
	if last < 1 || name[0] != '\'' && name[0] != '"' || name[0] != name[last] {
		return name
	}
	if word, ok := shellWord(name); ok {
		return word
	}
	return name[1:last]
}

// shellWord reads a text that is one word of a POSIX shell.
func shellWord(text string) (string, bool) {
	var word strings.Builder
	for text != "" {
		part, rest, ok := cutPart(text)
		if !ok {
			return "", false
		}
		word.WriteString(part)
		text = rest
	}
	return word.String(), true
}

// cutPart cuts a quoted part or one bare character off a shell word.
func cutPart(text string) (part, rest string, ok bool) {
	switch c := text[0]; {
	case c == '\'':
		return strings.Cut(text[1:], "'")
	case c == '"':
		return cutDouble(text[1:])
	case c == ' ' || c == '\t' || c == '\\':
		return "", "", false
	}
	return text[:1], text[1:], true
}

// cutDouble cuts at the closing double quote; a backslash before a quote or a
// backslash is taken off.
func cutDouble(text string) (part, rest string, ok bool) {
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		switch {
		case text[i] == '"':
			return b.String(), text[i+1:], true
		case text[i] == '\\' && i+1 < len(text) && (text[i+1] == '"' || text[i+1] == '\\'):
			i++
		}
		b.WriteByte(text[i])
	}
	return "", "", false
}
