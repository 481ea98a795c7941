package awsfake

import (
	"slices"
	"time"
)

// permission is what a call needs.
type permission struct {
	// action is as in a policy: "iam:GetRole".
	action string
	// resource is an ARN; empty where a policy can only say "*".
	resource string
	// shown is what AWS calls the resource when it refuses.
	shown string
}

func (p permission) denied(who *principal, because string) error {
	on := ""
	if p.shown != "" {
		on = " on resource: " + p.shown
	}
	return accessDenied("User: %s is not authorized to perform: %s%s %s", who.arn, p.action, on, because)
}

// explicitly refuses as a policy's Deny does.
func (p permission) explicitly(who *principal) error {
	return p.denied(who, "with an explicit deny in an identity-based policy")
}

// authorize refuses what an inline policy of the caller's role or user denies,
// and what the test withholds. Everything else is allowed: the fake does not
// ask for an Allow.
func (w *world) authorize(who *principal, ask permission) error {
	arn := w.governing(who)
	for _, document := range w.iam.inline(arn).seen() {
		if document.denies(ask, who.circumstances()) {
			return ask.explicitly(who)
		}
	}
	if !who.mfa && w.iam.mfaNeeded[arn] && needsMFA(ask.action) {
		return ask.explicitly(who)
	}
	if slices.ContainsFunc(w.iam.withheld[arn], func(action string) bool { return wild(action, ask.action) }) {
		return ask.denied(who, "because no identity-based policy allows the "+ask.action+" action")
	}
	return nil
}

// governing is the ARN of the role or user whose policies hold for a
// principal; empty for the root user, whom none can bind. Sessions that a user
// makes with GetSessionToken or GetFederationToken are held by the user's.
func (w *world) governing(who *principal) (arn string) {
	switch {
	case who.kind == roleSession:
		if r := w.roleNamed(who.account, baseName(who.roleARN)); r != nil {
			return r.arn
		}
	case who.user != "":
		if u := w.userNamed(who.account, baseName(who.user)); u != nil {
			return u.arn
		}
	}
	return ""
}

// roleNamed finds a role by its name without the path.
func (w *world) roleNamed(account, name string) *role {
	for _, r := range w.roles {
		if r.Account == account && r.baseName() == name {
			return r
		}
	}
	return nil
}

// userNamed finds a user by its name without the path.
func (w *world) userNamed(account, name string) *principal {
	for _, u := range w.users {
		if u.account == account && baseName(u.user) == name {
			return u
		}
	}
	return nil
}

// circumstances are the condition keys of a principal's requests, in lower
// case; a key that a request lacks is not there
// (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html).
func (p *principal) circumstances() map[string]string {
	keys := map[string]string{userIDKey: p.userID, principalARNKey: p.arn}
	if p.kind == roleSession {
		keys[principalARNKey] = p.roleARN
	}
	if p.sourceIdentity != "" {
		keys[sourceIdentityKey] = p.sourceIdentity
	}
	if p.temporary() {
		keys[issueTimeKey] = p.issued.Format(time.RFC3339)
	}
	return keys
}

// needsMFA reports whether AWS's policy for users who manage their own keys
// denies an action without MFA
// (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_examples_aws_my-sec-creds-self-manage.html).
func needsMFA(action string) bool {
	return wild("iam:*", action) && !slices.Contains([]string{"iam:GetUser", "iam:ListMFADevices"}, action)
}
