// Package bearer makes the requests to AWS that carry a secret of their own in
// place of a signature: tokens of IAM Identity Center and of `aws login`, a CI
// service's request for an identity token. Whoever sees such a request can use
// what is in it, so plain http goes to this machine and to hosts that the user
// trusts only.
package bearer

import (
	"net/http"
	"time"
)

// Client makes requests.
type Client struct {
	// HTTP makes the connections; its transport is guarded (see Guard).
	HTTP *http.Client
	// UserAgent is this program's name and version.
	UserAgent string
	// Debug takes one line of detail, never a secret.
	Debug func(format string, args ...any)
	// Attempts counts tries, the first one included; 0 means the default.
	Attempts int
	// Sleep waits between two tries; nil waits for real.
	Sleep func(time.Duration)
}
