// Package iam is AWS Identity and Access Management as one caller sees it: the
// inline policies of roles and users, access keys and MFA devices
// (https://docs.aws.amazon.com/IAM/latest/APIReference/).
package iam

import (
	"context"
	"time"

	sdk "github.com/aws/aws-sdk-go-v2/service/iam"

	"assume-role/internal/assume"
	"assume-role/internal/creds"
	"assume-role/internal/profile"
)

// Service is IAM's id in AWS's files: what profile.Request.Services must name
// for New.
const Service = "iam"

// Invoker makes requests to AWS's services; *assume.Assumer does.
type Invoker interface {
	Invoke(ctx context.Context, op assume.Operation, do func(context.Context, assume.Wire) error) (skew time.Duration, err error)
}

// Client asks IAM on behalf of one caller. Its methods may be called at the
// same time. Each ends within 29 seconds, or as long for a page of a list, and
// each error is one line and has, where it is one of this package's, that for
// errors.Is. A user's name that is empty stands for the caller's own user.
type Client struct {
	aws    Invoker
	chain  *profile.Chain
	caller creds.Credentials
}

// New returns the client of the caller with credentials c, which chain gave;
// chain.Services says how to reach IAM.
func New(aws Invoker, chain *profile.Chain, c creds.Credentials) *Client {
	return &Client{aws: aws, chain: chain, caller: c}
}

// request is one request as its errors describe it.
type request struct {
	// name is the operation's, whose permission has the same name.
	name string
	// on is what it is done to: "role/NAME", "user/NAME".
	on string
	// once keeps it from being repeated when its answer may have been lost.
	once bool
}

// onRole and onUser are the targets of requests as permissions name them.
func onRole(name string) string { return "role/" + name }

func onUser(name string) string {
	if name == "" {
		return "the caller's own user"
	}
	return "user/" + name
}

// send makes one request with a method of the SDK's client. skew is AWS's clock
// minus the local one.
func send[In, Out any](ctx context.Context, c *Client, r request, method func(*sdk.Client, context.Context, *In, ...func(*sdk.Options)) (*Out, error), in *In) (out *Out, skew time.Duration, err error) {
	op := assume.Operation{
		Service: "IAM", Name: r.name, Target: r.on, Profile: c.chain.Profile, Source: c.chain.Source,
		Endpoint: c.chain.Services[Service], Signer: c.caller, Once: r.once,
	}
	skew, err = c.aws.Invoke(ctx, op, func(ctx context.Context, w assume.Wire) (err error) {
		out, err = method(clientOf(w), ctx, in)
		return err
	})
	if err != nil {
		return nil, skew, c.explain(r, err)
	}
	return out, skew, nil
}

// clientOf builds the SDK's client. Its own correction of clocks is off, as it
// is for STS.
func clientOf(w assume.Wire) *sdk.Client {
	return sdk.New(sdk.Options{
		Region:                     w.Region,
		BaseEndpoint:               w.BaseEndpoint,
		HTTPClient:                 w.HTTP,
		HTTPSignerV4:               w.Signer,
		Retryer:                    w.Retryer,
		Credentials:                w.Credentials,
		DisableClockSkewCorrection: true,
		EndpointOptions:            sdk.EndpointResolverOptions{UseFIPSEndpoint: w.FIPS, UseDualStackEndpoint: w.DualStack},
		APIOptions:                 w.APIOptions,
	})
}

// optional is a parameter that is not sent when it is empty.
func optional(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
