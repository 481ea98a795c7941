// Package iam is AWS Identity and Access Management as one caller sees it: the
// inline policies of roles and users, access keys and MFA devices
// (https://docs.aws.amazon.com/IAM/latest/APIReference/).
package iam

import (
	"context"
	"time"

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

// ask makes one request whose answer has a result. skew is AWS's clock minus
// the local one.
func ask[Result any](ctx context.Context, c *Client, r request, p parameters) (result Result, skew time.Duration, err error) {
	skew, err = c.send(ctx, r, p, func(text []byte) error {
		result = *new(Result) // a try before may have got the half of one
		return decode(text, r.name, &result)
	})
	if err != nil {
		return *new(Result), skew, err
	}
	return result, skew, nil
}

// order makes one request whose answer says no more than that it was done.
func (c *Client) order(ctx context.Context, r request, p parameters) (skew time.Duration, err error) {
	return c.send(ctx, r, p, func(text []byte) error { return decode(text, r.name, nil) })
}

// send makes one request; read takes the text of the answer.
func (c *Client) send(ctx context.Context, r request, p parameters, read func(text []byte) error) (skew time.Duration, err error) {
	op := assume.Operation{
		Service: "IAM", Name: r.name, Target: r.on, Profile: c.chain.Profile, Source: c.chain.Source,
		Endpoint: c.chain.Services[Service], Signer: c.caller, Once: r.once,
	}
	skew, err = c.aws.Invoke(ctx, op, func(ctx context.Context, w assume.Wire) error {
		return query{w, p.form(r.name), read}.send(ctx)
	})
	if err != nil {
		return skew, c.explain(r, err)
	}
	return skew, nil
}
