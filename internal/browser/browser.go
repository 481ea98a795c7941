// Package browser opens an address in the user's browser, where there is one.
// Which one that is: the setting of the user, else the variable BROWSER, as
// xdg-open(1) and Python's webbrowser read it, else the desktop's.
package browser

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os/exec"
	"strings"
	"time"
	"unicode"
)

// ErrNone says that nothing here opens an address: no desktop, no program.
var ErrNone = errors.New("there is no browser here")

// settle is how long a program that is started may take to fail, with another
// one to be tried in its place. A browser that runs on longer has started.
const settle = 2 * time.Second

// Opener opens addresses. The zero value finds no browser.
type Opener struct {
	// Setting is the user's own choice: a program and its arguments, with %s
	// where the address goes, else at the end. Empty leaves it to BROWSER.
	Setting string
	// Environ is the caller's environment. Browsers get it without the
	// variables that hold credentials.
	Environ []string
	// GOOS is the operating system, in Go's names.
	GOOS string

	// choice are the programs in place of all others, with their arguments, and
	// exact says that the user named the browser.
	choice [][]string
	exact  bool
}

// Usable returns nil when there is something to open an address with, else
// ErrNone. That it then opens is not certain.
func (o Opener) Usable() error {
	for _, words := range o.programs() {
		if _, err := exec.LookPath(words[0]); err == nil {
			return nil
		}
	}
	return ErrNone
}

// Open shows an address, http or https, in a browser. It returns when one has
// started; it never waits for its end. Other users of the machine can see the
// address, since it is an argument of a program. The error is ErrNone, what
// the last program that was tried said, or ctx's own.
func (o Opener) Open(ctx context.Context, address string) error {
	if !presentable(address) {
		return errors.New("what should be opened is no address of a page")
	}
	failed := ErrNone
	for _, words := range o.programs() {
		path, err := exec.LookPath(words[0])
		if err != nil {
			continue
		}
		if err = o.start(ctx, path, filled(words, address)); err == nil || ctx.Err() != nil {
			return err
		}
		failed = fmt.Errorf("%s: %w", words[0], err)
	}
	return failed
}

// presentable: nothing that a program could take for an option or a file.
func presentable(address string) bool {
	u, err := url.Parse(address)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" &&
		!strings.ContainsFunc(address, func(r rune) bool { return unicode.IsControl(r) || unicode.IsSpace(r) || r == '"' })
}

// start runs a program apart from the terminal: Ctrl-C here is not for it.
func (o Opener) start(ctx context.Context, path string, words []string) error {
	command := exec.Command(path, words[1:]...)
	command.Env = withoutCredentials(o.Environ)
	command.SysProcAttr = apart()
	if err := command.Start(); err != nil {
		return errors.New("it cannot be started")
	}
	ended := make(chan error, 1)
	go func() { ended <- command.Wait() }()
	timer := time.NewTimer(settle)
	defer timer.Stop()
	select {
	case err := <-ended:
		return err
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
