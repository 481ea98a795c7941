package assume

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/smithy-go"

	"assume-role/internal/awsfake"
	"assume-role/internal/cache"
	"assume-role/internal/creds"
	"assume-role/internal/fault"
	"assume-role/internal/profile"
)

// answers are AWS's errors with its own texts, and what a user must be told.
// The rows follow those of rows.
func answers() []answer {
	const denied = "AccessDenied"
	return []answer{
		{"SignatureDoesNotMatch", "Signature expired: 20260101T000000Z is now earlier than 20260101T100000Z (20260101T101500Z - 15 min.)", []string{"clock", "ahead", "10h0m0s"}},
		{"SignatureDoesNotMatch", "Signature not yet current: 20260101T000000Z is still later than 20260101T100000Z", []string{"clock"}},
		{"InvalidSignatureException", "Signature expired: 20260101T000000Z is now earlier than …", []string{"clock"}},
		{"RequestTimeTooSkewed", "The difference between the request time and the current time is too large.", []string{"clock", "2026-01-01T10:00:00Z", "2026-01-01T00:00:00Z"}},
		{"RequestExpired", "Request has expired.", []string{"clock"}},
		{denied, "MultiFactorAuthentication failed with invalid MFA one time pass code. ", []string{"30 seconds", "config:3"}},
		{denied, "MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA serial number is valid and associated with this user.", []string{"mfa_serial", "arn:aws:iam::123456789012:mfa/alice", "config:3"}},
		{denied, "MultiFactorAuthentication failed, must provide both MFA serial number and one time pass code.", []string{"mfa_serial"}},
		{denied, "Roles may not be assumed by root accounts.", []string{"root", "credentials:2"}},
		{denied, "Cannot call GetSessionToken with session credentials", []string{"session_token = never", "AWS_SESSION_TOKEN"}},
		{denied, "User: arn:aws:iam::1:user/a is not authorized to perform: sts:AssumeRole on resource: arn:r with an explicit deny in a service control policy", []string{"explicit deny in a service control policy", "denies it outright"}},
		{denied, "User: arn:aws:iam::1:user/a is not authorized to perform: sts:AssumeRole on resource: arn:r", []string{"user/a is not authorized", "trust policy", "external_id", "config:7"}},
		{"ExpiredToken", "The security token included in the request is expired", []string{"expired", "AKIATEST", "credentials:2"}},
		{"ExpiredTokenException", "Token must be redeemed within specified timeframe", []string{"expired"}},
		{"InvalidClientTokenId", "The security token included in the request is invalid.", []string{"does not know key AKIATEST", "partition than aws"}},
		{"UnrecognizedClientException", "The security token included in the request is invalid.", []string{"AKIATEST"}},
		{"OptInRequired", "The AWS Access Key Id needs a subscription for the service", []string{"sign-up"}},
		{"IncompleteSignature", "x", []string{"endpoint_url", "proxy"}},
		{"MissingAuthenticationToken", "Request is missing Authentication Token", []string{"endpoint_url", "proxy"}},
		{"RegionDisabledException", "STS is not activated in this region for account:123456789012.", []string{"eu-west-1", "Account settings"}},
		{"PackedPolicyTooLarge", "Serialized token too large for session: 104%", []string{"104%", "shorten", "config:9"}},
		{"MalformedPolicyDocument", "Syntax errors in policy.", []string{"Version and Statement", "config:9"}},
		{"ValidationError", "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.", []string{"12h0m0s", "--duration", "--max-session-duration", "config:8"}},
		{"ValidationError", "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.", []string{"one hour", "config:8"}},
		{"ValidationError", "1 validation error detected: Value 'x' at 'roleSessionName' failed to satisfy constraint", []string{"roleSessionName", "correct the setting"}},
		{"Throttling", "Rate exceeded", []string{"try again in a minute"}},
		{"TooManyRequestsException", "x", []string{"try again in a minute"}},
		{"IDPRejectedClaim", "x", []string{"new one"}},
		{"IDPCommunicationError", "x", []string{"try again"}},
		{"SomethingNew", "Never heard of", []string{"SomethingNew: Never heard of", "--debug"}},
	}
}

type answer struct {
	code, text string
	words      []string
}

func (a answer) failure() *failure {
	settings := map[string]fault.Origin{}
	for i, name := range []string{"role_arn", "duration_seconds", "policy"} {
		settings[name] = fault.Origin{Path: "~/.aws/config", Line: 7 + i}
	}
	op := operation{
		name: "AssumeRole", signer: creds.Credentials{AccessKeyID: "AKIATEST", SecretAccessKey: "the-secret"},
		source: &profile.Source{Origin: fault.Origin{Path: "~/.aws/credentials", Line: 2}},
		call: &profile.Call{Profile: "dev", RoleARN: "arn:r", Duration: 12 * time.Hour, Settings: settings,
			Device: &profile.Device{Serial: "arn:aws:iam::123456789012:mfa/alice", Origin: fault.Origin{Path: "~/.aws/config", Line: 3}}},
	}
	midnight := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	seen := observed{host: "sts.test", server: midnight, local: midnight.Add(10 * time.Hour)}
	if !strings.Contains(strings.Join(a.words, " "), "clock") {
		seen.local = midnight
	}
	return newFailure(op, profile.Endpoint{Region: "eu-west-1", Partition: "aws"}, seen, &smithy.GenericAPIError{Code: a.code, Message: a.text})
}

func TestEveryRow(t *testing.T) {
	t.Parallel()
	list, hit := rows(), map[int]bool{}
	for _, a := range append(answers(), answer{"SignatureDoesNotMatch", "The request signature we calculated does not match … the-secret", []string{"the secret of key AKIATEST is wrong"}},
		answer{"SignatureDoesNotMatch", "The request signature we calculated …", []string{"this machine's clock"}}) {
		f := a.failure()
		hit[slices.IndexFunc(list, func(r row) bool { return r.fits(f) })] = true
		err := f.refused()
		for _, word := range append(a.words, `profile "dev"`, "AssumeRole of arn:r", a.code) {
			if !strings.Contains(err.Error(), word) {
				t.Errorf("%q is not in: %v", word, err)
			}
		}
		if strings.Contains(err.Error(), "the-secret") || strings.Contains(err.Error(), "\n") {
			t.Errorf("not fit to be shown: %v", err)
		}
	}
	f := answer{code: "AccessDenied", text: "User: x is not authorized to perform: sts:GetFederationToken"}.failure()
	f.name = "GetFederationToken"
	hit[slices.IndexFunc(list, func(r row) bool { return r.fits(f) })] = true
	hit[slices.IndexFunc(list, func(r row) bool { return r.fits(deniedSession()) })] = true
	for _, a := range samlAnswers() {
		hit[slices.IndexFunc(list, func(r row) bool { return r.fits(a.ofSAML()) })] = true
	}
	for _, a := range webIdentityAnswers() {
		hit[slices.IndexFunc(list, func(r row) bool { return r.fits(a.ofToken()) })] = true
	}
	for i, r := range list {
		if !hit[i] {
			t.Errorf("row %d is never the first that fits: %v %q", i, r.codes, r.text)
		}
	}
}

// deniedSession is a session that a policy of its role refuses, as those of
// docs/revoking.md do.
func deniedSession() *failure {
	f := answer{code: "AccessDenied", text: "User: x is not authorized to perform: sts:AssumeRole with an explicit deny in an identity-based policy"}.failure()
	f.signer.SessionToken = "the-token"
	return f
}

func TestDeniedSessionNamesTheCache(t *testing.T) {
	t.Parallel()
	if err := deniedSession().refused(); !strings.Contains(err.Error(), "assume-role clear-cache") {
		t.Error(err)
	}
}

func TestUnknownKeyNamesTheLikeliestCause(t *testing.T) {
	t.Parallel()
	for word, signer := range map[string]creds.Credentials{
		"global endpoint":          {AccessKeyID: "ASIAX", SecretAccessKey: "s", SessionToken: "t"},
		"session token is missing": {AccessKeyID: "ASIAX", SecretAccessKey: "s"},
		"deleted or turned off":    {AccessKeyID: "AKIAX", SecretAccessKey: "s"},
	} {
		f := answer{code: "InvalidClientTokenId"}.failure()
		f.signer = signer
		if err := f.refused(); !strings.Contains(err.Error(), word) {
			t.Errorf("%q is not in: %v", word, err)
		}
	}
}

// How to replace a key is said where it is known what gave it.
func TestUnknownKeyOfAnUnknownSource(t *testing.T) {
	t.Parallel()
	f := answer{code: "InvalidClientTokenId"}.failure()
	f.signer = creds.Credentials{AccessKeyID: "AKIAX", SecretAccessKey: "s"}
	for kind, want := range map[profile.Kind]bool{profile.Keyring: true, "": false} {
		f.source = &profile.Source{Kind: kind, Profile: "base"}
		err := f.refused().Error()
		if strings.Contains(err, "if it was replaced") != want || strings.Contains(err, "assume-role add base") != want || strings.Contains(err, "anew") {
			t.Errorf("of %q: %s", kind, err)
		}
	}
}

// What AWS repeats of a request must not reach the user or the log.
func TestSecretsAreTakenOut(t *testing.T) {
	t.Parallel()
	f := answer{code: "X"}.failure()
	f.signer.SessionToken, f.operation.code = "the-token", "123456"
	text := f.clean("line one\nValue '123456' at 'tokenCode'\tx-amz-security-token:the-token the-secret " + strings.Repeat("é", 900))
	if strings.Contains(text, "123456") || strings.Contains(text, "the-") || strings.Contains(text, "\n") || len(text) > 603 {
		t.Error(text)
	}
	wrong := answer{code: "SignatureDoesNotMatch", text: "The Canonical String for this request should have been 'secret things'"}.failure()
	if strings.Contains(wrong.detail(), "secret things") || strings.Contains(wrong.refused().Error(), "secret things") {
		t.Error(wrong.detail())
	}
}

func TestWrongClock(t *testing.T) {
	t.Parallel()
	for by, word := range map[time.Duration]string{10 * time.Hour: "behind", -10 * time.Hour: "ahead"} {
		w := newWorld(t)
		w.aws.Advance(by)
		w.fails(w.chain(w.role(awsfake.Role{Name: "admin"})), "clock is ", word, "it says "+time.Now().UTC().Format("2006-01-02"), w.aws.Now().Format("2006-01-02"), "set it")
		w.counts(0, 1, 0)
	}
}

func TestRealAnswers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	missing := profile.Call{Kind: profile.AssumeRole, Profile: "dev", Duration: time.Hour, RoleARN: "arn:aws:iam::123456789012:role/none"}
	w.fails(w.chain(missing), "not authorized to perform: sts:AssumeRole", "role/none", "trust policy")
	long := w.role(awsfake.Role{Name: "short"})
	long.Duration = 2 * time.Hour
	w.fails(w.chain(long), "does not allow sessions of 2h0m0s")
	bad := w.role(awsfake.Role{Name: "policy"})
	bad.Policy = `{"not":"a policy"}`
	w.fails(w.chain(bad), "Policy", "correct")
	foreign := w.mfaSession()
	foreign.Device.Serial = w.aws.AddDevice("bob").Serial
	w.fails(w.chain(foreign), "does not belong to the user", w.keys.AccessKeyID, "config:3")
	w.aws.Inject(awsfake.Fault{Mode: awsfake.Deny, Times: 1})
	w.fails(w.chain(w.role(awsfake.Role{Name: "x"})), "explicit deny")
	w.keys.SecretAccessKey += " "
	w.fails(w.chain(w.role(awsfake.Role{Name: "x"})), "secret of key "+w.keys.AccessKeyID)
}

// The request id is for whoever asks AWS's support, not for everybody.
func TestRequestIDIsInDebugOnly(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.aws.Inject(awsfake.Fault{Mode: awsfake.Deny, Times: 1})
	w.fails(w.chain(w.role(awsfake.Role{Name: "x"})))
	if !strings.Contains(w.debug.String(), `request id "`) || strings.Contains(w.debug.String(), `request id ""`) {
		t.Error(w.debug)
	}
}

func TestSpent(t *testing.T) {
	t.Parallel()
	api := func(code, text string) error { return &smithy.GenericAPIError{Code: code, Message: text} }
	plain := errors.New("x")
	for name, c := range map[string]struct {
		err   error
		spent bool
		out   bool
	}{
		"success":        {nil, false, false},
		"refused":        {fmt.Errorf("x: %w", api("AccessDenied", "MultiFactorAuthentication failed with invalid MFA one time pass code. ")), true, false},
		"foreign device": {api("AccessDenied", "unable to validate MFA code"), false, true},
		"throttled":      {api("Throttling", "Rate exceeded"), true, true},
		"cut off":        {errIncomplete, true, true},
		"timeout":        {context.DeadlineExceeded, false, true},
		"other":          {plain, false, true},
	} {
		if got, err := spent(c.err); got != c.spent || (err != nil) != c.out {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
}

func TestOnlyOutagesAreUnreachable(t *testing.T) {
	t.Parallel()
	for _, a := range answers() {
		if errors.Is(a.failure().refused(), cache.ErrUnreachable) {
			t.Errorf("%s is taken for an outage", a.code)
		}
	}
}
