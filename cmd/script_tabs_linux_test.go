package cmd_test

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// tabs: `tabs KEYS SHELL ARG…` types the lines of the file KEYS to a shell at a
// terminal, each at its prompt. The shell's start-up file has to show `ready N> `
// as its Nth prompt, and `[tab N]` when the Nth TAB has done its work: nothing is
// typed before the shell waits for it.
func tabs(ts *testscript.TestScript, _ bool, args []string) {
	p := &person{seat: sitDown(ts, append(askedFor(ts), args[1:]...))}
	tabbed := 0
	lines := strings.Split(strings.TrimSuffix(ts.ReadFile(args[0]), "\n"), "\n")
	for i, line := range append(lines, "exit") {
		p.awaitMark(fmt.Sprintf("ready %d> ", i+1))
		pieces := strings.Split(line, "\t")
		for _, piece := range pieces[:len(pieces)-1] {
			p.press(piece + "\t")
			tabbed++
			p.awaitMark(fmt.Sprintf("[tab %d]", tabbed))
		}
		p.press(pieces[len(pieces)-1] + "\r")
	}
	p.read(func() bool { return false })
	ts.Logf("%s", p.screen.String())
	ts.Check(p.child.Wait())
	p.whole()
}

// awaitMark waits for a text, for a minute at most.
func (p *person) awaitMark(text string) {
	p.Check(p.keyboard.SetReadDeadline(time.Now().Add(time.Minute)))
	p.see(regexp.MustCompile(regexp.QuoteMeta(text)))
}

func (p *person) press(keys string) {
	_, err := p.keyboard.WriteString(keys)
	p.Check(err)
}
