// Package picker lets a person at the terminal choose one of many names: from a
// list that gets shorter while they type, or, where the terminal can only add
// lines, by number. What it shows of a name is made when that name is shown, so
// that a list of ten thousand opens at once.
package picker

import "assume-role/internal/terminal"

// List is what there is to choose from.
type List struct {
	// Title says what is being chosen, in a word or two.
	Title string
	// Names are the choices, the likeliest first. They may hold anything.
	Names []string
	// Row says more about a choice. It is called for what is shown only, and
	// once for each.
	Row func(index int) Row
}

// Row is what stands beside a name.
type Row struct {
	// Cells are texts of a few words, the same kind of thing in the same
	// place of every row.
	Cells []string
	// Mark says what is wrong with the choice; empty for nothing.
	Mark string
}

// remember makes a List's Row be called once for each choice.
func (l List) remember() List {
	seen, row := map[int]Row{}, l.Row
	l.Row = func(index int) Row {
		known, ok := seen[index]
		if !ok {
			known = row(index)
			seen[index] = known
		}
		return known
	}
	return l
}

// visibleNames are the names as they are shown, and as they are searched: what
// can be seen can be typed.
func (l List) visibleNames() []string {
	shown := make([]string, len(l.Names))
	for i, name := range l.Names {
		shown[i] = terminal.Visible(name)
	}
	return shown
}
