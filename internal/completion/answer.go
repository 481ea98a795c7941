package completion

import (
	"io"
	"strconv"
	"strings"

	"assume-role/internal/terminal"
)

// CommandFollows is a bit of an answer's last line, beside cobra's: the word is
// one of another command's line, and the one candidate is the place of that
// command's name on ours, counted from 0 for our own.
const CommandFollows = 64

// longest is how many characters of a description are kept: what a line of a
// terminal shows beside a name.
const longest = 80

// Write writes an answer as cobra's scripts read it, in one write: a candidate
// a line, its description behind a tab, and at last a colon and the sum of the
// directives. A candidate that a terminal would not show as it is cannot be
// typed either and is left out; descriptions are made visible.
func Write(to io.Writer, candidates []string, directive int, describe bool) error {
	var text []byte
	for _, candidate := range candidates {
		value, description, _ := strings.Cut(candidate, "\t")
		if value == "" || terminal.Visible(value) != value {
			continue
		}
		text = append(text, value...)
		if describe && description != "" {
			text = append(append(text, '\t'), shown(description)...)
		}
		text = append(text, '\n')
	}
	text = strconv.AppendInt(append(text, ':'), int64(directive), 10)
	_, err := to.Write(append(text, '\n'))
	return err
}

// shown is a description on one line, cut where it is too long.
func shown(description string) string {
	visible := terminal.Visible(strings.Join(strings.Fields(description), " "))
	if runes := []rune(visible); len(runes) > longest {
		return string(runes[:longest-1]) + "…"
	}
	return visible
}
