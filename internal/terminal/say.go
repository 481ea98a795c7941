package terminal

import (
	"fmt"
	"strings"
)

// Write shows text as it is, which is visible. It implements io.Writer for what
// passes on the terminal.
func (t *Terminal) Write(text []byte) (int, error) { return t.out.Write(text) }

// Say shows lines of text.
func (t *Terminal) Say(text string) {
	defer t.alone()()
	for line := range strings.SplitSeq(text, "\n") {
		_, _ = fmt.Fprintln(t.out, Visible(line)) // a terminal that is gone shows nothing
	}
}
