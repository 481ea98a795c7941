package main

import (
	"fmt"
	"strings"
)

// plot is one picture.
type plot struct {
	file string
	// by is what grows, as the points name it.
	by            string
	title, across string
	x, y          scale
	lines         []line
}

// The measures of a picture, in pixels.
const (
	width, height = 720, 400
	left, right   = 64, 540
	top, bottom   = 56, 340
	labelHeight   = 16
)

// The picture brings its own ground, so that it can be read on a light page
// and on a dark one. Each colour has a contrast of 4.5 to 1 at least
// (https://www.w3.org/TR/WCAG22/#contrast-minimum).
const (
	ground = "#22272e"
	ink    = "#d8dee9"
	faint  = "#4a5361"
)

// colours are those of the lines. No two lines differ by colour alone: each
// has its name at its end.
func colours() []string { return []string{"#f0cf7a", "#86d3dd", "#a3d38a", "#ff8b8b"} }

// svg is the plot as a file of its own: no script, no font, no address of
// anything else.
func (p plot) svg() string {
	var b strings.Builder
	fmt.Fprintf(&b, "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" role=\"img\" aria-labelledby=\"title text\">\n", width, height, width, height)
	fmt.Fprintf(&b, "<title id=\"title\">%s</title>\n<desc id=\"text\">%s</desc>\n", escaped(p.title), escaped(p.inWords()))
	fmt.Fprintf(&b, "<style>text{font:13px sans-serif;fill:%s}path{fill:none;stroke-width:2}.grid{stroke:%s;stroke-width:1}</style>\n", ink, faint)
	fmt.Fprintf(&b, "<rect width=\"100%%\" height=\"100%%\" rx=\"8\" fill=\"%s\"/>\n", ground)
	text(&b, left, 28, "start", p.title)
	x, y := p.axes()
	p.grid(&b, x, y)
	p.curves(&b, x, y)
	return b.String() + "</svg>\n"
}

// inWords is the plot for who cannot see it.
func (p plot) inWords() string {
	var b strings.Builder
	fmt.Fprintf(&b, "Milliseconds by %s.", p.across)
	for _, l := range p.lines {
		fmt.Fprintf(&b, " %s:", l.run)
		for i, point := range l.points {
			fmt.Fprintf(&b, "%s %s at %s", strings.Repeat(",", min(i, 1)), number(point.ms), number(point.count))
		}
		b.WriteString(".")
	}
	return b.String()
}

func (p plot) axes() (x, y axis) {
	var counts, times []float64
	for _, l := range p.lines {
		for _, point := range l.points {
			counts, times = append(counts, point.count), append(times, point.ms)
		}
	}
	return axisFor(p.x, counts), axisFor(p.y, times)
}

// grid draws both axes, with a line and a number at each tick.
func (p plot) grid(b *strings.Builder, x, y axis) {
	for _, v := range x.ticks {
		at := across(x, v)
		fmt.Fprintf(b, "<path class=\"grid\" d=\"M%.1f %dV%d\"/>\n", at, top, bottom)
		text(b, at, bottom+18, "middle", number(v))
	}
	for _, v := range y.ticks {
		at := up(y, v)
		fmt.Fprintf(b, "<path class=\"grid\" d=\"M%d %.1fH%d\"/>\n", left, at, right)
		text(b, left-8, at+4, "end", number(v))
	}
	text(b, (left+right)/2, bottom+42, "middle", p.across)
	text(b, left-8, top-10, "end", "ms")
}

// curves draws the lines, each with its name at its end.
func (p plot) curves(b *strings.Builder, x, y axis) {
	lowest := 0.0
	for i, l := range p.lines {
		colour := colours()[i%len(colours())]
		fmt.Fprintf(b, "<path stroke=\"%s\" d=\"%s\"/>\n", colour, l.path(x, y))
		for _, point := range l.points {
			fmt.Fprintf(b, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\" fill=\"%s\"/>\n", across(x, point.count), up(y, point.ms), colour)
		}
		at := max(up(y, l.last().ms)+4, lowest+labelHeight)
		lowest = at
		fmt.Fprintf(b, "<text x=\"%d\" y=\"%.1f\" style=\"fill:%s\">%s</text>\n", right+10, at, colour, escaped(l.run))
	}
}

func (l line) path(x, y axis) string {
	var b strings.Builder
	for i, point := range l.points {
		fmt.Fprintf(&b, "%s%.1f %.1f", "ML"[min(i, 1):min(i, 1)+1], across(x, point.count), up(y, point.ms))
	}
	return b.String()
}

// across is a value's place from the left; up is one's from the top.
func across(a axis, v float64) float64 { return left + a.share(v)*(right-left) }

func up(a axis, v float64) float64 { return bottom - a.share(v)*(bottom-top) }

func text(b *strings.Builder, x, y float64, anchor, words string) {
	fmt.Fprintf(b, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>\n", x, y, anchor, escaped(words))
}

func escaped(words string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "\"", "&quot;").Replace(words)
}
