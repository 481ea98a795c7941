package iam

import (
	"context"
	"errors"
	"net/url"
	"time"

	"assume-role/internal/fault"
)

// Policy is an inline policy as it was found.
type Policy struct {
	// Document is its JSON text.
	Document string
	// Skew is AWS's clock minus the local one, known without a policy as well.
	Skew time.Duration
}

type policyResult struct{ PolicyDocument string }

// onRolePolicy and onUserPolicy name an inline policy, with its document where
// it is put.
func onRolePolicy(role, policy, document string) parameters {
	return parameters{"RoleName": role, "PolicyName": policy, "PolicyDocument": document}
}

func onUserPolicy(user, policy, document string) parameters {
	return parameters{"UserName": user, "PolicyName": policy, "PolicyDocument": document}
}

// RolePolicy returns a role's inline policy, and whether the role has it. A
// role that does not exist has none.
func (c *Client) RolePolicy(ctx context.Context, role, policy string) (p Policy, ok bool, err error) {
	r := request{name: "GetRolePolicy", on: onRole(role)}
	out, skew, err := ask[policyResult](ctx, c, r, onRolePolicy(role, policy, ""))
	if err != nil {
		return absent(skew, err)
	}
	return c.found(r, out, skew)
}

// PutRolePolicy puts an inline policy on a role, in place of the one of that
// name that it may have.
func (c *Client) PutRolePolicy(ctx context.Context, role, policy, document string) (skew time.Duration, err error) {
	return c.order(ctx, request{name: "PutRolePolicy", on: onRole(role)}, onRolePolicy(role, policy, document))
}

// DeleteRolePolicy takes an inline policy off a role; ErrNotFound where it has
// none of that name.
func (c *Client) DeleteRolePolicy(ctx context.Context, role, policy string) error {
	_, err := c.order(ctx, request{name: "DeleteRolePolicy", on: onRole(role)}, onRolePolicy(role, policy, ""))
	return err
}

// UserPolicy returns a user's inline policy, and whether the user has it.
func (c *Client) UserPolicy(ctx context.Context, user, policy string) (p Policy, ok bool, err error) {
	if user, err = c.named(ctx, user); err != nil {
		return Policy{}, false, err
	}
	r := request{name: "GetUserPolicy", on: onUser(user)}
	out, skew, err := ask[policyResult](ctx, c, r, onUserPolicy(user, policy, ""))
	if err != nil {
		return absent(skew, err)
	}
	return c.found(r, out, skew)
}

// PutUserPolicy puts an inline policy on a user, in place of the one of that
// name that it may have.
func (c *Client) PutUserPolicy(ctx context.Context, user, policy, document string) (skew time.Duration, err error) {
	if user, err = c.named(ctx, user); err != nil {
		return 0, err
	}
	return c.order(ctx, request{name: "PutUserPolicy", on: onUser(user)}, onUserPolicy(user, policy, document))
}

// DeleteUserPolicy takes an inline policy off a user; ErrNotFound where it has
// none of that name.
func (c *Client) DeleteUserPolicy(ctx context.Context, user, policy string) (err error) {
	if user, err = c.named(ctx, user); err != nil {
		return err
	}
	_, err = c.order(ctx, request{name: "DeleteUserPolicy", on: onUser(user)}, onUserPolicy(user, policy, ""))
	return err
}

// named returns a user's name; the caller's own has to be asked for, since no
// operation on policies takes none.
func (c *Client) named(ctx context.Context, user string) (string, error) {
	if user != "" {
		return user, nil
	}
	own, err := c.User(ctx, "")
	return own.Name, err
}

// absent is the answer that there is no such policy.
func absent(skew time.Duration, err error) (Policy, bool, error) {
	if errors.Is(err, ErrNotFound) {
		err = nil
	}
	return Policy{Skew: skew}, false, err
}

// found is a policy's document, which IAM sends URL-encoded (RFC 3986).
func (c *Client) found(r request, p policyResult, skew time.Duration) (Policy, bool, error) {
	if p.PolicyDocument == "" {
		return Policy{}, false, c.incomplete(r)
	}
	text, err := url.PathUnescape(p.PolicyDocument)
	if err != nil {
		return Policy{}, false, fault.New("", "%s on %s: the policy's document is not URL-encoded", r.name, r.on).
			In(c.chain.Profile).Fix("check endpoint_url: what answers there is not IAM").Because(err)
	}
	return Policy{Document: text, Skew: skew}, true, nil
}
