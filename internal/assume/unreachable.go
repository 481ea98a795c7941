package assume

import (
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"syscall"

	"github.com/aws/smithy-go"

	"assume-role/internal/bearer"
	"assume-role/internal/cache"
	"assume-role/internal/fault"
	"assume-role/internal/profile"
)

// outage is why no answer came from STS, or from another service.
type outage struct {
	fits func(*failure) bool
	say  func(*failure) (why, fix string)
}

// outages are the reasons; the first that fits counts, and the last one always
// does.
func outages() []outage {
	return []outage{
		{neverAsked, sayNever},
		{brokenTLS, sayTLS},
		{is[*proxyRefusal], sayRefusal},
		{proxyFailed, sayNoProxy},
		{fits: is[*net.DNSError], say: sayDNS},
		{func(f *failure) bool { return errors.Is(f.err, syscall.ECONNREFUSED) }, plain("the connection was refused", "check the network, the proxy and endpoint_url")},
		{busy, sayBusy},
		{timedOut, plain("it did not answer in time", "check the network and the proxy, and try again")},
		{func(f *failure) bool { return bearer.Unsent(f.err) }, plain("no connection could be made", "check the network, the proxy and endpoint_url")},
		{func(f *failure) bool { return passing(f.status) }, sayStatus},
		{func(f *failure) bool { return cutOff(f.err) }, plain("its answer was cut off", "check the network and the proxy, and try again")},
		{func(f *failure) bool { return f.status != 0 }, sayForeign},
		{func(f *failure) bool { return lost(f.err) }, plain("the connection broke off", "check the network and the proxy, and try again")},
		{func(*failure) bool { return true }, plain("the request could not be sent", "check the network, the proxy and endpoint_url; --debug has the details")},
	}
}

// unreachable is the error for a call that STS did not answer. It carries
// cache.ErrUnreachable, so that a session that is still valid may serve.
func (f *failure) unreachable() *fault.Error {
	list := outages()
	why, fix := list[slices.IndexFunc(list, func(o outage) bool { return o.fits(f) })].say(f)
	return fault.New("", "%s failed: %s: %s", f.what(), f.host(), why).In(f.call.Profile).At(f.origin("")).Fix("%s", fix).Because(f.outage())
}

// unanswered is the same for a request that the source makes of another
// service; what names the request.
func (w *walk) unanswered(what string, endpoint profile.Endpoint, seen observed, out *bearer.Unreachable) *fault.Error {
	s := &w.chain.Source
	seen.host = cmp.Or(seen.host, out.Host)
	f := &failure{
		operation: operation{name: what, call: &profile.Call{Profile: s.Profile}, source: s},
		endpoint:  endpoint, seen: seen, status: out.Status, err: out.Err,
	}
	return f.unreachable()
}

// outage marks the cause as one that another try, later, may not have.
func (f *failure) outage() error {
	if neverAsked(f) {
		return f.err
	}
	return fmt.Errorf("%w: %w", cache.ErrUnreachable, f.err)
}

// host is where the request went, or would have gone.
func (f *failure) host() string {
	switch {
	case f.seen.host != "":
		return f.seen.host
	case f.endpoint.URL != "":
		return f.endpoint.URL
	}
	return f.asked() + " in " + f.endpoint.Region
}

func is[E error](f *failure) bool {
	var e E
	return errors.As(f.err, &e)
}

func plain(why, fix string) func(*failure) (string, string) {
	return func(*failure) (string, string) { return why, fix }
}

func sayDNS(f *failure) (string, string) {
	var e *net.DNSError
	errors.As(f.err, &e)
	if e.IsNotFound {
		return fmt.Sprintf("there is no host %s", e.Name), "check the region, endpoint_url and the network"
	}
	return fmt.Sprintf("the address of %s could not be looked up", e.Name), "check the network"
}

// passing reports whether a status is a matter of time, whoever gave it.
func passing(status int) bool {
	return status >= http.StatusInternalServerError || status == http.StatusTooManyRequests
}

func sayStatus(f *failure) (string, string) {
	return fmt.Sprintf("it answered %d %s", f.status, http.StatusText(f.status)), "try again later"
}

// sayForeign is for an answer that is not AWS's: a captive portal's, say.
func sayForeign(f *failure) (string, string) {
	return fmt.Sprintf("it answered %d with what is not AWS's", f.status), "check the proxy and endpoint_url"
}

func timedOut(f *failure) bool {
	var e net.Error
	return errors.Is(f.err, context.DeadlineExceeded) || errors.As(f.err, &e) && e.Timeout()
}

// busy is a call whose time ran out between two tries: the last answer says
// why it had to be tried again.
func busy(f *failure) bool {
	return timedOut(f) && f.status == 0 && f.seen.status >= http.StatusBadRequest
}

func sayBusy(f *failure) (string, string) {
	if f.seen.status >= http.StatusInternalServerError {
		return fmt.Sprintf("it answered %d %s until the time was up", f.seen.status, http.StatusText(f.seen.status)), "try again later"
	}
	return "it asked to be called less often until the time was up", "AWS limits how often it may be asked: try again in a minute"
}

// lost reports whether an answer was cut off, so that the call may have been
// done.
func lost(err error) bool {
	var answer *smithy.DeserializationError
	var op *net.OpError
	broken := errors.As(err, &op) && (op.Op == "read" || op.Op == "write") && !op.Timeout()
	return broken || cutOff(err) || errors.Is(err, io.EOF) || errors.Is(err, errIncomplete) || errors.As(err, &answer)
}

// neverAsked is a request that the SDK itself refused to make.
func neverAsked(f *failure) bool { return f.seen.host == "" }

func sayNever(f *failure) (string, string) {
	if f.endpoint.URL != "" && (f.endpoint.FIPS || f.endpoint.DualStack) {
		return "an endpoint_url cannot be used with FIPS or dual-stack", "unset one of endpoint_url, use_fips_endpoint and use_dualstack_endpoint"
	}
	return "the request could not be made", "check the region and endpoint_url; --debug has the details"
}

// brokenTLS reports whether the server's certificate was refused.
func brokenTLS(f *failure) bool {
	return is[*tls.CertificateVerificationError](f) || is[x509.UnknownAuthorityError](f) || is[x509.HostnameError](f) ||
		is[x509.CertificateInvalidError](f) || is[tls.RecordHeaderError](f) || is[tls.AlertError](f) || errors.Is(f.err, http.ErrSchemeMismatch)
}

// sayTLS names the certificate's issuer and the roots that do not know it.
func sayTLS(f *failure) (string, string) {
	var wrong *tls.CertificateVerificationError
	if !errors.As(f.err, &wrong) || len(wrong.UnverifiedCertificates) == 0 {
		return "TLS failed", "check the proxy and endpoint_url: what answers there does not speak TLS as AWS does"
	}
	source := "the system's CA certificates"
	if f.endpoint.CABundle != "" {
		source = "the CA bundle " + f.endpoint.CABundle
	}
	return fmt.Sprintf("its TLS certificate, issued by %q, is not accepted by %s: %s", wrong.UnverifiedCertificates[0].Issuer.String(), source, certificateFlaw(wrong.Err)),
		"behind a proxy that opens TLS, name its CA in ca_bundle or AWS_CA_BUNDLE"
}

func certificateFlaw(err error) string {
	var host x509.HostnameError
	var invalid x509.CertificateInvalidError
	switch {
	case errors.As(err, &host):
		return "it is for another host"
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return "it has expired or is not valid yet"
	case errors.As(err, &invalid):
		return "it is not valid for this use"
	}
	return "its issuer is unknown"
}
