package assume

import (
	"context"
	"time"

	"assume-role/internal/bearer"
	"assume-role/internal/creds"
	"assume-role/internal/fault"
	"assume-role/internal/profile"
	"assume-role/internal/query"
)

// callTime is how long one call may take, retries included: 30 seconds, with
// what comes before and after it.
const callTime = 29 * time.Second

// reach is an endpoint, and how a call gets there: signed, or with a bearer
// secret in place of the signature.
type reach struct {
	profile.Endpoint
	unsigned bool
}

// operation is one request to AWS as its errors describe it.
type operation struct {
	// service is empty for STS.
	service string
	// name is AWS's, such as AssumeRole, and target what it is done to, where
	// no call says it.
	name   string
	target string
	call   *profile.Call
	source *profile.Source
	signer creds.Credentials
	code   creds.Secret
	// once: it is not sent again where AWS may have got it.
	once bool
	// unsigned calls carry a secret in place of a signature: bearer.
	unsigned bool
	bearer   creds.Secret
}

// The name of STS in signatures, and the version of its API reference.
const (
	stsName    = "sts"
	stsVersion = "2011-06-15"
)

// invoke makes one operation of STS and translates its error. skew is AWS's
// clock minus the local one.
func (a *Assumer) invoke(ctx context.Context, endpoint profile.Endpoint, op operation, do func(context.Context, query.Client) error) (skew time.Duration, err error) {
	if err := endpoint.CheckFIPS(); err != nil {
		return 0, inProfile(*err, op.call.Profile)
	}
	w := a.wire(reach{endpoint, op.unsigned})
	if w.err != nil {
		return 0, inProfile(*w.err, op.call.Profile)
	}
	return a.perform(ctx, endpoint, op, func(ctx context.Context) error { return do(ctx, op.sts(w.Client, endpoint)) })
}

// inProfile is an error that several profiles can meet, in one of them.
func inProfile(f fault.Error, profileName string) error { return f.In(profileName) }

// sts is the client of STS that makes the operation.
func (op operation) sts(c query.Client, endpoint profile.Endpoint) query.Client {
	c.Service, c.Version, c.Address = stsName, stsVersion, endpoint.STSCalls()
	if !op.unsigned {
		c.Credentials = provider(op.signer)
	}
	if op.code != "" {
		c.Retryer = unsentOnly{c.Retryer}
	}
	return c
}

// BearerClient makes requests to an endpoint that carry a bearer secret, within
// the limits of all calls (see Options). It calls nothing yet; the error is a
// *fault.Error about the endpoint's roots.
func (a *Assumer) BearerClient(endpoint profile.Endpoint) (*bearer.Client, error) {
	http, err := a.newHTTPClient(endpoint.CABundle, true)
	if err != nil {
		return nil, err.At(endpoint.CABundleAt)
	}
	return &bearer.Client{HTTP: http, UserAgent: a.UserAgent, Debug: a.Debug, Attempts: endpoint.MaxAttempts}, nil
}
