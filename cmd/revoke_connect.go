package cmd

import (
	"context"

	"assume-role/internal/creds"
	"assume-role/internal/iam"
	"assume-role/internal/revoke"
)

// target is one role or user whose sessions are to end, and all that is known
// before anything is changed.
type target struct {
	subject revoke.Subject
	caller  *caller
	look
}

// policies are the target's, with the caller's credentials of now.
func (t *target) policies() revoke.Policies {
	return revoke.Policies{IAM: iam.New(t.caller.assumer, t.caller.chain, t.caller.credentials), Of: t.subject}
}

// connect gets the credentials for each change and looks at what there is. It
// refuses what would fail half-way, and changes nothing.
func (r *revocation) connect(ctx context.Context) ([]*target, error) {
	plan, err := r.plan()
	if err != nil {
		return nil, err
	}
	var targets []*target
	for _, p := range plan {
		subject, err := r.identify(ctx, p)
		if err != nil {
			return nil, err
		}
		by, err := r.caller(ctx, p.change)
		if err != nil {
			return nil, err
		}
		if err := r.checkCaller(subject, by.identity); err != nil {
			return nil, err
		}
		targets = append(targets, &target{subject: subject, caller: by})
	}
	for _, t := range targets {
		if err := r.lookAt(ctx, t); err != nil {
			return nil, err
		}
	}
	return ownLast(targets), nil
}

// ownLast puts a role at the end whose own session makes the changes: after
// that one it can make no other.
func ownLast(targets []*target) []*target {
	var own, others []*target
	for _, t := range targets {
		if t.subject.Owns(t.caller.identity.ARN) {
			own = append(own, t)
			continue
		}
		others = append(others, t)
	}
	return append(others, own...)
}

// identify finds out who the user is whose keys a chain begins with.
func (r *revocation) identify(ctx context.Context, p intent) (revoke.Subject, error) {
	if p.keys == nil {
		return p.subject, nil
	}
	keys, err := r.caller(ctx, p.keys)
	if err != nil {
		return revoke.Subject{}, err
	}
	subject, err := revoke.UserOf(keys.identity.ARN)
	if err != nil {
		return revoke.Subject{}, r.inProfile(err)
	}
	for _, c := range []creds.Credentials{p.keys.Source.Keys, keys.credentials} {
		if c.AccessKeyID != "" && !c.Temporary() {
			r.keyIDs = append(r.keyIDs, c.AccessKeyID)
		}
	}
	return subject, nil
}
