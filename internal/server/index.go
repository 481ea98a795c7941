package server

import (
	"net/http"
)

// listing is what GET / answers over a Unix socket: who may open the socket may
// have every profile of it. Tokens are plain strings here because this is where
// they are handed over.
type listing struct {
	Version    int      `json:"version"`
	Generation int64    `json:"generation"`
	Profiles   []listed `json:"profiles"`
}

type listed struct {
	Name    string `json:"name"`
	Path    string `json:"path"`
	Token   string `json:"token"`
	RoleARN string `json:"role_arn,omitempty"`
	Region  string `json:"region,omitempty"`
}

// listingVersion is that of the listing's form.
const listingVersion = 1

// list answers which profiles there are. Another generation tells whoever asks
// to drop what it holds.
func (h *handler) list(w http.ResponseWriter, r *http.Request) {
	if !method(w, r, http.MethodGet) {
		return
	}
	trust(r)
	l := listing{Version: listingVersion}
	if generation, err := h.options.Generation(); err == nil {
		l.Generation = generation
	}
	for _, p := range h.options.Profiles {
		l.Profiles = append(l.Profiles, listed{Name: p.Name, Path: p.Path, Token: p.Token.Reveal(), RoleARN: p.RoleARN, Region: p.Region})
	}
	sendJSON(w, http.StatusOK, document(l))
}
