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
	"assume-role/internal/query"
)

// Service is IAM's id in AWS's files: what profile.Request.Services must name
// for New.
const Service = "iam"

// apiVersion is that of the IAM API reference.
const apiVersion = "2010-05-08"

// Invoker makes requests to AWS's services; *assume.Assumer does.
type Invoker interface {
	Invoke(ctx context.Context, op assume.Operation, do func(context.Context, query.Client) error) (skew time.Duration, err error)
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

// parameters are an operation's by AWS's names; an empty one is not sent.
type parameters = query.Parameters

// ask makes one request whose answer has a result. skew is AWS's clock minus
// the local one.
func ask[Result any](ctx context.Context, c *Client, r request, p parameters) (result Result, skew time.Duration, err error) {
	skew, err = c.send(ctx, r, func(ctx context.Context, q query.Client) (err error) {
		result, err = query.Ask[Result](ctx, q, r.name, p.Given())
		return err
	})
	return result, skew, err
}

// order makes one request whose answer says no more than that it was done.
func (c *Client) order(ctx context.Context, r request, p parameters) (skew time.Duration, err error) {
	return c.send(ctx, r, func(ctx context.Context, q query.Client) error { return query.Order(ctx, q, r.name, p.Given()) })
}

// send makes one request with a client of IAM.
func (c *Client) send(ctx context.Context, r request, do func(context.Context, query.Client) error) (skew time.Duration, err error) {
	op := assume.Operation{
		Service: "IAM", Name: r.name, Target: r.on, Profile: c.chain.Profile, Source: c.chain.Source,
		Endpoint: c.chain.Services[Service], Signer: c.caller, Once: r.once,
	}
	skew, err = c.aws.Invoke(ctx, op, func(ctx context.Context, q query.Client) error {
		q.Service, q.Version = Service, apiVersion
		return do(ctx, q)
	})
	if err != nil {
		return skew, c.explain(r, err)
	}
	return skew, nil
}
