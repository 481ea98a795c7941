package picker

import (
	"strings"
	"unicode/utf8"
)

// model is the list as it stands: what was typed, what matches it, which row is
// selected and which are in view. It draws nothing and reads nothing.
type model struct {
	list     List
	names    []string
	query    string
	matching []int
	// searched is the query that matching belongs to; it is searched for when
	// somebody looks, not at every letter of a paste.
	searched string
	selected int // of matching
	top      int // the first of matching in view
	page     int // how many rows are in view
}

func newModel(list List) *model {
	names := list.visibleNames()
	return &model{list: list.remember(), names: names, matching: matches(names, ""), page: 1}
}

// outcome is what a key led to.
type outcome int

const (
	goesOn outcome = iota
	chosen
	cancelled
	suspended
)

// press does what a key does.
func (m *model) press(k key) outcome {
	switch k.action {
	case choose:
		if _, ok := m.current(); ok {
			return chosen
		}
	case cancel:
		return cancelled
	case endOfInput:
		if m.query == "" {
			return cancelled
		}
	case suspend:
		return suspended
	case insert, deleteLast, deleteWord, deleteAll:
		m.edit(k)
	default:
		m.move(k.action)
	}
	return goesOn
}

// edit changes what was typed. The best match is selected then.
func (m *model) edit(k key) {
	switch k.action {
	case insert:
		m.query = cut(m.query+k.text, longestQuery)
	case deleteLast:
		_, size := utf8.DecodeLastRuneInString(m.query)
		m.query = m.query[:len(m.query)-size]
	case deleteWord:
		kept := strings.TrimRight(m.query, " ")
		m.query = kept[:strings.LastIndexByte(kept, ' ')+1]
	case deleteAll:
		m.query = ""
	}
}

// cut is as much of a text as fits, in whole characters.
func cut(text string, limit int) string {
	if len(text) <= limit {
		return text
	}
	for limit > 0 && !utf8.RuneStart(text[limit]) {
		limit--
	}
	return text[:limit]
}

// search brings matching up to what was typed.
func (m *model) search() {
	if m.searched == m.query {
		return
	}
	m.matching, m.searched = matches(m.names, m.query), m.query
	m.selected, m.top = 0, 0
}

// move selects another row, and stays within the list.
func (m *model) move(to action) {
	m.search()
	switch to {
	case up:
		m.selected--
	case down:
		m.selected++
	case pageUp:
		m.selected -= m.page
	case pageDown:
		m.selected += m.page
	case first:
		m.selected = 0
	case last:
		m.selected = len(m.matching)
	}
	m.selected = max(0, min(m.selected, len(m.matching)-1))
}

// current is the choice that is selected, if anything matches.
func (m *model) current() (index int, ok bool) {
	m.search()
	if len(m.matching) == 0 {
		return 0, false
	}
	return m.matching[m.selected], true
}

// inView are the rows in view, of which there is room for so many, the selected
// one among them.
func (m *model) inView(room int) []int {
	m.search()
	m.page = max(1, room)
	m.top = max(m.selected-m.page+1, min(m.top, m.selected))
	m.top = max(0, min(m.top, len(m.matching)-m.page))
	return m.matching[m.top:min(len(m.matching), m.top+room)]
}
