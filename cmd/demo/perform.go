package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"slices"
	"strings"
)

// perform plays the whole story and takes the stage away again.
func perform(ctx context.Context, out io.Writer, tool []string) (err error) {
	s, err := newStage(ctx, tool)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.close()) }()
	all := story()
	for i, sc := range all {
		fmt.Fprintf(out, "\n== %d of %d: %s\n   %s\n\n", i+1, len(all), sc.title, sc.says)
		if err := s.play(ctx, out, sc); err != nil {
			return fmt.Errorf("%q did not go as announced: %w", sc.title, err)
		}
	}
	_, err = fmt.Fprintf(out, "\nAll %d steps did what they announced.\n", len(all))
	return err
}

// result is what one command did.
type result struct {
	output string
	status int
	calls  []string
	codes  int
}

// play runs one scene, shows it, and holds it to what it announced.
func (s *stage) play(ctx context.Context, out io.Writer, sc scene) error {
	fmt.Fprintln(out, "$ assume-role", strings.Join(sc.args, " "))
	r, err := s.run(ctx, sc.args)
	if err != nil {
		return err
	}
	fmt.Fprint(out, s.presentable(r.output))
	fmt.Fprintf(out, "STS calls: %d%s\n", len(r.calls), inBrackets(r.calls, r.codes))
	return errors.Join(sc.compare(r), s.leaks(sc, r))
}

// run starts the tool and counts what reaches AWS.
func (s *stage) run(ctx context.Context, args []string) (result, error) {
	ctx, cancel := context.WithTimeout(ctx, commandLimit)
	defer cancel()
	args = slices.Clone(args)
	for i, a := range args {
		if a == self {
			args[i] = s.self
		}
	}
	c, err := s.command(ctx, args)
	if err != nil {
		return result{}, err
	}
	calls, codes := len(s.aws.Calls()), s.aws.Codes()
	output, err := c.CombinedOutput()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		return result{}, err
	}
	r := result{output: string(output), status: c.ProcessState.ExitCode(), codes: s.aws.Codes() - codes}
	for _, call := range s.aws.Calls()[calls:] {
		r.calls = append(r.calls, call.Action)
	}
	return r, nil
}

// compare says how a result is not what the scene announced.
func (sc scene) compare(r result) error {
	var wrong []error
	if r.status != sc.status {
		wrong = append(wrong, fmt.Errorf("exit status %d instead of %d", r.status, sc.status))
	}
	if !slices.Equal(r.calls, sc.calls) {
		wrong = append(wrong, fmt.Errorf("STS calls %v instead of %v", r.calls, sc.calls))
	}
	if r.codes != sc.codes {
		wrong = append(wrong, fmt.Errorf("%d MFA codes used instead of %d", r.codes, sc.codes))
	}
	for _, text := range sc.shows {
		if !strings.Contains(r.output, text) {
			wrong = append(wrong, fmt.Errorf("the output lacks %q", text))
		}
	}
	return errors.Join(wrong...)
}

// leaks finds secrets in the output of a command that hands out none.
func (s *stage) leaks(sc scene, r result) error {
	if sc.hands {
		return nil
	}
	for _, secret := range append(s.aws.Secrets(), passphrase) {
		if strings.Contains(r.output, secret) {
			return fmt.Errorf("the output has the secret %s", shortened(secret))
		}
	}
	return nil
}

// presentable is output as the audience sees it: secrets cut short, the
// folders of the stage by the names a user would see.
func (s *stage) presentable(output string) string {
	for _, secret := range s.aws.Secrets() {
		output = strings.ReplaceAll(output, secret, shortened(secret))
	}
	output = strings.ReplaceAll(output, s.self, self)
	output = strings.ReplaceAll(output, s.home(), "~")
	if output != "" && !strings.HasSuffix(output, "\n") {
		output += "\n"
	}
	return output
}

func shortened(secret string) string { return secret[:min(4, len(secret)/2)] + "…" }

// inBrackets names the calls: " (GetSessionToken, AssumeRole; 1 MFA code)".
func inBrackets(calls []string, codes int) string {
	if len(calls) == 0 {
		return ""
	}
	text := strings.Join(calls, ", ")
	switch codes {
	case 0:
	case 1:
		text += "; 1 MFA code"
	default:
		text += fmt.Sprintf("; %d MFA codes", codes)
	}
	return " (" + text + ")"
}
