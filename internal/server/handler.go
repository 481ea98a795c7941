package server

import (
	"context"
	"net/http"
	"strings"
)

// handler answers the requests that reach one listener.
type handler struct {
	*Server
	life  context.Context // of the listener: a renewal outlives the request that began it
	hosts map[string]bool
}

// ServeHTTP answers one request. It never repeats what a request said.
func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header()["Cache-Control"] = []string{"no-store"}
	w.Header()["X-Content-Type-Options"] = []string{"nosniff"}
	if why := h.foreign(r); why != "" {
		h.options.Debug("a request was refused: %s", why)
		refuse(w, http.StatusForbidden)
		return
	}
	if r.ContentLength != 0 {
		refuse(w, http.StatusBadRequest)
		return
	}
	if h.options.Metadata && strings.HasPrefix(r.URL.Path, "/latest/") {
		h.metadata(w, r)
		return
	}
	if h.options.Unix && r.URL.Path == "/" {
		h.list(w, r)
		return
	}
	h.container(w, r)
}

// container is the container credentials endpoint
// (https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html).
func (h *handler) container(w http.ResponseWriter, r *http.Request) {
	if !method(w, r, http.MethodGet) {
		return
	}
	profile, ok := h.doors.open(r)
	if !ok {
		h.options.Debug("a request was refused: no profile has its path and its token")
		refuse(w, http.StatusUnauthorized)
		return
	}
	trust(r)
	s, err := profile.fetch(r.Context(), h.life)
	if err != nil {
		h.failed(w, err, false)
		return
	}
	sendJSON(w, http.StatusOK, s.container)
}

// method refuses every method but one. No answer has a header for pages of
// other origins (CORS), to OPTIONS neither.
func method(w http.ResponseWriter, r *http.Request, only string) bool {
	if r.Method != only {
		w.Header()["Allow"] = []string{only}
		refuse(w, http.StatusMethodNotAllowed)
	}
	return r.Method == only
}

// trust notes that the request's connection has shown a token.
func trust(r *http.Request) {
	if c, ok := r.Context().Value(connKey{}).(*conn); ok {
		c.trust()
	}
}
