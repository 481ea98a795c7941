package revoke

import (
	"context"
	"errors"
	"strings"
	"time"

	"assume-role/internal/iam"
)

// Policies are the inline policies of one subject, as one caller may change
// them.
type Policies struct {
	IAM *iam.Client
	Of  Subject
}

// Read returns what there is under a name. skew is AWS's clock minus the local
// one. That the caller may not read it is no error: who has to end sessions
// need not see what was there.
func (p Policies) Read(ctx context.Context, name string) (found Found, skew time.Duration, err error) {
	read := p.IAM.RolePolicy
	if p.Of.User {
		read = p.IAM.UserPolicy
	}
	policy, _, err := read(ctx, p.Of.Name, name)
	if unreadable(err) {
		return Found{Unread: true, Denied: Denied(err)}, policy.Skew, nil
	}
	return Found{Document: policy.Document}, policy.Skew, err
}

// unreadable: the caller may not read the policy, or what answers in IAM's
// place (endpoint_url) has no such call.
func unreadable(err error) bool {
	return errors.Is(err, iam.ErrDenied) || err != nil && strings.Contains(err.Error(), "InvalidAction")
}

// Put makes the change.
func (p Policies) Put(ctx context.Context, c Change) error {
	put := p.IAM.PutRolePolicy
	if p.Of.User {
		put = p.IAM.PutUserPolicy
	}
	_, err := put(ctx, p.Of.Name, c.Which.PolicyName(), c.Document())
	return err
}

// Delete takes the policy away, and reports whether there was one.
func (p Policies) Delete(ctx context.Context, which Sessions) (existed bool, err error) {
	remove := p.IAM.DeleteRolePolicy
	if p.Of.User {
		remove = p.IAM.DeleteUserPolicy
	}
	err = remove(ctx, p.Of.Name, which.PolicyName())
	if errors.Is(err, iam.ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}

// The longest that sessions live where nothing says less: a role's
// (https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html) and
// those of GetSessionToken and GetFederationToken.
const (
	longestOfRole = 12 * time.Hour
	longestOfUser = 36 * time.Hour
)

// Longest is how long a session of the subject lives at most: what the role
// allows, if the caller may read that, or else what AWS allows.
func (p Policies) Longest(ctx context.Context) time.Duration {
	if p.Of.User {
		return longestOfUser
	}
	role, err := p.IAM.Role(ctx, p.Of.Name)
	if err != nil || role.MaxSession <= 0 {
		return longestOfRole
	}
	return role.MaxSession
}

// AccessKeys are the ids of a user's keys, by which sessions that they made are
// found again; nil where the caller may not list them.
func (p Policies) AccessKeys(ctx context.Context) []string {
	keys, err := p.IAM.Keys(ctx, p.Of.Name)
	if err != nil {
		return nil
	}
	var ids []string
	for _, key := range keys {
		ids = append(ids, key.ID)
	}
	return ids
}
