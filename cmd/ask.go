package cmd

import (
	"context"
	"errors"

	"assume-role/internal/fault"
	"assume-role/internal/terminal"
)

// openTerminal opens the terminal device for a question, or says what would
// have been asked and how to answer without one.
func (a *app) openTerminal(what, instead string) (*terminal.Terminal, error) {
	settings, err := a.settings()
	if err != nil {
		return nil, err
	}
	if settings.Prompt == "never" {
		return nil, fault.New("", "%s is needed, and prompts are turned off", what).Fix("%s", instead)
	}
	if a.terminal.taken() {
		return nil, fault.New("", "%s is needed, and the terminal is another program's", what).Fix("%s", instead).Because(errNoTerminal)
	}
	tty, err := a.openDevice()
	if err != nil {
		return nil, fault.New("", "%s is needed, and there is no terminal to ask on", what).Fix("%s", instead).Because(errors.Join(errNoTerminal, err))
	}
	return tty, nil
}

// openDevice opens the terminal device; whoever asks or says something there has
// it alone.
func (a *app) openDevice() (*terminal.Terminal, error) {
	tty, err := terminal.Open()
	if err == nil {
		tty.Alone = a.progress.hold
	}
	return tty, err
}

// choose asks a person for one of several choices, by its number.
func (a *app) choose(ctx context.Context, question string, choices []string) (int, error) {
	tty, err := a.openTerminal("a choice ("+question+")", "name it with --role-arn or role_arn")
	if err != nil {
		return 0, err
	}
	defer tty.Close()
	return tty.Choose(ctx, question, choices)
}
