package iam

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/iam"

	"assume-role/internal/fault"
)

// Role is a role of the caller's account.
type Role struct {
	Name string
	// ID is AWS's unique id (AROA…), which aws:userid of its sessions begins
	// with; ARN has its path.
	ID, ARN string
	// MaxSession is the longest session that it allows.
	MaxSession time.Duration
	// Skew is AWS's clock minus the local one.
	Skew time.Duration
}

// Role describes a role by its name, without a path.
func (c *Client) Role(ctx context.Context, name string) (Role, error) {
	r := request{name: "GetRole", on: onRole(name)}
	out, skew, err := send(ctx, c, r, (*sdk.Client).GetRole, &sdk.GetRoleInput{RoleName: &name})
	if err != nil {
		return Role{}, err
	}
	if out.Role == nil || out.Role.RoleId == nil || out.Role.Arn == nil {
		return Role{}, c.incomplete(r)
	}
	seconds := time.Duration(aws.ToInt32(out.Role.MaxSessionDuration))
	return Role{Name: name, ID: *out.Role.RoleId, ARN: *out.Role.Arn, MaxSession: seconds * time.Second, Skew: skew}, nil
}

// User is an IAM user of the caller's account.
type User struct {
	// Name has no path; ID is AWS's unique id (AIDA…).
	Name, ID, ARN string
	// Skew is AWS's clock minus the local one.
	Skew time.Duration
}

// User describes a user.
func (c *Client) User(ctx context.Context, name string) (User, error) {
	r := request{name: "GetUser", on: onUser(name)}
	out, skew, err := send(ctx, c, r, (*sdk.Client).GetUser, &sdk.GetUserInput{UserName: optional(name)})
	if err != nil {
		return User{}, err
	}
	if out.User == nil || out.User.UserId == nil || out.User.Arn == nil {
		return User{}, c.incomplete(r)
	}
	return User{Name: aws.ToString(out.User.UserName), ID: *out.User.UserId, ARN: *out.User.Arn, Skew: skew}, nil
}

// incomplete is the error for an answer that lacks what IAM always sends.
func (c *Client) incomplete(r request) *fault.Error {
	return fault.New("", "%s on %s: the answer is not complete", r.name, r.on).In(c.chain.Profile).
		Fix("check the proxy and endpoint_url, and try again")
}
