// Package nearest finds what a user meant by a word that is none of those
// known: a profile, a command, a flag, a setting.
package nearest

import (
	"cmp"
	"slices"
	"strings"
)

// most is how many names a hint offers: more would be a list to read.
const most = 3

// Names returns the known names that a user may have meant, three at most, the
// likeliest first: those that differ in a letter or two, or only in case, then
// those that begin with what was typed or hold it.
func Names(known []string, typed string) []string {
	var found []candidate
	for _, name := range known {
		if far := unlikeness(typed, name); far >= 0 {
			found = append(found, candidate{name, far})
		}
	}
	slices.SortFunc(found, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(a.far, b.far), cmp.Compare(a.name, b.name))
	})
	found = slices.Compact(found)
	names := make([]string, 0, most)
	for _, f := range found[:min(most, len(found))] {
		names = append(names, f.name)
	}
	return names
}

// Hint words the names that a user may have meant as advice; where none is
// near, it is otherwise.
func Hint(known []string, typed, otherwise string) string {
	return Question(Names(known, typed), otherwise)
}

// OneOf is Hint for a few names, all of which are listed where none is near.
func OneOf(known []string, typed string) string {
	return Hint(known, typed, "one of "+strings.Join(known, ", "))
}

// Question words names that Names returned, or is otherwise where it found
// none.
func Question(names []string, otherwise string) string {
	if len(names) == 0 {
		return otherwise
	}
	return "did you mean " + strings.Join(names, ", ") + "?"
}

type candidate struct {
	name string
	far  int
}

// unlikeness ranks a known name against what was typed, 0 for the same but
// for case; -1 says that it cannot have been meant.
func unlikeness(typed, known string) int {
	if typed == "" {
		return -1
	}
	a, b := []rune(strings.ToLower(typed)), []rune(strings.ToLower(known))
	allowed := max(1, min(len(a), len(b))/3)
	if d := distance(a, b, allowed); d <= allowed {
		return d
	}
	switch low, in := string(a), string(b); {
	case strings.HasPrefix(in, low):
		return 100
	case len(a) > 1 && strings.Contains(in, low), len(b) > 2 && strings.Contains(low, in):
		return 101
	}
	return -1
}

// Within reports whether at most limit letters have to be inserted, dropped,
// changed or swapped with their neighbour to get from one word to the other.
// Letters of another case are others.
func Within(limit int, one, other string) bool {
	return distance([]rune(one), []rune(other), limit) <= limit
}

// distance counts those letters; above limit it only says limit+1.
func distance(a, b []rune, limit int) int {
	if len(a)-len(b) > limit || len(b)-len(a) > limit {
		return limit + 1
	}
	before, above, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range above {
		above[j] = j
	}
	for i := range a {
		row[0] = i + 1
		for j := range b {
			row[j+1] = min(above[j+1]+1, row[j]+1, above[j]+differ(a[i], b[j]))
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
		before, above, row = above, row, before
	}
	return min(above[len(b)], limit+1)
}

func differ(x, y rune) int {
	if x == y {
		return 0
	}
	return 1
}
