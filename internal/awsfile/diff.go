package awsfile

import (
	"fmt"
	"slices"
	"strings"
)

// around is how many unchanged lines a diff shows beside changed ones.
const around = 3

// line is one of a text, and how a diff shows it.
type line struct{ raw, shown string }

// change is one line of a diff: ' ' as it was, '-' gone, '+' new.
type change struct {
	sign byte
	line line
}

// Diff shows the edits in the unified format, empty where there are none, in
// the colours of git if asked. Secrets are shown as ***, and characters that a
// terminal would obey or hide as escapes, so that it can be printed as it is.
func (f *File) Diff(colour bool) string {
	if !f.Changed() {
		return ""
	}
	p := painter{colour: colour}
	p.line(bold, "--- "+f.Name)
	p.line(bold, "+++ "+f.Name+" (new)")
	changes := compare(shown(f.before), shown(f.Text()))
	for from := 0; from < len(changes); {
		first, end := hunk(changes, from)
		p.hunk(changes, first, end)
		from = end
	}
	return p.text.String()
}

// hunk returns the next stretch of changes with the lines around them; it is
// empty where there are no more.
func hunk(changes []change, from int) (first, end int) {
	next := func(at int) int {
		for at < len(changes) && changes[at].sign == ' ' {
			at++
		}
		return at
	}
	at := next(from)
	if at == len(changes) {
		return at, at
	}
	first = max(from, at-around)
	for {
		for at < len(changes) && changes[at].sign != ' ' {
			at++
		}
		more := next(at)
		if more == len(changes) || more-at > 2*around {
			return first, min(len(changes), at+around)
		}
		at = more
	}
}

// The colours of git's diff, as terminals take them.
const (
	bold   = "\x1b[1m"
	red    = "\x1b[31m"
	green  = "\x1b[32m"
	cyan   = "\x1b[36m"
	normal = "\x1b[m"
)

type painter struct {
	text   strings.Builder
	colour bool
}

func (p *painter) line(colour, text string) {
	text = visible(text)
	if p.colour && colour != "" {
		text = colour + text + normal
	}
	p.text.WriteString(text + "\n")
}

// hunk writes one, with the numbers of its first lines.
func (p *painter) hunk(changes []change, first, end int) {
	if first == end {
		return
	}
	old, new := count(changes[:first])
	olds, news := count(changes[first:end])
	p.line(cyan, fmt.Sprintf("@@ -%s +%s @@", span(old, olds), span(new, news)))
	for _, c := range changes[first:end] {
		p.line(map[byte]string{'-': red, '+': green}[c.sign], string(c.sign)+c.line.shown)
	}
}

// span is a place in a hunk's head: what is empty stands behind a line.
func span(before, lines int) string {
	if lines == 0 {
		return fmt.Sprintf("%d,0", before)
	}
	return fmt.Sprintf("%d,%d", before+1, lines)
}

// count counts the lines of the old and the new text.
func count(changes []change) (old, new int) {
	for _, c := range changes {
		if c.sign != '+' {
			old++
		}
		if c.sign != '-' {
			new++
		}
	}
	return old, new
}

// compare lines up two texts by lines that each has once (patience diff):
// headers, nearly always.
func compare(old, new []line) []change {
	var all []change
	start := 0
	for start < len(old) && start < len(new) && old[start] == new[start] {
		all = append(all, change{' ', old[start]})
		start++
	}
	old, new = old[start:], new[start:]
	tail := 0
	for tail < len(old) && tail < len(new) && old[len(old)-1-tail] == new[len(new)-1-tail] {
		tail++
	}
	end := old[len(old)-tail:]
	all = append(all, between(old[:len(old)-tail], new[:len(new)-tail])...)
	for _, l := range end {
		all = append(all, change{' ', l})
	}
	return all
}

// between compares texts that begin and end differently.
func between(old, new []line) []change {
	var all []change
	anchors := lineUp(old, new)
	if len(anchors) == 0 {
		for _, l := range old {
			all = append(all, change{'-', l})
		}
		for _, l := range new {
			all = append(all, change{'+', l})
		}
		return all
	}
	i, j := 0, 0
	for _, a := range append(anchors, [2]int{len(old), len(new)}) {
		all = append(all, compare(old[i:a[0]], new[j:a[1]])...)
		i, j = a[0], a[1]
		if i < len(old) {
			all = append(all, change{' ', old[i]})
			i, j = i+1, j+1
		}
	}
	return all
}

// lineUp returns pairs of places of lines that each text has once, as many as
// come in the same order.
func lineUp(old, new []line) [][2]int {
	at := once(new)
	var pairs [][2]int
	only := once(old)
	for i, l := range old {
		j, inNew := at[l]
		if _, inOld := only[l]; inOld && inNew {
			pairs = append(pairs, [2]int{i, j})
		}
	}
	return longest(pairs)
}

// once are the places of the lines that a text has once.
func once(lines []line) map[line]int {
	seen, at := map[line]int{}, map[line]int{}
	for i, l := range lines {
		seen[l]++
		at[l] = i
	}
	for l, times := range seen {
		if times > 1 {
			delete(at, l)
		}
	}
	return at
}

// longest is the longest part of pairs, which rise in the first number, that
// rises in the second one, too (patience sorting).
func longest(pairs [][2]int) [][2]int {
	var tops []int
	before := make([]int, len(pairs))
	for i, p := range pairs {
		pile, _ := slices.BinarySearchFunc(tops, p[1], func(top, want int) int { return pairs[top][1] - want })
		before[i] = -1
		if pile > 0 {
			before[i] = tops[pile-1]
		}
		if pile == len(tops) {
			tops = append(tops, i)
		}
		tops[pile] = i
	}
	var found [][2]int
	if len(tops) > 0 {
		for i := tops[len(tops)-1]; i >= 0; i = before[i] {
			found = append(found, pairs[i])
		}
	}
	slices.Reverse(found)
	return found
}
