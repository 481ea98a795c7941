package terminal

import (
	"fmt"
	"strings"
)

// Say shows lines of text.
func (t *Terminal) Say(text string) {
	for line := range strings.SplitSeq(text, "\n") {
		_, _ = fmt.Fprintln(t.out, Visible(line)) // a terminal that is gone shows nothing
	}
}

// Progress shows one line in the place of the one that it showed before; the
// empty one leaves nothing there. The cursor stays at the line's beginning, so
// that whatever comes next is written over it.
func (t *Terminal) Progress(line string, before int) (width int) {
	line = Visible(line)
	width = len([]rune(line))
	_, _ = fmt.Fprintf(t.out, "\r%s%s\r", line, strings.Repeat(" ", max(0, before-width)))
	return width
}
