package main

import (
	"encoding/xml"
	"fmt"
	"strings"

	"assume-role/internal/terminal"
)

// The measures of a picture, in pixels. Each run of text is stretched to its
// columns, so that they hold in whatever monospace font the reader has.
const (
	columnWidth = 8.4
	rowHeight   = 19
	fontSize    = 14
	margin      = 16
)

// reversed is the style of what is chosen, where it is not a colour.
const reversed terminal.Style = "7"

// looks are the styles as CSS, for light text on a dark ground: the picture
// brings its own, so that it can be read on a light page and on a dark one.
// Each has a contrast of 4.5 to 1 at least (https://www.w3.org/TR/WCAG22/#contrast-minimum).
func looks() map[terminal.Style]string {
	return map[terminal.Style]string{
		terminal.Plain:  "fill:#d8dee9",
		terminal.Bold:   "fill:#ffffff;font-weight:bold",
		terminal.Dim:    "fill:#9aa5b5",
		terminal.Red:    "fill:#ff8b8b",
		terminal.Green:  "fill:#a3d38a",
		terminal.Yellow: "fill:#f0cf7a",
		"36":            "fill:#86d3dd",
		reversed:        "fill:#ffffff;font-weight:bold",
	}
}

// picture is what becomes one file.
type picture struct {
	// title says what it is, in a few words.
	title string
	// frames follow one another; one alone stands still.
	frames []*screen
}

const ground = "#22272e"

// frameSeconds is how long one frame stays; the last stays longer.
const frameSeconds = 1.4

// svg is the picture as a file of its own: no script, no font and no address
// of anything else. A reader who wants no motion sees the last frame.
func (p picture) svg() string {
	var b strings.Builder
	columns, rows := p.size()
	width, height := float64(columns)*columnWidth+2*margin, rows*rowHeight+2*margin
	last := p.frames[len(p.frames)-1]
	fmt.Fprintf(&b, "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %.0f %d\" width=\"%.0f\" height=\"%d\" role=\"img\" aria-labelledby=\"title text\">\n", width, height, width, height)
	fmt.Fprintf(&b, "<title id=\"title\">%s</title>\n<desc id=\"text\">%s</desc>\n", escaped(p.title), escaped(last.text()))
	fmt.Fprintf(&b, "<style>%s</style>\n", p.css())
	fmt.Fprintf(&b, "<rect width=\"100%%\" height=\"100%%\" rx=\"8\" fill=\"%s\"/>\n", ground)
	for i, f := range p.frames {
		fmt.Fprintf(&b, "<g class=\"f\" id=\"f%d\">\n", i)
		f.draw(&b)
		b.WriteString("</g>\n")
	}
	b.WriteString("</svg>\n")
	return b.String()
}

// size is how many columns and rows the largest frame takes.
func (p picture) size() (columns, rows int) {
	for _, f := range p.frames {
		columns = max(columns, f.columns)
		text := f.text()
		rows = max(rows, strings.Count(text, "\n")+1, f.y+1)
	}
	return columns, rows
}

func (p picture) css() string {
	var b strings.Builder
	fmt.Fprintf(&b, "text{font:%dpx ui-monospace,Menlo,Consolas,'DejaVu Sans Mono',monospace;white-space:pre}", fontSize)
	for _, style := range []terminal.Style{terminal.Plain, terminal.Bold, terminal.Dim, terminal.Red, terminal.Green, terminal.Yellow, "36", reversed} {
		fmt.Fprintf(&b, ".%s{%s}", class(style), looks()[style])
	}
	if len(p.frames) > 1 {
		b.WriteString(p.motion())
	}
	return b.String()
}

func class(style terminal.Style) string { return "s" + string(style) }

// motion shows one frame after the other, for ever.
func (p picture) motion() string {
	var b strings.Builder
	n := len(p.frames)
	total := float64(n+2) * frameSeconds
	fmt.Fprintf(&b, ".f{visibility:hidden}#f%d{visibility:visible}@media(prefers-reduced-motion:no-preference){#f%d{visibility:hidden}", n-1, n-1)
	for i := range p.frames {
		from, to := 100*float64(i)*frameSeconds/total, 100*float64(i+1)*frameSeconds/total
		if i == n-1 {
			to = 100
		}
		fmt.Fprintf(&b, "#f%d{animation:k%d %.1fs step-end infinite}@keyframes k%d{0%%{visibility:%s}%.2f%%{visibility:visible}%.2f%%{visibility:%s}}",
			i, i, total, i, visible(i == 0), from, to, visible(i == n-1))
	}
	b.WriteString("}")
	return b.String()
}

func visible(yes bool) string {
	if yes {
		return "visible"
	}
	return "hidden"
}

// draw writes each run at its column.
func (s *screen) draw(b *strings.Builder) {
	for y, row := range s.rows {
		line := margin + y*rowHeight + fontSize
		for _, r := range runs(row) {
			x, width := margin+float64(r.x)*columnWidth, float64(r.width)*columnWidth
			if r.style == reversed {
				fmt.Fprintf(b, "<rect x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"#3b5573\"/>", x, line-fontSize, width, rowHeight)
			}
			fmt.Fprintf(b, "<text x=\"%.1f\" y=\"%d\" textLength=\"%.1f\" class=\"%s\">%s</text>\n", x, line, width, class(r.style), escaped(r.text))
		}
	}
	if !s.hidden {
		fmt.Fprintf(b, "<rect x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"#9aa5b5\"/>\n", margin+float64(s.x)*columnWidth, margin+s.y*rowHeight, columnWidth, rowHeight-2)
	}
}

// escaped is text for XML; what XML cannot carry is replaced.
func escaped(text string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(text)) // a strings.Builder takes all
	return strings.ReplaceAll(b.String(), "&#xA;", "\n")
}
