package assume

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"assume-role/internal/fault"
	"assume-role/internal/profile"
)

// Pong is what an answer of STS shows.
type Pong struct {
	// Host answered.
	Host string
	// Skew is AWS's clock minus the local one, to the second.
	Skew time.Duration
	// Dated says that the answer had a date, without which Skew means nothing.
	Dated bool
}

// Ping asks STS's endpoint for its front page: a request that carries no
// credentials and makes no session. Any answer will do. Errors say why there
// was none, as those of calls do.
func (a *Assumer) Ping(ctx context.Context, endpoint profile.Endpoint) (Pong, error) {
	at, bad := frontPage(endpoint)
	if bad != nil {
		return Pong{}, bad
	}
	client, bad := a.newHTTPClient(endpoint.CABundle, false)
	if bad != nil {
		return Pong{}, bad.At(endpoint.CABundleAt)
	}
	ctx, seen := observe(ctx)
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, at, nil)
	if err != nil {
		return Pong{}, fault.New(fault.InvalidValue, "the endpoint of STS is no address").Because(err)
	}
	request.Header.Set("User-Agent", a.UserAgent)
	response, err := client.Do(request)
	if err != nil {
		op := operation{name: "a request to STS", call: &profile.Call{}, source: &profile.Source{}}
		return Pong{}, newFailure(op, endpoint, *seen, err).unreachable()
	}
	_ = response.Body.Close()
	return Pong{Host: seen.host, Skew: seen.skew(), Dated: !seen.server.IsZero()}, nil
}

// frontPage is that of the STS which calls to the endpoint reach.
func frontPage(endpoint profile.Endpoint) (string, *fault.Error) {
	if err := endpoint.CheckFIPS(); err != nil {
		return "", err
	}
	at, err := url.Parse(endpoint.STSCalls())
	if err != nil {
		return "", fault.New(fault.InvalidValue, "STS has no endpoint in %s with these settings", endpoint.Region).
			Fix("check region, use_fips_endpoint and use_dualstack_endpoint").Because(err)
	}
	front := url.URL{Scheme: at.Scheme, Host: at.Host, Path: "/"}
	return front.String(), nil
}
