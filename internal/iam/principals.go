package iam

import (
	"context"
	"time"

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

type roleResult struct {
	Role struct {
		ID                 string `xml:"RoleId"`
		ARN                string `xml:"Arn"`
		MaxSessionDuration int32
	}
}

// Role describes a role by its name, without a path.
func (c *Client) Role(ctx context.Context, name string) (Role, error) {
	r := request{name: "GetRole", on: onRole(name)}
	out, skew, err := ask[roleResult](ctx, c, r, parameters{"RoleName": name})
	if err != nil {
		return Role{}, err
	}
	if out.Role.ID == "" || out.Role.ARN == "" {
		return Role{}, c.incomplete(r)
	}
	seconds := time.Duration(out.Role.MaxSessionDuration)
	return Role{Name: name, ID: out.Role.ID, ARN: out.Role.ARN, MaxSession: seconds * time.Second, Skew: skew}, nil
}

// User is an IAM user of the caller's account.
type User struct {
	// Name has no path; ID is AWS's unique id (AIDA…).
	Name, ID, ARN string
	// Skew is AWS's clock minus the local one.
	Skew time.Duration
}

type userResult struct {
	User struct {
		Name string `xml:"UserName"`
		ID   string `xml:"UserId"`
		ARN  string `xml:"Arn"`
	}
}

// User describes a user.
func (c *Client) User(ctx context.Context, name string) (User, error) {
	r := request{name: "GetUser", on: onUser(name)}
	out, skew, err := ask[userResult](ctx, c, r, parameters{"UserName": name})
	if err != nil {
		return User{}, err
	}
	if out.User.ID == "" || out.User.ARN == "" {
		return User{}, c.incomplete(r)
	}
	return User{Name: out.User.Name, ID: out.User.ID, ARN: out.User.ARN, Skew: skew}, nil
}

// incomplete is the error for an answer that lacks what IAM always sends.
func (c *Client) incomplete(r request) *fault.Error {
	return fault.New("", "%s on %s: the answer is not complete", r.name, r.on).In(c.chain.Profile).
		Fix("check the proxy and endpoint_url, and try again")
}
