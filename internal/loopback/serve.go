package loopback

import (
	"crypto/subtle"
	"net/http"
	"net/url"
	"strings"
	"unicode"

	"assume-role/internal/creds"
)

// longestCode is far above what AWS's codes have, in bytes.
const longestCode = 8 << 10

// longestReason bounds what a message repeats of a refusal, in bytes.
const longestReason = 300

// ServeHTTP implements http.Handler. Whatever is neither the page that leads
// to the sign-in nor the redirect that ends it is not found, and changes
// nothing.
func (l *Listener) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case l.start.meant(l.door, r):
		l.start.sendOn(w)
	case l.redirected(r):
		l.receive(w, r)
	default:
		notFound(w)
	}
}

// redirected tells a browser that a person sees from everything else: another
// name for this address (DNS rebinding), what no person looks at, another path.
func (l *Listener) redirected(r *http.Request) bool {
	host := r.Host == l.host() || r.Host == "localhost:"+l.port
	return host && r.URL.Path == l.path && looked(r)
}

// receive takes the first answer; a later one has nobody to wait for it.
func (l *Listener) receive(w http.ResponseWriter, r *http.Request) {
	a := l.read(r.URL.RawQuery)
	if a.err != nil {
		answer(w, http.StatusBadRequest, "Not signed in", "The terminal says why. You can close this page.")
	} else {
		answer(w, http.StatusOK, "Almost done", "The answer has arrived. You can close this page and go back to the terminal.")
	}
	select {
	case l.answers <- a:
	default:
	}
}

// read judges the parameters of a redirect. The state is looked at first: what
// else an answer says counts only with the right one.
func (l *Listener) read(query string) result {
	values, err := url.ParseQuery(query)
	if err != nil || !l.isState(values["state"]) {
		return result{err: ErrState}
	}
	if refused := values["error"]; len(refused) > 0 {
		return result{err: &Refusal{Code: bounded(refused[0]), Description: bounded(values.Get("error_description"))}}
	}
	codes := values["code"]
	if len(codes) != 1 || codes[0] == "" || len(codes[0]) > longestCode || strings.ContainsFunc(codes[0], unicode.IsControl) {
		return result{err: ErrAnswer}
	}
	return result{code: creds.Secret(codes[0])}
}

func bounded(text string) string {
	if len(text) <= longestReason {
		return text
	}
	return strings.ToValidUTF8(text[:longestReason], "") + "…"
}

func (l *Listener) isState(given []string) bool {
	return len(given) == 1 && subtle.ConstantTimeCompare([]byte(given[0]), []byte(l.state.Reveal())) == 1
}
