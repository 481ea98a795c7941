package picker

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"assume-role/internal/terminal"
)

// atOnce is how many lines of a numbered list are shown at once.
const atOnce = 20

// asker is a terminal that shows lines and reads one.
type asker interface {
	Say(text string)
	Ask(ctx context.Context, prompt string) (string, error)
}

// Numbered shows the list with numbers and asks for one of them, again and
// again: a number chooses, a whole name does, and any other text leaves only
// what it matches. It returns the index; Ctrl-C gives fault.ErrInterrupted.
func Numbered(ctx context.Context, tty *terminal.Terminal, list List) (int, error) {
	return numbered(ctx, tty, list.remember())
}

func numbered(ctx context.Context, tty asker, list List) (int, error) {
	names, query := list.visibleNames(), ""
	for {
		shown := matches(names, query)
		if len(shown) == 0 {
			tty.Say("nothing matches " + query)
			shown = matches(names, "")
		}
		sayRows(tty, list, names, shown)
		answer, err := tty.Ask(ctx, list.Title+", by its number or a part of its name: ")
		if err != nil {
			return 0, err
		}
		query = terminal.Visible(strings.TrimSpace(answer))
		if chosen, ok := named(names, shown, query); ok {
			return chosen, nil
		}
	}
}

// named is the choice that an answer names: by the number of a line that is
// shown, else by its whole name.
func named(names []string, shown []int, answer string) (index int, ok bool) {
	if n, err := strconv.Atoi(answer); err == nil && n >= 1 && n <= min(len(shown), atOnce) {
		return shown[n-1], true
	}
	index = slices.Index(names, answer)
	return index, index >= 0
}

func sayRows(tty asker, list List, names []string, shown []int) {
	first := shown[:min(len(shown), atOnce)]
	widths := cellWidths(list, names, first)
	for n, index := range first {
		tty.Say(fmt.Sprintf("%3d  %s", n+1, strings.TrimRight(rowText(list.Row(index), names[index], widths), " ")))
	}
	if more := len(shown) - len(first); more > 0 {
		tty.Say(fmt.Sprintf("     … and %d more: type a part of the name", more))
	}
}
