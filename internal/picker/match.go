package picker

import (
	"cmp"
	"slices"
	"strings"

	"github.com/sahilm/fuzzy"
)

// How a name meets what was typed, the best last.
const (
	scattered = iota // the letters are there, in their order
	inside
	atStart
	whole
)

// found is a name that meets what was typed.
type found struct{ index, way, score int }

// matches are the indexes of the names that hold the letters of every word of
// the query in their order, upper or lower case. Names that hold the words
// themselves come first; what is equally good stays in the order of the names.
func matches(names []string, query string) []int {
	all := make([]found, len(names))
	for i := range names {
		all[i].index = i
	}
	words := strings.Fields(query)
	for _, word := range words {
		all = narrow(all, names, word)
	}
	if len(words) > 0 {
		slices.SortStableFunc(all, func(a, b found) int {
			return cmp.Or(cmp.Compare(b.way, a.way), cmp.Compare(b.score, a.score))
		})
	}
	indexes := make([]int, len(all))
	for i, f := range all {
		indexes[i] = f.index
	}
	return indexes
}

// narrow keeps the names that meet one more word.
func narrow(all []found, names []string, word string) []found {
	some := make([]string, len(all))
	for i, f := range all {
		some[i] = names[f.index]
	}
	lower := strings.ToLower(word)
	var left []found
	for _, m := range fuzzy.FindNoSort(word, some) {
		f := all[m.Index]
		f.way += wayOf(strings.ToLower(m.Str), lower)
		f.score += m.Score
		left = append(left, f)
	}
	return left
}

// wayOf says how a name, in lower case, holds a word.
func wayOf(name, word string) int {
	switch {
	case name == word:
		return whole
	case strings.HasPrefix(name, word):
		return atStart
	case strings.Contains(name, word):
		return inside
	}
	return scattered
}
