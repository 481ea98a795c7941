package cmd

import (
	"cmp"
	"fmt"
	"io"
	"strings"
	"time"

	"assume-role/internal/fault"
	"assume-role/internal/profile"
	"assume-role/internal/terminal"
)

// print shows the chain for people: the source first, each call below the one
// that signs it.
func (e *explanation) print(out io.Writer, on screen) error {
	t := &tree{screen: on}
	t.head(e)
	for depth, step := range e.steps {
		t.indent = strings.Repeat("  ", depth)
		t.line("└─ ", step.title(), treeStyles{label: terminal.Dim, first: terminal.Bold})
		t.indent += "     "
		t.lines(step.lines(), treeStyles{})
	}
	t.indent = ""
	t.lists(e)
	_, err := io.WriteString(out, t.text.String())
	return err
}

// tree is a text in the making.
type tree struct {
	screen
	text   strings.Builder
	indent string
}

// treeStyles are how a line is painted: its label, and its first word.
type treeStyles struct{ label, first terminal.Style }

// treeWidth is how wide a line may get, where its words and the screen allow
// it.
const treeWidth = 80

// line writes a label and words behind it, which go on in the same column
// where the line is full.
func (t *tree) line(label, words string, styles treeStyles) {
	column := terminal.Width(t.indent + label)
	width := column
	t.text.WriteString(t.indent + t.Paint(styles.label, label))
	for i, word := range strings.Fields(terminal.Visible(words)) {
		n := terminal.Width(word)
		switch {
		case i > 0 && width+1+n > t.width():
			t.text.WriteString("\n" + strings.Repeat(" ", column))
			width = column
		case i > 0:
			t.text.WriteString(" ")
			width++
		}
		t.text.WriteString(t.Paint(wordStyle(word, i, styles), word))
		width += n
	}
	t.text.WriteString("\n")
}

func (t *tree) width() int {
	if t.columns > 0 {
		return min(treeWidth, t.columns)
	}
	return treeWidth
}

// wordStyle: places in files are for the second look.
func wordStyle(word string, at int, styles treeStyles) terminal.Style {
	switch {
	case at == 0 && styles.first != terminal.Plain:
		return styles.first
	case isPlace(word):
		return terminal.Dim
	}
	return terminal.Plain
}

// isPlace reports whether a word is a file and line in brackets, as inBrackets
// writes them.
func isPlace(word string) bool {
	inner, opened := strings.CutPrefix(word, "(")
	inner, closed := strings.CutSuffix(inner, ")")
	file, line, found := strings.Cut(inner, ":")
	return opened && closed && found && file != "" && line != "" && strings.Trim(line, "0123456789") == ""
}

// lines writes settings, their values in one column.
func (t *tree) lines(all []treeLine, styles treeStyles) {
	width := 0
	for i, line := range all {
		all[i].name = terminal.Visible(line.name)
		width = max(width, terminal.Width(all[i].name))
	}
	for _, line := range all {
		t.line(terminal.Pad(line.name, width)+gap, line.text, styles)
	}
}

// treeLine is one line below a step.
type treeLine struct{ name, text string }

// head says what holds for the whole chain.
func (t *tree) head(e *explanation) {
	lines := []treeLine{{"profile", firstOf(e.chain.Profile, "none") + inBrackets(e.how)}}
	if e.chain.Region == "" {
		lines = append(lines, treeLine{"region", "none"})
	}
	for _, s := range e.settings {
		lines = append(lines, s.line())
	}
	if e.callsSTS() {
		lines = append(lines, treeLine{"STS", firstOf(e.address, "?") + " (" + e.chain.STS.Region + ")"})
	}
	t.lines(lines, treeStyles{})
}

func (e *explanation) callsSTS() bool { return len(e.chain.Calls) > 0 || e.chain.Source.Role != nil }

// lists are what does not belong to one step.
func (t *tree) lists(e *explanation) {
	var child, over []treeLine
	for _, v := range e.chain.Child {
		child = append(child, treeLine{v.Name, v.Value.Reveal()}) // no secret
	}
	for _, c := range e.configured {
		if c.Variable != "" && c.Own.Text != "" {
			over = append(over, treeLine{c.Variable, "counts, not " + c.Setting + inBrackets(where(c.Own.Origin))})
		}
	}
	t.list("the command also gets:", child, terminal.Plain)
	t.list("variables that override the profile:", over, terminal.Plain)
	var warnings []treeLine
	for _, w := range e.warnings {
		warnings = append(warnings, treeLine{firstOf(where(w.Origin), "-"), w.Message + ": " + w.Fix})
	}
	t.list("other programs read this differently:", warnings, terminal.Yellow)
}

func (t *tree) list(title string, lines []treeLine, style terminal.Style) {
	if len(lines) == 0 {
		return
	}
	t.text.WriteString(t.Paint(style, title) + "\n")
	t.indent = "  "
	t.lines(lines, treeStyles{label: style})
	t.indent = ""
}

func (s shownStep) title() string {
	title := string(s.kind)
	if s.profile != "" {
		title += ", profile " + s.profile
	}
	if s.conditional {
		title += " (only if the source gives long-lived keys)"
	}
	return title + inBrackets(where(s.origin))
}

// sourceTitle names a source in one line.
func sourceTitle(s profile.Source) string {
	return terminal.Visible(shownStep{kind: s.Kind, profile: s.Profile, origin: s.Origin}.title())
}

func (s shownStep) lines() []treeLine {
	var lines []treeLine
	for _, setting := range s.settings {
		lines = append(lines, setting.line())
	}
	for _, other := range s.notUsed {
		lines = append(lines, treeLine{"not used", other})
	}
	if m := s.mfa; m != nil {
		lines = append(lines, treeLine{"mfa_serial", m.device.Serial + inBrackets(where(m.device.Origin))}, treeLine{"MFA code", m.text()})
	}
	if s.duration != nil {
		lines = append(lines, treeLine{"duration", s.duration.text()})
	}
	if s.cached != nil {
		lines = append(lines, treeLine{"session", s.cached.text()})
	}
	return lines
}

func (s shownSetting) line() treeLine {
	text := s.text + inBrackets(where(s.origin))
	if s.by != "" {
		text = s.text + inBrackets(s.by)
	}
	return treeLine{s.name, text}
}

// where is the place of a setting, short: the header of a step has no room for
// a path.
func where(o fault.Origin) string {
	if o.Line == 0 {
		return o.Path
	}
	return fmt.Sprintf("%s:%d", cmp.Or(o.Path, o.File), o.Line)
}

func (d *shownDuration) text() string {
	by := d.by + inBrackets(where(d.origin))
	if d.reason == byChaining {
		return shortDuration(d.length) + ": role chaining, AWS gives no more (" + d.by + " asks for " + shortDuration(d.asked) + ")" + inBrackets(where(d.origin))
	}
	return shortDuration(d.length) + ", by " + by
}

func (m *shownMFA) text() string {
	text := map[string]string{
		codeGiven:  "given ahead",
		codeNone:   "asked for, and nobody can be asked: prompts are turned off",
		"terminal": "asked for on the terminal",
		"totp":     "made from the stored TOTP secret",
		"process":  "from mfa_process" + inBrackets(where(m.device.Process.Origin)),
	}[m.by]
	switch text = firstOf(text, "asked for by "+m.by); {
	case !m.asked:
		return "not needed now: a session is in the cache"
	case m.either:
		return text + ", once for the two calls"
	}
	return text + ", at this call"
}

func (s *shownSession) text() string {
	switch {
	case s.left == 0:
		return "not in the cache"
	case s.short:
		return "in the cache for " + shortLeft(s.left) + " more: too little, it will be made anew"
	}
	return "in the cache for " + shortLeft(s.left) + " more"
}

// shortLeft is a time that is left, to the minute.
func shortLeft(d time.Duration) string {
	if d < time.Minute {
		return shortDuration(d.Truncate(time.Second))
	}
	return shortDuration(d.Truncate(time.Minute))
}

func inBrackets(text string) string {
	if text == "" {
		return ""
	}
	return " (" + text + ")"
}
