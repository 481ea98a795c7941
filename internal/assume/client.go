package assume

import (
	"context"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/middleware"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
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

// operation is one request to STS as its errors describe it.
type operation struct {
	// name is AWS's, such as AssumeRole.
	name   string
	call   *profile.Call
	source *profile.Source
	signer creds.Credentials
	code   creds.Secret
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
	limited, cancel := context.WithTimeout(ctx, callTime)
	defer cancel()
	limited, seen := observe(limited)
	err = do(limited, &stsClient{c.api, op.options()})
	if err == nil {
		return seen.skew(), nil
	}
	return 0, a.translate(ctx, newFailure(op, endpoint, *seen, err))
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
	provider := aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
		return aws.Credentials{
			AccessKeyID:     c.AccessKeyID,
			SecretAccessKey: c.SecretAccessKey.Reveal(),
			SessionToken:    c.SessionToken.Reveal(),
		}, nil
	})
	return func(o *sts.Options) { o.Credentials = provider }
}

// bearerClient makes requests that carry a bearer secret.
func (a *Assumer) bearerClient(endpoint profile.Endpoint) (*bearer.Client, error) {
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
	c := a.newClient(at)
	a.clients[at] = c
	return c
}

// newClient builds a client from what the chain says alone: no file and no
// variable is read behind its back. The SDK's own correction of clocks is
// off: the programs that get the credentials would still fail.
func (a *Assumer) newClient(endpoint reach) client {
	if err := endpoint.CheckFIPS(); err != nil {
		return client{err: err}
	}
	http, err := a.newHTTPClient(endpoint.CABundle, endpoint.unsigned)
	if err != nil {
		return client{err: err.At(endpoint.CABundleAt)}
	}
	o := sts.Options{
		Region:                     endpoint.Region,
		BaseEndpoint:               optional(endpoint.URL),
		HTTPClient:                 http,
		HTTPSignerV4:               clockSigner{v4.NewSigner(), a.Now},
		Retryer:                    retryer(endpoint.Endpoint),
		DisableClockSkewCorrection: true,
		EndpointResolverV2:         resolver{sts.NewDefaultEndpointResolverV2(), endpoint.Legacy},
		APIOptions:                 []func(*smithymiddleware.Stack) error{userAgent(a.UserAgent)},
	}
	if endpoint.FIPS {
		o.EndpointOptions.UseFIPSEndpoint = aws.FIPSEndpointStateEnabled
	}
	if endpoint.DualStack {
		o.EndpointOptions.UseDualStackEndpoint = aws.DualStackEndpointStateEnabled
	}
	return client{api: sts.New(o)}
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
