package assume

import (
	"context"
	"net/http"
	"time"
)

// observed is what the answers to one operation showed of its server.
type observed struct {
	// host is where the last request went.
	host string
	// status is HTTP's of the last answer, 0 if none came.
	status int
	// server is the last answer's Date, local the time it came; zero if none
	// did.
	server, local time.Time
}

// skew is the server's clock minus the local one. Date has whole seconds.
func (o observed) skew() time.Duration {
	if o.server.IsZero() {
		return 0
	}
	return o.server.Sub(o.local).Round(time.Second)
}

type observedKey struct{}

// observe makes room for what the transport sees of ctx's requests.
func observe(ctx context.Context) (context.Context, *observed) {
	seen := &observed{}
	return context.WithValue(ctx, observedKey{}, seen), seen
}

// clockWatch reads the Date header of every answer.
type clockWatch struct {
	next http.RoundTripper
	now  func() time.Time
}

// RoundTrip implements http.RoundTripper.
func (c *clockWatch) RoundTrip(r *http.Request) (*http.Response, error) {
	seen, _ := r.Context().Value(observedKey{}).(*observed)
	if seen == nil {
		seen = &observed{}
	}
	seen.host = r.URL.Host
	response, err := c.next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	seen.status = response.StatusCode
	if date, err := http.ParseTime(response.Header.Get("Date")); err == nil {
		seen.server, seen.local = date, c.now()
	}
	return response, nil
}
