package assume

import (
	"context"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go/middleware"

	"assume-role/internal/creds"
	"assume-role/internal/fault"
	"assume-role/internal/profile"
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
	// Once keeps a request whose answer may have been lost from being sent
	// again.
	Once bool
}

// Wire is what the SDK's client of a service is built from. One built from
// nothing else reads no file and no variable, and its calls keep the limits,
// the proxy, the CA bundle, the clock and the retries of those to STS.
type Wire struct {
	HTTP         *http.Client
	Signer       sts.HTTPSignerV4
	Retryer      aws.Retryer
	Credentials  aws.CredentialsProvider
	Region       string
	BaseEndpoint *string
	FIPS         aws.FIPSEndpointState
	DualStack    aws.DualStackEndpointState
	APIOptions   []func(*middleware.Stack) error
}

// Invoke makes one request to a service. do makes it with a client built from
// the wire, and with the context that it is given: it ends within 29 seconds,
// retries included. skew is AWS's clock minus the local one, 0 if no answer
// came. Errors are *fault.Error, whose causes hold AWS's own
// (smithy.APIError), or fault.ErrInterrupted.
func (a *Assumer) Invoke(ctx context.Context, o Operation, do func(context.Context, Wire) error) (skew time.Duration, err error) {
	found := a.wire(reach{Endpoint: o.Endpoint})
	if found.err != nil {
		return 0, inProfile(*found.err, o.Profile)
	}
	w := found.Wire
	w.Credentials = provider(o.Signer)
	if o.Once {
		w.Retryer = unsentOnly{w.Retryer}
	}
	op := operation{
		service: o.Service, name: o.Name, target: o.Target,
		call: &profile.Call{Profile: o.Profile}, source: &o.Source, signer: o.Signer,
	}
	return a.perform(ctx, o.Endpoint, op, func(ctx context.Context) error { return do(ctx, w) })
}

// perform runs one operation within its time, and translates its error.
func (a *Assumer) perform(ctx context.Context, endpoint profile.Endpoint, op operation, do func(context.Context) error) (skew time.Duration, err error) {
	limited, cancel := context.WithTimeout(ctx, callTime)
	defer cancel()
	limited, seen := observe(limited)
	if err = do(limited); err != nil {
		err = a.translate(ctx, newFailure(op, endpoint, *seen, err))
	}
	return seen.skew(), err
}

// wired is the wire to one endpoint, or the reason why it cannot be had.
type wired struct {
	Wire
	err *fault.Error
}

// wire returns the wire to an endpoint, the same one every time.
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

// newWire builds a wire from what the chain says alone.
func (a *Assumer) newWire(to reach) wired {
	http, err := a.newHTTPClient(to.CABundle, to.unsigned)
	if err != nil {
		return wired{err: err.At(to.CABundleAt)}
	}
	w := Wire{
		HTTP:         http,
		Signer:       clockSigner{v4.NewSigner(), a.Now},
		Retryer:      retryer(to.Endpoint),
		Region:       to.Region,
		BaseEndpoint: optional(to.URL),
		APIOptions:   []func(*middleware.Stack) error{userAgent(a.UserAgent)},
	}
	if to.FIPS {
		w.FIPS = aws.FIPSEndpointStateEnabled
	}
	if to.DualStack {
		w.DualStack = aws.DualStackEndpointStateEnabled
	}
	return wired{Wire: w}
}

// provider hands an operation's credentials to the SDK.
func provider(c creds.Credentials) aws.CredentialsProvider {
	return aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
		return aws.Credentials{
			AccessKeyID:     c.AccessKeyID,
			SecretAccessKey: c.SecretAccessKey.Reveal(),
			SessionToken:    c.SessionToken.Reveal(),
		}, nil
	})
}
