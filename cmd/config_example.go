package cmd

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// exampleSettings is a config.yaml in which every setting is described and
// commented out. What would be the default is not written down for good: a
// later version may have a better one.
func exampleSettings(table []setting) string {
	var text strings.Builder
	text.WriteString("# The settings of assume-role. A line that begins with # and a name says what\n" +
		"# holds without it: take the # away to change it. See assume-role config.\n")
	above := ""
	for _, entry := range table {
		if entry.envOnly {
			continue
		}
		section, indent := "", ""
		if before, _, nested := strings.Cut(entry.key, "."); nested {
			section, indent = before, "  "
		}
		text.WriteByte('\n')
		if section != "" && section != above {
			fmt.Fprintf(&text, "%s:\n", section)
		}
		above = section
		writeExample(&text, indent, entry)
	}
	return text.String()
}

func writeExample(text *strings.Builder, indent string, entry setting) {
	fmt.Fprintf(text, "%s# %s.\n%s# %s.\n", indent, capital(entry.doc), indent, capital(entry.allowed()))
	value := entry.fallback
	if value == "" {
		fmt.Fprintf(text, "%s# Without it: %s. For example:\n", indent, entry.unset)
		value = entry.example
	}
	fmt.Fprintf(text, "%s#%s: %s\n", indent, leafOf(entry.key), entry.yaml(value))
}

// allowed says what may be the value, as a phrase.
func (s setting) allowed() string {
	if len(s.choices) > 0 {
		return "one of " + strings.Join(s.choices, ", ")
	}
	return s.takes
}

// yaml is a value as config.yaml has it.
func (s setting) yaml(value string) string {
	switch {
	case s.list:
		return "[" + strings.Join(splitList(value), ", ") + "]"
	case strings.ContainsAny(value, "{}[]#:%*&!|>'\"`"):
		return strconv.Quote(value)
	}
	return value
}

// exampleLines are the setting in config.yaml, below its section.
func (s setting) exampleLines() string {
	if s.envOnly {
		return ""
	}
	section, name, nested := strings.Cut(s.key, ".")
	if !nested {
		return fmt.Sprintf("%s: %s\n", s.key, s.yaml(s.example))
	}
	return fmt.Sprintf("%s:\n  %s: %s\n", section, name, s.yaml(s.example))
}

func capital(text string) string {
	first, size := utf8.DecodeRuneInString(text)
	return string(unicode.ToUpper(first)) + text[size:]
}
