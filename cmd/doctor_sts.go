package cmd

import (
	"context"
	"time"

	"assume-role/internal/assume"
	"assume-role/internal/profile"
)

// pingTime is how long STS may take to answer.
const pingTime = 3 * time.Second

// reachesSTS: the way to the STS that commands would call.
func (x *examination) reachesSTS(context.Context) []finding {
	pong, err := x.ping()
	if err != nil {
		f := failing(err)
		f.Level = levelWarning // offline, cached sessions still serve
		return []finding{f}
	}
	return []finding{fine("%s answers", pong.Host)}
}

func (x *examination) pingSTS(ctx context.Context) (assume.Pong, error) {
	ctx, cancel := context.WithTimeout(ctx, pingTime)
	defer cancel()
	caller := assume.New(assume.Options{Now: x.app.host.Now, Proxy: proxies(x.app.host), UserAgent: userAgent()})
	return caller.Ping(ctx, x.endpoint())
}

// endpoint is the STS of the profile that a command without a name would use,
// else that of the variables.
func (x *examination) endpoint() profile.Endpoint {
	host := x.app.host
	fallback := profile.Endpoint{
		Region: firstOf(host.Getenv("AWS_REGION"), host.Getenv("AWS_DEFAULT_REGION"), "us-east-1"),
		URL:    firstOf(host.Getenv("AWS_ENDPOINT_URL_STS"), host.Getenv("AWS_ENDPOINT_URL")),
	}
	settings, err := x.app.settings()
	config := x.parsed()
	if err != nil || config == nil {
		return fallback
	}
	request := x.app.request(settings)
	if request.Profile, _, err = profile.Select(config, request); err != nil {
		return fallback
	}
	chain, err := profile.Resolve(config, request)
	if err != nil {
		return fallback
	}
	return chain.STS
}
