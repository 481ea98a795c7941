package assume

import (
	"context"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	smithyendpoints "github.com/aws/smithy-go/endpoints"
	smithymiddleware "github.com/aws/smithy-go/middleware"

	"assume-role/internal/bearer"
	"assume-role/internal/creds"
	"assume-role/internal/fault"
	"assume-role/internal/profile"
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

// client is STS at one endpoint, or the reason why it cannot be had.
type client struct {
	api *sts.Client
	err *fault.Error
}

// stsClient is STS as one operation uses it.
type stsClient struct {
	api     *sts.Client
	options []func(*sts.Options)
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

// invoke makes one operation and translates its error. skew is AWS's clock
// minus the local one.
func (a *Assumer) invoke(ctx context.Context, endpoint profile.Endpoint, op operation, do func(context.Context, *stsClient) error) (skew time.Duration, err error) {
	c := a.client(reach{endpoint, op.unsigned})
	if c.err != nil {
		return 0, inProfile(*c.err, op.call.Profile)
	}
	return a.perform(ctx, endpoint, op, func(ctx context.Context) error { return do(ctx, &stsClient{c.api, op.options()}) })
}

// inProfile is an error that several profiles can meet, in one of them.
func inProfile(f fault.Error, profileName string) error { return f.In(profileName) }

// options are how an operation differs from its client.
func (op operation) options() []func(*sts.Options) {
	options := []func(*sts.Options){signAs(op.signer)}
	if op.unsigned {
		options[0] = func(o *sts.Options) { o.Credentials = aws.AnonymousCredentials{} }
	}
	if op.code != "" {
		options = append(options, sendOnce)
	}
	return options
}

// signAs signs an operation with credentials of its own.
func signAs(c creds.Credentials) func(*sts.Options) {
	return func(o *sts.Options) { o.Credentials = provider(c) }
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

// client returns the client of an endpoint, the same one every time.
func (a *Assumer) client(at reach) client {
	a.mu.Lock()
	defer a.mu.Unlock()
	if c, ok := a.clients[at]; ok {
		return c
	}
	c := newClient(at, a.newWire(at))
	a.clients[at] = c
	return c
}

// newClient builds a client from what the chain says alone: no file and no
// variable is read behind its back. The SDK's own correction of clocks is
// off: the programs that get the credentials would still fail.
func newClient(at reach, w wired) client {
	if err := at.CheckFIPS(); err != nil {
		return client{err: err}
	}
	if w.err != nil {
		return client{err: w.err}
	}
	return client{api: sts.New(sts.Options{
		Region:                     w.Region,
		BaseEndpoint:               w.BaseEndpoint,
		HTTPClient:                 w.HTTP,
		HTTPSignerV4:               w.Signer,
		Retryer:                    w.Retryer,
		DisableClockSkewCorrection: true,
		EndpointResolverV2:         resolver{sts.NewDefaultEndpointResolverV2(), at.Legacy},
		EndpointOptions:            sts.EndpointResolverOptions{UseFIPSEndpoint: w.FIPS, UseDualStackEndpoint: w.DualStack},
		APIOptions:                 []func(*smithymiddleware.Stack) error{userAgent(w.UserAgent)},
	})}
}

// userAgent adds NAME/VERSION to the SDK's own description of itself.
func userAgent(text string) func(*smithymiddleware.Stack) error {
	name, version, _ := strings.Cut(text, "/")
	return middleware.AddUserAgentKeyValue(name, version)
}

// resolver finds STS by AWS's rules, which hold for sts_regional_endpoints =
// legacy as well if they are told.
type resolver struct {
	rules  sts.EndpointResolverV2
	legacy bool
}

// ResolveEndpoint implements sts.EndpointResolverV2.
func (r resolver) ResolveEndpoint(ctx context.Context, p sts.EndpointParameters) (smithyendpoints.Endpoint, error) {
	p.UseGlobalEndpoint = aws.Bool(r.legacy)
	return r.rules.ResolveEndpoint(ctx, p)
}
