package cmd

import (
	"slices"
	"time"

	"assume-role/internal/picker"
)

// newestFirst puts the names first that were used last, as far as is known
// without a run having to write it down: chosen from the list, or a session of
// theirs made. The others stay in their order.
func (a *app) newestFirst(names []string, history picker.History) []string {
	used, err := history.Read()
	if err != nil {
		a.debug("%s", err)
	}
	for _, s := range a.known().Sessions {
		used[s.Profile] = later(used[s.Profile], s.Made)
	}
	slices.SortStableFunc(names, func(x, y string) int {
		return used[y].Compare(used[x])
	})
	return names
}

func later(x, y time.Time) time.Time {
	if x.After(y) {
		return x
	}
	return y
}
