package iam

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/smithy-go"

	"assume-role/internal/assume"
	"assume-role/internal/fault"
	"assume-role/internal/profile"
)

// What IAM's refusals come to, for errors.Is.
var (
	// ErrNotFound: there is no such role, user, policy or key.
	ErrNotFound = errors.New("IAM has no such entity")
	// ErrDenied: the caller lacks the permission.
	ErrDenied = errors.New("IAM denies it to the caller")
	// ErrLimit: a quota of the account is used up, such as two access keys a
	// user, or the characters of all inline policies of a role.
	ErrLimit = errors.New("a quota of IAM is used up")
	// ErrMalformed: the policy's document is none.
	ErrMalformed = errors.New("IAM takes no such policy document")
	// ErrUnmodifiable: only the service that owns the role may change it.
	ErrUnmodifiable = errors.New("only a service may change it")
	// ErrBusy: IAM asks to be called less often, or is at work on the same
	// entity; a later try may do.
	ErrBusy = errors.New("IAM is busy")
	// ErrSession: IAM takes no session of GetSessionToken without MFA, and
	// none of GetFederationToken.
	ErrSession = errors.New("IAM takes no such session")
	// ErrNoUser: no user was named, and the caller is none.
	ErrNoUser = errors.New("the caller is no IAM user")
	// ErrOutcomeUnknown: whether it was done cannot be told.
	ErrOutcomeUnknown = assume.ErrOutcomeUnknown
)

// refusal is one kind of IAM's errors and what to tell the user about it.
type refusal struct {
	is    error
	codes []string
	// text is a part of AWS's message; empty means any.
	text string
	// when is a further condition; nil means none.
	when func(*Client) bool
	// say is the advice; text is AWS's message.
	say func(c *Client, r request, text string) string
}

// refusals are IAM's errors (the IAM API reference, "Errors" of each call and
// "CommonErrors"). The first that fits counts; what is not among them is told as
// for STS.
func refusals() []refusal {
	return []refusal{
		{is: ErrNotFound, codes: []string{"NoSuchEntity", "NoSuchEntityException"},
			say: advice("see that it is in the caller's account, and that nobody removed it meanwhile")},
		{is: ErrDenied, codes: []string{"AccessDenied", "AccessDeniedException"}, say: sayDenied},
		{is: ErrLimit, codes: []string{"LimitExceeded", "LimitExceededException"}, say: sayLimit},
		{is: ErrMalformed, codes: []string{"MalformedPolicyDocument", "MalformedPolicyDocumentException"},
			say: advice("this is a mistake of this tool: please report it with the policy")},
		{is: ErrUnmodifiable, codes: []string{"UnmodifiableEntity", "UnmodifiableEntityException"},
			say: advice("only the service that owns the role may change it: end what uses it in that service")},
		{is: ErrBusy, codes: []string{"ConcurrentModification", "ConcurrentModificationException", "EntityTemporarilyUnmodifiable", "EntityTemporarilyUnmodifiableException",
			"Throttling", "ThrottlingException", "ThrottledException", "TooManyRequestsException", "RequestLimitExceeded"},
			say: advice("another change is under way, or IAM is asked too often: try again in a minute")},
		{is: ErrNoUser, codes: []string{"ValidationError"}, text: "Must specify userName",
			say: advice("the credentials are a role's, which has no keys and devices of its own: use the profile of an IAM user's keys")},
		{is: ErrSession, codes: []string{"InvalidClientTokenId"}, when: usersSession,
			say: advice("AWS does not know the session, or it is one that IAM does not take, of GetSessionToken without MFA or of GetFederationToken: set mfa_serial in the profile of the keys, or use another profile's credentials")},
	}
}

func advice(text string) func(*Client, request, string) string {
	return func(*Client, request, string) string { return text }
}

// usersSession reports whether the caller may be an IAM user's session without
// MFA.
func usersSession(c *Client) bool {
	if n := len(c.chain.Calls); n > 0 {
		last := c.chain.Calls[n-1]
		return last.Kind != profile.AssumeRole && last.Device == nil
	}
	switch c.chain.Source.Kind {
	case profile.Static, profile.Environment, profile.Process:
		return c.caller.Temporary() && !strings.Contains(c.caller.ARN, ":assumed-role/")
	}
	return false
}

func sayLimit(_ *Client, r request, _ string) string {
	if strings.HasSuffix(r.name, "Policy") {
		return "AWS limits the characters of all inline policies of " + r.on + " together: remove one that is no longer needed, or make it a managed policy"
	}
	return "AWS lets a user have two access keys: delete the one that is not used"
}

// sayDenied names the permission, and the kind of policy that withholds it
// where AWS's message does
// (https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html).
func sayDenied(c *Client, r request, text string) string {
	permission := "iam:" + r.name + " on " + r.on
	if kind, ok := policyKind(text, "with an explicit deny in "); ok {
		return kind + " denies " + permission + c.perhapsMFA() + ": ask who administers the account"
	}
	if kind, ok := policyKind(text, "because no "); ok {
		return "no " + kind + " allows the caller " + permission + ": ask who administers the account for it"
	}
	return "ask who administers the account for the permission " + permission
}

// perhapsMFA says what else a caller can do whom a policy may deny everything
// because no MFA device was presented.
func (c *Client) perhapsMFA() string {
	if c.caller.Temporary() {
		return ""
	}
	return " (if it does so without MFA, set mfa_serial)"
}

// policyKind finds the kind of policy that AWS's message names after words.
func policyKind(text, words string) (kind string, ok bool) {
	_, after, ok := strings.Cut(text, words)
	for _, kind := range []string{"identity-based policy", "permissions boundary", "service control policy", "resource control policy", "session policy", "resource-based policy", "VPC endpoint policy"} {
		for _, article := range []string{"", "a ", "an "} {
			if ok && strings.HasPrefix(after, article+kind) {
				return article + kind, true
			}
		}
	}
	return "", false
}

// explain adds to an error what IAM means by it.
func (c *Client) explain(r request, err error) error {
	var api smithy.APIError
	var told *fault.Error
	if !errors.As(err, &told) {
		return err
	}
	if errors.Is(err, ErrOutcomeUnknown) {
		return told.Fix("%s; it may have been done all the same: see which keys there are", told.Hint)
	}
	if !errors.As(err, &api) {
		return err
	}
	list := refusals()
	i := slices.IndexFunc(list, func(f refusal) bool {
		return slices.Contains(f.codes, api.ErrorCode()) && strings.Contains(told.Message, f.text) && (f.when == nil || f.when(c))
	})
	if i < 0 {
		return err
	}
	told.Err = fmt.Errorf("%w: %w", list[i].is, told.Err)
	return told.Fix("%s", list[i].say(c, r, told.Message))
}
