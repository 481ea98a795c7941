package profile

import (
	"cmp"
	"slices"
	"strings"
)

// nearest returns at most n profile names that a user may have meant by name,
// the likeliest first: those that differ in a letter or two, or only in
// case, then those that begin with it or hold it.
func (c *Config) nearest(name string, n int) []string { return Nearest(c.Names(), name, n) }

// Nearest returns at most n of the known names that a user may have meant by
// name, the likeliest first, as for profiles.
func Nearest(all []string, name string, n int) []string {
	var found []candidate
	for _, known := range all {
		if far := unlikeness(name, known); far >= 0 {
			found = append(found, candidate{known, far})
		}
	}
	slices.SortFunc(found, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(a.far, b.far), cmp.Compare(a.name, b.name))
	})
	names := make([]string, 0, n)
	for _, f := range found[:min(n, len(found))] {
		names = append(names, f.name)
	}
	return names
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
	case strings.Contains(in, low), len(b) > 2 && strings.Contains(low, in):
		return 101
	}
	return -1
}

// distance counts the letters to insert, drop, change or swap with their
// neighbour to get from a to b; above limit it only says limit+1.
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

// suggest words a hint from the nearest names, or gives the other advice.
// Names are looked for once: many profiles may miss the same one.
func (c *Config) suggest(name, otherwise string) string {
	near, ok := c.meant.Load(name)
	if !ok {
		near = c.nearest(name, 3)
		c.meant.Store(name, near)
	}
	return wordedHint(near.([]string), otherwise)
}

func wordedHint(near []string, otherwise string) string {
	if len(near) == 0 {
		return otherwise
	}
	return "did you mean " + strings.Join(near, ", ") + "?"
}
