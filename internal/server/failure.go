package server

import (
	"context"
	"errors"
	"net"
	"net/http"
	"strings"
	"time"
	"unicode"

	"assume-role/internal/fault"
)

// The codes of errors that have none of their own (package fault). SDKs show
// them and do not act on them: they go by the status.
const (
	codeRefused     = "CredentialsRefused"
	codeUnavailable = "CredentialsUnavailable"
)

// failed answers with why there are no credentials. SDKs try again after 5xx,
// some of them at once and often, and not after 4xx; so 5xx is for what may
// pass by itself, and 400 for what a person has to mend.
func (h *handler) failed(w http.ResponseWriter, err error, metadata bool) {
	p := newProblem(code(err), message(err))
	status := http.StatusBadRequest
	switch {
	case h.passing(err):
		status = http.StatusServiceUnavailable
	case metadata: // the service's own way to say that a role cannot be assumed
		status, p.LastUpdated = http.StatusOK, timestamp(h.options.Now())
	}
	sendJSON(w, status, document(p))
}

// passing reports whether a later request may fare better with nothing done.
func (h *handler) passing(err error) bool {
	var network net.Error
	var told *fault.Error
	return errors.As(err, &network) || errors.Is(err, context.Canceled) || errors.Is(err, errBusy) ||
		h.options.Passing(err) || !errors.As(err, &told)
}

func code(err error) string {
	var told *fault.Error
	switch {
	case !errors.As(err, &told):
		return codeUnavailable
	case told.Code != "":
		return string(told.Code)
	}
	return codeRefused
}

// message is the error's line as clients may print it. What is no fault was not
// made for a reader.
func message(err error) string {
	var told *fault.Error
	switch {
	case errors.Is(err, errBusy):
		return errBusy.Error()
	case !errors.As(err, &told):
		return "the credentials could not be made: see what assume-role says under --debug"
	}
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) {
			return unicode.ReplacementChar
		}
		return r
	}, fault.OneLine(told.Error()))
}

// failure is the last attempt at a session, if it came to nothing.
type failure struct {
	err   error
	at    time.Time
	pause time.Duration
}

// The pauses after a failure, each twice the one before.
const (
	firstPause = time.Second
	lastPause  = 30 * time.Second
)

// again is the failure after this one.
func (f failure) again(err error, now time.Time) failure {
	return failure{err: err, at: now, pause: min(max(2*f.pause, firstPause), lastPause)}
}

// left is how long not to try again. A clock that was set back ends the pause.
func (f failure) left(now time.Time) time.Duration {
	if f.err == nil || now.Before(f.at) {
		return 0
	}
	return max(0, f.at.Add(f.pause).Sub(now))
}
