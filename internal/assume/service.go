package assume

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	"assume-role/internal/bearer"
	"assume-role/internal/creds"
	"assume-role/internal/fault"
	"assume-role/internal/profile"
	"assume-role/internal/query"
	"assume-role/internal/waiting"
)

// Operation is one request to a service other than STS.
type Operation struct {
	// Service is the service's name for messages, such as IAM.
	Service string
	// Name is the operation's, such as PutRolePolicy, and Target what it is
	// done to, for messages; empty where the name says it all.
	Name, Target string
	// Profile is for messages, Source for the advice on how to renew Signer.
	Profile string
	Source  profile.Source
	// Endpoint says how to reach the service.
	Endpoint profile.Endpoint
	// Signer signs the request.
	Signer creds.Credentials
	// Once keeps a request that AWS may have got from being sent again. Where
	// its outcome cannot be told, the error is ErrOutcomeUnknown.
	Once bool
}

// ErrOutcomeUnknown says of a request that was sent once that AWS may have
// carried it out, and that its answer never came.
var ErrOutcomeUnknown = errors.New("whether AWS carried it out is not known")

// Invoke makes one request to a service other than STS. do makes it with the
// client that it is given, to which it adds the service's name and version, and
// with that context: it ends within 29 seconds, retries included. The limits, the
// proxy, the CA bundle, the clock and the retries are those of calls to STS. skew is AWS's clock minus the local one, 0 if no answer
// came. Errors are *fault.Error, whose causes hold AWS's own
// (smithy.APIError), or fault.ErrInterrupted.
func (a *Assumer) Invoke(ctx context.Context, o Operation, do func(context.Context, query.Client) error) (skew time.Duration, err error) {
	found := a.wire(reach{Endpoint: o.Endpoint})
	if found.err != nil {
		return 0, inProfile(*found.err, o.Profile)
	}
	c := found.Client
	c.Credentials = provider(o.Signer)
	if o.Endpoint.FIPS || o.Endpoint.DualStack { // the plan has not settled the host
		c.Address = ""
	}
	op := o.operation()
	if op.once {
		c.Retryer = unsentOnly{c.Retryer}
	}
	return a.perform(ctx, o.Endpoint, op, func(ctx context.Context) error { return do(ctx, c) })
}

// operation is what the errors need.
func (o Operation) operation() operation {
	return operation{
		service: o.Service, name: o.Name, target: o.Target, once: o.Once,
		call: &profile.Call{Profile: o.Profile}, source: &o.Source, signer: o.Signer,
	}
}

// perform runs one operation within its time, and translates its error.
func (a *Assumer) perform(ctx context.Context, endpoint profile.Endpoint, op operation, do func(context.Context) error) (skew time.Duration, err error) {
	defer waiting.For(ctx, "calling "+cmp.Or(op.service, "STS")+" in "+endpoint.Region)()
	limited, cancel := context.WithTimeout(ctx, callTime)
	defer cancel()
	limited, seen := observe(limited)
	if err = do(limited); err == nil {
		return seen.skew(), nil
	}
	f := newFailure(op, endpoint, *seen, err)
	err = a.translate(ctx, f)
	if op.once && f.perhapsDone() {
		err = outcomeUnknown(err)
	}
	return seen.skew(), err
}

// perhapsDone reports whether AWS may have carried the request out: it left
// this machine, and no refusal came back.
func (f *failure) perhapsDone() bool {
	refused := f.status >= http.StatusBadRequest && f.status < http.StatusInternalServerError
	return !refused && !neverAsked(f) && !brokenTLS(f) && !is[*proxyRefusal](f) && !bearer.Unsent(f.err)
}

// outcomeUnknown marks an error with ErrOutcomeUnknown; what it says of itself
// stays.
func outcomeUnknown(err error) error {
	var told *fault.Error
	if !errors.As(err, &told) {
		return fmt.Errorf("%w: %w", err, ErrOutcomeUnknown)
	}
	told.Err = fmt.Errorf("%w: %w", ErrOutcomeUnknown, told.Err)
	return err
}

// wired is the client of one endpoint, or the reason why it cannot be had.
type wired struct {
	query.Client
	err *fault.Error
}

// wire returns the client of an endpoint, with the same connections every time.
func (a *Assumer) wire(to reach) wired {
	a.mu.Lock()
	defer a.mu.Unlock()
	w, ok := a.wires[to]
	if !ok {
		w = a.newWire(to)
		a.wires[to] = w
	}
	return w
}

// newWire builds a client from what the chain says alone. Clocks are not
// corrected: the programs that get the credentials would still fail.
func (a *Assumer) newWire(to reach) wired {
	http, err := a.newHTTPClient(to.CABundle, to.unsigned)
	if err != nil {
		return wired{err: err.At(to.CABundleAt)}
	}
	return wired{Client: query.Client{
		HTTP:      http,
		Signer:    clockSigner{v4.NewSigner(), a.Now},
		Retryer:   retryer(to.Endpoint),
		Region:    to.Region,
		Address:   to.URL,
		UserAgent: a.UserAgent,
	}}
}

// provider hands an operation's credentials to its signer.
func provider(c creds.Credentials) aws.CredentialsProvider {
	return aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
		return aws.Credentials{
			AccessKeyID:     c.AccessKeyID,
			SecretAccessKey: c.SecretAccessKey.Reveal(),
			SessionToken:    c.SessionToken.Reveal(),
		}, nil
	})
}
