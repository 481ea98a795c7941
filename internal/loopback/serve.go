package loopback

import (
	"crypto/subtle"
	"io"
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
	case !l.ours(r):
		page(w, http.StatusNotFound, "Not found", "There is nothing here.")
	case r.URL.Path == l.start:
		l.sendOn(w)
	default:
		l.receive(w, r)
	}
}

// ours tells a browser that a person sees from everything else: another name
// for this address (DNS rebinding), another page's script or frame, another path.
func (l *Listener) ours(r *http.Request) bool {
	host := r.Host == "127.0.0.1:"+l.port || r.Host == "localhost:"+l.port
	return host && r.Method == http.MethodGet && is(r, "Sec-Fetch-Mode", "navigate") && is(r, "Sec-Fetch-Dest", "document") &&
		(r.URL.Path == l.path || r.URL.Path == l.start)
}

// is reports whether a header that browsers set, and pages cannot, has a value;
// older browsers, and what else a person may use, leave it out
// (https://www.w3.org/TR/fetch-metadata/).
func is(r *http.Request, header, want string) bool {
	value := r.Header.Get(header)
	return value == "" || value == want
}

// sendOn leads the first browser to the sign-in.
func (l *Listener) sendOn(w http.ResponseWriter) {
	link := l.link.Swap(nil)
	if link == nil {
		page(w, http.StatusGone, "This address works once", "It has been used. Go back to the terminal, and start again.")
		return
	}
	w.Header().Set("Location", *link)
	page(w, http.StatusFound, "Sign in", "Your browser goes on to the sign-in.")
}

// receive takes the first answer; a later one has nobody to wait for it.
func (l *Listener) receive(w http.ResponseWriter, r *http.Request) {
	a := l.read(r.URL.RawQuery)
	if a.err != nil {
		page(w, http.StatusBadRequest, "Not signed in", "The terminal says why. You can close this page.")
	} else {
		page(w, http.StatusOK, "Almost done", "The answer has arrived. You can close this page and go back to the terminal.")
	}
	select {
	case l.answers <- a:
	default:
	}
}

// read judges the parameters of a redirect. The state is looked at first: what
// else an answer says counts only with the right one.
func (l *Listener) read(query string) answer {
	values, err := url.ParseQuery(query)
	if err != nil || !l.isState(values["state"]) {
		return answer{err: ErrState}
	}
	if refused := values["error"]; len(refused) > 0 {
		return answer{err: &Refusal{Code: bounded(refused[0]), Description: bounded(values.Get("error_description"))}}
	}
	codes := values["code"]
	if len(codes) != 1 || codes[0] == "" || len(codes[0]) > longestCode || strings.ContainsFunc(codes[0], unicode.IsControl) {
		return answer{err: ErrAnswer}
	}
	return answer{code: creds.Secret(codes[0])}
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

// page writes a page that loads nothing and that nobody keeps.
func page(w http.ResponseWriter, status int, title, text string) {
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, "<!doctype html><html lang=en><title>"+title+"</title><h1>"+title+"</h1><p>"+text+"</p></html>\n")
}
