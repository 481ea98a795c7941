package iam

import (
	"context"
	"strings"
	"testing"
	"time"

	"assume-role/internal/awsfake"
)

// awkward is a document with all that URL encodings differ about.
const awkward = `{"Version": "2012-10-17",
	"Statement": [{"Sid": "a", "Effect": "Deny", "Action": ["*"], "Resource": "*", "Condition": {"StringLike": {"aws:userid": "*:a+b=c%2B&d ü/é\"?#"}}}]}`

func TestRolePolicy(t *testing.T) {
	t.Parallel()
	w, ctx := newWorld(t), context.Background()
	arn := w.aws.AddRole(awsfake.Role{Name: "team/ops"})
	c := w.client()
	if p, ok, err := c.RolePolicy(ctx, "ops", "P"); ok || err != nil || p.Document != "" {
		t.Fatalf("%+v, %v, %v", p, ok, err)
	}
	_, err := c.PutRolePolicy(ctx, "ops", "P", awkward)
	w.ok(err)
	if got := w.aws.Policies(arn)["P"]; got != awkward {
		t.Errorf("AWS got %s", got)
	}
	if p, ok, err := c.RolePolicy(ctx, "ops", "P"); !ok || err != nil || p.Document != awkward {
		t.Errorf("%+v, %v, %v", p, ok, err)
	}
	w.ok(c.DeleteRolePolicy(ctx, "ops", "P"))
	if all := w.aws.Policies(arn); len(all) != 0 {
		t.Error(all)
	}
	w.says(c.DeleteRolePolicy(ctx, "ops", "P"), ErrNotFound, "DeleteRolePolicy on role/ops failed with NoSuchEntity")
}

func TestUserPolicy(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"alice", ""} { // "" is the caller, whose name is asked for
		w, ctx := newWorld(t), context.Background()
		c := w.client()
		_, err := c.PutUserPolicy(ctx, name, "P", awkward)
		w.ok(err)
		if got := w.aws.Policies("arn:aws:iam::123456789012:user/alice")["P"]; got != awkward {
			t.Errorf("AWS got %s", got)
		}
		if p, ok, err := c.UserPolicy(ctx, name, "P"); !ok || err != nil || p.Document != awkward {
			t.Errorf("%+v, %v, %v", p, ok, err)
		}
		w.ok(c.DeleteUserPolicy(ctx, name, "P"))
		if _, ok, err := c.UserPolicy(ctx, name, "P"); ok || err != nil {
			t.Errorf("%v, %v", ok, err)
		}
		w.says(c.DeleteUserPolicy(ctx, name, "P"), ErrNotFound, "DeleteUserPolicy on user/alice")
	}
}

// A role's session has no user of its own, and none is changed.
func TestOwnPolicyOfARole(t *testing.T) {
	t.Parallel()
	w, ctx := newWorld(t), context.Background()
	c := w.as(w.role("ops"))
	_, err := c.PutUserPolicy(ctx, "", "P", awkward)
	w.says(err, ErrNoUser, "GetUser on the caller's own user", "a role's")
	w.says(c.DeleteUserPolicy(ctx, "", "P"), ErrNoUser)
	_, _, err = c.UserPolicy(ctx, "", "P")
	w.says(err, ErrNoUser)
	if n := w.aws.Count("PutUserPolicy"); n != 0 {
		t.Errorf("%d calls", n)
	}
}

// Every answer shows AWS's clock, that there is no policy as well.
func TestSkew(t *testing.T) {
	t.Parallel()
	w, ctx := newWorld(t), context.Background()
	w.aws.AddRole(awsfake.Role{Name: "ops"})
	w.aws.Advance(2 * time.Minute)
	c := w.client()
	skews := map[string]time.Duration{}
	none, _, err := c.RolePolicy(ctx, "ops", "P")
	w.ok(err)
	skews["none"] = none.Skew
	put, err := c.PutRolePolicy(ctx, "ops", "P", awkward)
	w.ok(err)
	skews["put"] = put
	found, _, err := c.RolePolicy(ctx, "ops", "P")
	w.ok(err)
	skews["found"] = found.Skew
	role, err := c.Role(ctx, "ops")
	w.ok(err)
	skews["role"] = role.Skew
	user, err := c.User(ctx, "")
	w.ok(err)
	skews["user"] = user.Skew
	for name, skew := range skews {
		if skew < 118*time.Second || skew > 121*time.Second {
			t.Errorf("%s: %s", name, skew)
		}
	}
}

// A document that is not encoded as IAM does it is not guessed at.
func TestDocumentOfAnother(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	url := w.answeringText("<GetRolePolicyResponse><GetRolePolicyResult><PolicyDocument>%zz</PolicyDocument></GetRolePolicyResult></GetRolePolicyResponse>")
	_, ok, err := w.at(url).RolePolicy(context.Background(), "ops", "P")
	if ok || err == nil || !strings.Contains(err.Error(), "not URL-encoded") {
		t.Error(err)
	}
}

// A plus is a plus: the encoding is that of RFC 3986, not of forms.
func TestPlus(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	url := w.answeringText("<GetRolePolicyResponse><GetRolePolicyResult><PolicyDocument>%7Ba+b%20c%7D</PolicyDocument></GetRolePolicyResult></GetRolePolicyResponse>")
	p, ok, err := w.at(url).RolePolicy(context.Background(), "ops", "P")
	if !ok || err != nil || p.Document != "{a+b c}" {
		t.Errorf("%+v, %v, %v", p, ok, err)
	}
}
