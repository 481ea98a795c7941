package login

import (
	"context"
	"errors"
	"net"
	"time"

	"assume-role/internal/bearer"
	"assume-role/internal/creds"
	"assume-role/internal/fault"
	"assume-role/internal/loopback"
)

// callback is where a browser on this machine brings the answer, as the AWS
// CLI has it; confirmation is AWS Sign-In's own page, which shows the answer to
// a person whose browser is elsewhere.
const (
	callback     = "/oauth/callback"
	confirmation = "/v1/sessions/confirmation"
)

// pastes is how often the text of the confirmation page is asked for.
const pastes = 3

// SignIn is one sign-in of a person, which takes a browser
// (https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-sign-in.html).
// All fields are required.
type SignIn struct {
	Person

	// Profile and Origin say for which profile it is, for messages.
	Profile string
	Origin  fault.Origin
	// Endpoint is AWS Sign-In's address, https://REGION.signin.aws.amazon.com.
	Endpoint string
	// Command is what a person runs to sign in again.
	Command string
	// Client makes the client of the one call.
	Client func() (*bearer.Client, error)
	// Now is the local clock.
	Now func() time.Time
}

// Person is how a sign-in reaches whoever makes it.
type Person struct {
	// Elsewhere says that the person's browser is on another machine.
	Elsewhere bool
	// Show tells the address to open, before anything is opened.
	Show func(address string)
	// Note tells one line.
	Note func(string)
	// Open starts a browser; needed unless Elsewhere.
	Open func(ctx context.Context, address string) error
	// Peer refuses connections to the page that Open shows, which leads to the
	// sign-in; nil lets all in.
	Peer func(net.Conn) error
	// Paste asks for the text that the confirmation page shows, without echo:
	// whoever sees it may be quicker. Needed where Elsewhere.
	Paste func(ctx context.Context) (creds.Secret, error)
}

// Grant signs the person in. The error is a *fault.Error, a
// *bearer.Unreachable where AWS could not be asked for the session, or ctx's
// own; nothing is kept of the attempt.
func (s *SignIn) Grant(ctx context.Context) (*Grant, error) {
	if s.Elsewhere {
		return s.elsewhere(ctx)
	}
	return s.here(ctx)
}

// here signs in with a browser on this machine, which brings the answer to a
// port of it. The browser is started with a page of this machine that leads to
// the sign-in, so that no list of processes shows the address.
func (s *SignIn) here(ctx context.Context) (*Grant, error) {
	listener, err := loopback.Listen(callback, s.Peer)
	if err != nil {
		return nil, s.fail("the sign-in needs a port of 127.0.0.1, and none can be opened").
			Fix("sign in with a browser elsewhere: %s --remote", s.Command).Because(err)
	}
	defer listener.Close()
	a, err := begin(sameDevice, listener.RedirectURI(), listener.State())
	if err != nil {
		return nil, err
	}
	address := a.address(s.Endpoint)
	s.Show(address)
	if err := s.Open(ctx, listener.Page(address)); err != nil && ctx.Err() == nil {
		s.Note("no browser could be started here (" + err.Error() + "): open the address above on this machine, or press Ctrl-C and use --remote")
	}
	code, err := listener.Wait(ctx)
	if err != nil {
		return nil, s.unanswered(ctx, err)
	}
	return s.exchange(ctx, a, code)
}

// elsewhere signs in with a browser on any machine: the person opens the
// address there and brings back the text that the last page shows.
func (s *SignIn) elsewhere(ctx context.Context) (*Grant, error) {
	a, err := begin(crossDevice, s.base()+confirmation, creds.Secret(random(32)))
	if err != nil {
		return nil, err
	}
	s.Show(a.address(s.Endpoint))
	for try := 1; ; try++ {
		text, err := s.Paste(ctx)
		if err != nil {
			return nil, err
		}
		code, wrong := a.pasted(text)
		switch {
		case wrong == nil:
			return s.exchange(ctx, a, code)
		case try == pastes:
			return nil, s.again("%v", wrong)
		}
		s.Note(wrong.Error() + ": copy the whole text, and nothing else")
	}
}

// unanswered names why no code came back.
func (s *SignIn) unanswered(ctx context.Context, err error) error {
	var refusal *loopback.Refusal
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.As(err, &refusal) && refusal.Code == "access_denied":
		return s.again("the sign-in was refused in the browser")
	case errors.As(err, &refusal):
		return s.again("AWS Sign-In refused the sign-in: %s", fault.OneLine(refusal.Error()))
	case errors.Is(err, loopback.ErrNoAnswer):
		return s.again("nobody signed in within %d minutes", int(loopback.MaxWait.Minutes()))
	}
	return s.again("%v", err).Because(err)
}

// fail begins an error about the sign-in.
func (s *SignIn) fail(format string, args ...any) *fault.Error {
	return fault.New("", format, args...).In(s.Profile).At(s.Origin)
}

// again is the error that another sign-in mends.
func (s *SignIn) again(format string, args ...any) *fault.Error {
	return s.fail(format, args...).Fix("sign in again with: %s", s.Command)
}
