package cmd

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"assume-role/internal/exec"
	"assume-role/internal/terminal"
)

// printPrompt writes the session of the shell for its prompt, and nothing
// outside of one. It runs at every prompt, so the environment alone is read:
// what the index knows of AWS's clock is left out.
func (a *app) printPrompt() error {
	inside, ok := exec.InsideOf(a.host.Environ)
	if !ok {
		return nil
	}
	text := promptText(inside.Profile)
	if left := inside.Expires.Sub(a.host.Now()); !inside.Expires.IsZero() {
		if left > 0 {
			text += " " + shortLeft(left)
		} else {
			text += " expired"
		}
	}
	_, err := fmt.Fprintln(a.host.Out, text)
	return err
}

// special are the characters that bash, zsh or fish may read as more than
// themselves in a prompt: bash and zsh expand the text of a variable in PS1
// (promptvars, prompt_subst), and zsh reads % and bash \ as the start of a code.
const special = "\\$`%!"

// promptText shows a text in a prompt: what a terminal would obey or hide, or a
// shell expand, is its number in brackets.
func promptText(text string) string {
	var b strings.Builder
	for text != "" {
		r, size := utf8.DecodeRuneInString(text)
		char := text[:size]
		switch {
		case r == utf8.RuneError && size == 1:
			fmt.Fprintf(&b, "[%02x]", char[0])
		case terminal.Visible(char) != char, strings.ContainsRune(special, r):
			fmt.Fprintf(&b, "[%02x]", r)
		default:
			b.WriteRune(r)
		}
		text = text[size:]
	}
	return b.String()
}
