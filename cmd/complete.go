package cmd

import (
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"assume-role/internal/completion"
)

// completionAsked tells whether a completion script runs the program, by the
// names that cobra's scripts use, too, and what is on its command line.
func completionAsked(args []string) (words []string, describe, asked bool) {
	if len(args) == 0 {
		return nil, false, false
	}
	switch args[0] {
	case cobra.ShellCompRequestCmd:
		return args[1:], true, true
	case cobra.ShellCompNoDescRequestCmd:
		return args[1:], false, true
	}
	return nil, false, false
}

// complete answers what may stand in the place of the last word. It reads the
// AWS files and the index, never settings, a keyring or a connection, and it
// does not fail: what cannot be read offers nothing, since a person who is
// typing has no use for a message.
func (a *app) complete(words []string, describe bool) int {
	a.host.Err = io.Discard
	a.locks = func() (string, error) { return "", nil } // nothing is written
	if len(words) == 0 {
		words = []string{""}
	}
	l := a.typed(words)
	candidates, directive := l.candidates()
	if directive&completion.CommandFollows == 0 {
		candidates = matching(candidates, l.word)
	}
	if err := completion.Write(a.host.Out, candidates, int(directive), describe); err != nil {
		return 1
	}
	return 0
}

// matching keeps the candidates that begin with the word; where none does,
// those that begin with it in other letters' case.
func matching(candidates []string, word string) []string {
	if exact := having(candidates, word, strings.HasPrefix); len(exact) > 0 {
		return exact
	}
	return having(candidates, word, hasPrefixFold)
}

func having(candidates []string, word string, prefixed func(text, prefix string) bool) []string {
	return slices.DeleteFunc(slices.Clone(candidates), func(c string) bool { return !prefixed(c, word) })
}

// hasPrefixFold is HasPrefix in any case of letters.
func hasPrefixFold(text, prefix string) bool {
	return strings.HasPrefix(strings.ToLower(text), strings.ToLower(prefix))
}

// only are directives for words of which all are known: no file is offered.
const only = cobra.ShellCompDirectiveNoFileComp

// oneOfWords offers a fixed list.
func oneOfWords(words ...string) cobra.CompletionFunc {
	return cobra.FixedCompletions(words, only)
}
