package assume

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"assume-role/internal/bearer"
	"assume-role/internal/cache"
	"assume-role/internal/fault"
	"assume-role/internal/profile"
)

// The limits of one attempt, of which there are three: those of the SDK for
// Rust.
const (
	containerDialTime   = 2 * time.Second
	containerAnswerTime = 5 * time.Second
)

// containerClient makes the client of the container's endpoint. It goes
// through no proxy: the endpoint is beside this program, and its answer and
// the token are secrets. What it tells under --debug is left out, because the
// path may be a secret, too.
func (w *walk) containerClient() (*bearer.Client, *fault.Error) {
	roots, err := roots(w.chain.STS.CABundle)
	if err != nil {
		return nil, err
	}
	dial := w.dialer(containerDialTime)
	if !strings.HasPrefix(strings.ToLower(w.containerURL()), "https:") {
		dial = localDialer(dial).DialContext
	}
	transport := &http.Transport{
		DialContext:           dial,
		TLSHandshakeTimeout:   containerDialTime,
		ResponseHeaderTimeout: containerAnswerTime,
		TLSClientConfig:       &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: roots},
		DisableKeepAlives:     true,
	}
	client := &http.Client{Transport: transport, Timeout: containerDialTime + containerAnswerTime}
	return &bearer.Client{HTTP: client, UserAgent: w.UserAgent}, nil
}

// dialer returns how connections to the endpoints of containers and instances
// are made.
func (w *walk) dialer(limit time.Duration) func(ctx context.Context, network, address string) (net.Conn, error) {
	if w.Dial != nil {
		return w.Dial
	}
	return (&net.Dialer{Timeout: limit}).DialContext
}

// localDialer connects to where credentials may come from, and a token may go,
// in plain http: this machine, and the addresses that ECS and EKS answer at.
func localDialer(dial func(ctx context.Context, network, address string) (net.Conn, error)) bearer.Dialer {
	return bearer.Dialer{May: local, Refused: notLocal, Within: containerDialTime, Dial: dial}
}

// local reports whether an address is this machine's own, or ECS's or EKS's.
func local(address netip.Addr) bool {
	address = address.Unmap()
	switch address.String() {
	case profile.ContainerHost, "169.254.170.23", "fd00:ec2::23":
		return true
	}
	return address.IsLoopback()
}

func notLocal(host string) error {
	return fault.New(fault.InvalidValue, "%s leads to %s in plain http, which is neither this machine nor the address of ECS or EKS", profile.ContainerURL, host).
		Fix("use https, or 127.0.0.1")
}

// containerFault begins the error about an endpoint that did not give
// credentials.
func (w *walk) containerFault(what string) *fault.Error {
	s := w.chain.Source
	variable := profile.ContainerURL
	if _, ok := s.Settings[profile.ContainerPath]; ok {
		variable = profile.ContainerPath
	}
	return fault.New("", "the container's credentials endpoint %s (%s) %s", s.Settings[variable].Text, variable, what).In(s.Profile).At(s.Origin)
}

// containerFailed is the error for what came in place of credentials.
func (w *walk) containerFailed(err error) error {
	var forbidden *fault.Error
	var refusal *bearer.Refusal
	var unreachable *bearer.Unreachable
	switch {
	case errors.As(err, &forbidden):
		return inProfile(*forbidden, w.chain.Source.Profile)
	case errors.As(err, &refusal):
		w.Debug("the container's credentials endpoint refused: %s", refusal)
		return w.containerFault("refused: "+refusal.Error()).Fix("%s", containerAdvice(refusal.Status)).Because(err)
	case errors.As(err, &unreachable):
		w.Debug("the container's credentials endpoint failed: %s", unreachable)
		return w.containerFault(noAnswer(unreachable)).Fix("see that the endpoint runs, and that the variable is the one of this container").
			Because(fmt.Errorf("%w: %w", cache.ErrUnreachable, err))
	}
	return err
}

func containerAdvice(status int) string {
	switch status {
	case http.StatusUnauthorized, http.StatusForbidden:
		return "see that the token in " + containerTokenVariable + " or its _FILE is the endpoint's own, and that the container's role may be used"
	case http.StatusTooManyRequests:
		return "it is asked too often: try again in a minute"
	}
	return "see that the container has a role (a task role on ECS, a pod identity association on EKS) and has been started with it"
}

// noAnswer says why no answer came.
func noAnswer(u *bearer.Unreachable) string {
	var timeout net.Error
	var name *net.DNSError
	var certificate *tls.CertificateVerificationError
	switch {
	case errors.As(u.Err, &certificate):
		return "has a TLS certificate that is not accepted (ca_bundle and AWS_CA_BUNDLE name others)"
	case errors.As(u.Err, &name):
		return "cannot be found by its name"
	case u.Status >= http.StatusInternalServerError:
		return fmt.Sprintf("failed with status %d", u.Status)
	case u.Status >= http.StatusMultipleChoices:
		return fmt.Sprintf("answered %d, and redirects are not followed", u.Status)
	case u.Status != 0:
		return "answered with something else than credentials"
	case errors.As(u.Err, &timeout) && timeout.Timeout():
		return "did not answer in time"
	}
	return "cannot be reached"
}
