package assume

import (
	"errors"
	"strings"
	"testing"
	"time"

	"assume-role/internal/awsfake"
	"assume-role/internal/cache"
	"assume-role/internal/creds"
	"assume-role/internal/fault"
	"assume-role/internal/profile"
)

// wireRow is one of AWS's errors as it comes over the wire, and the one line
// that a user gets of it, after the profile's name.
type wireRow struct {
	name          string
	status        int
	code, message string
	want          string
}

// wireRows are the errors of AssumeRole and GetSessionToken in the STS API
// reference, "Errors" and "CommonErrors", with AWS's own codes, statuses and
// texts.
func wireRows() []wireRow {
	const role = "AssumeRole of arn:aws:iam::123456789012:role/admin failed with "
	return []wireRow{
		{
			"not allowed, or no such role", 403, "AccessDenied",
			"User: arn:aws:iam::123456789012:user/alice is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::123456789012:role/admin",
			role + "AccessDenied: User: arn:aws:iam::123456789012:user/alice is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::123456789012:role/admin (~/.aws/config:7): see that the role exists, that its trust policy names the caller (and its conditions: external_id, MFA, source_identity, session_tags), and that the caller's own policies allow sts:AssumeRole",
		},
		{
			"explicit deny", 403, "AccessDenied",
			"User: arn:aws:iam::123456789012:user/alice is not authorized to perform: sts:AssumeRole on resource: arn:r with an explicit deny in a service control policy",
			role + "AccessDenied: User: arn:aws:iam::123456789012:user/alice is not authorized to perform: sts:AssumeRole on resource: arn:r with an explicit deny in a service control policy (~/.aws/config:7): a policy denies it outright: ask who administers the account which one (service control, permissions boundary, identity or session policy)",
		},
		{
			"device and code must come together", 403, "AccessDenied",
			"MultiFactorAuthentication failed, must provide both MFA serial number and one time pass code.",
			role + "AccessDenied (~/.aws/config:7): an MFA device and a code must be given together: set mfa_serial",
		},
		{
			"device of another user", 403, "AccessDenied",
			"MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA serial number is valid and associated with this user.",
			role + "AccessDenied (~/.aws/config:7): the MFA device given does not belong to the user of key ${KEY}: correct mfa_serial",
		},
		{
			"root", 403, "AccessDenied", "Roles may not be assumed by root accounts.",
			role + "AccessDenied (~/.aws/credentials:2): root cannot assume roles: use an IAM user's keys or IAM Identity Center",
		},
		{
			"session credentials", 403, "AccessDenied", "Cannot call GetSessionToken with session credentials",
			role + "AccessDenied (~/.aws/credentials:2): the source's credentials are temporary already: set session_token = never, and see that no old AWS_SESSION_TOKEN is set",
		},
		{
			"expired", 403, "ExpiredToken", "The security token included in the request is expired",
			role + "ExpiredToken (~/.aws/credentials:2): the credentials that signed it (${KEY}) have expired: put new ones into the profile base",
		},
		{
			"key unknown", 403, "InvalidClientTokenId", "The security token included in the request is invalid.",
			role + "InvalidClientTokenId (~/.aws/credentials:2): AWS does not know key ${KEY}: it was deleted or turned off, or is of another partition than aws: if it was replaced, put new ones into the profile base",
		},
		{
			"wrong secret", 403, "SignatureDoesNotMatch",
			"The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. The Canonical String for this request should have been 'POST / x-amz-security-token:${SECRET}'",
			role + "SignatureDoesNotMatch (~/.aws/credentials:2): the secret of key ${KEY} is wrong: look for a missing character, a blank or a comment at its end",
		},
		{
			"region turned off", 403, "RegionDisabledException", "STS is not activated in this region for account:123456789012. Your account administrator can activate STS in this region using the IAM Console.",
			role + "RegionDisabledException: STS is not activated in this region for account:123456789012. Your account administrator can activate STS in this region using the IAM Console (~/.aws/config:7): STS is turned off in eu-west-1 for the account: choose another --region, or turn it on under IAM, Account settings",
		},
		{
			"policies too large when packed", 400, "PackedPolicyTooLarge", "Serialized token too large for session",
			role + "PackedPolicyTooLarge: Serialized token too large for session (~/.aws/config:9): shorten policy, policy_arns or session_tags",
		},
		{
			"policy malformed", 400, "MalformedPolicyDocument", "Syntax errors in policy.",
			role + "MalformedPolicyDocument: Syntax errors in policy (~/.aws/config:9): correct the session policy: it needs Version and Statement, and no Principal",
		},
		{
			"longer than the role allows", 400, "ValidationError", "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
			role + "ValidationError (~/.aws/config:8): the role does not allow sessions of 1h0m0s: ask for less with --duration, or raise its limit: aws iam update-role --role-name NAME --max-session-duration SECONDS",
		},
		{
			"longer than chaining allows", 400, "ValidationError", "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.",
			role + "ValidationError (~/.aws/config:8): a role assumed from a role's session lasts one hour at most: ask for --duration 1h or less",
		},
		{
			"a value AWS refuses", 400, "ValidationError", "1 validation error detected: Value 'a b' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]*",
			role + `ValidationError: 1 validation error detected: Value 'a b' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\w+=,.@-]* (~/.aws/config:7): correct the setting that AWS names`,
		},
		{
			"request expired", 400, "RequestExpired", "Request has expired.",
			role + "RequestExpired (~/.aws/config:7): the clocks agree, so something held the request up on its way: check the proxy, and try again",
		},
		{
			"throttled", 400, "Throttling", "Rate exceeded",
			role + "Throttling (~/.aws/config:7): AWS limits how often it may be asked: try again in a minute",
		},
		{
			"too many requests", 429, "TooManyRequestsException", "Rate exceeded",
			role + "TooManyRequestsException (~/.aws/config:7): AWS limits how often it may be asked: try again in a minute",
		},
		{
			"service unavailable", 503, "ServiceUnavailable", "busy",
			"AssumeRole of arn:aws:iam::123456789012:role/admin failed: ${HOST}: it answered 503 Service Unavailable (~/.aws/config:7): try again later",
		},
		{
			"not signed up", 403, "OptInRequired", "The AWS Access Key Id needs a subscription for the service",
			role + "OptInRequired: The AWS Access Key Id needs a subscription for the service (~/.aws/config:7): the account is not signed up or not active: finish its sign-up",
		},
		{
			"signature incomplete", 400, "IncompleteSignature", "Authorization header requires 'Credential' parameter.",
			role + "IncompleteSignature (~/.aws/config:7): the endpoint did not understand the signature: check endpoint_url and any proxy between",
		},
		{
			"no signature arrived", 403, "MissingAuthenticationToken", "Request is missing Authentication Token",
			role + "MissingAuthenticationToken (~/.aws/config:7): the endpoint did not understand the signature: check endpoint_url and any proxy between",
		},
		{
			"never heard of", 400, "SomethingNew", "Whatever it is",
			role + "SomethingNew: Whatever it is (~/.aws/config:7): look up the code in the STS API reference, or see --debug for the request id",
		},
	}
}

// TestWire sends every row over a wire: the line is ours, it names the
// profile, the call, AWS's code, the place and the next step; the request id
// is under --debug alone, and what AWS echoes of a request nowhere.
func TestWire(t *testing.T) {
	t.Parallel()
	for _, row := range wireRows() {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			echo := strings.ReplaceAll(row.message, "${SECRET}", w.keys.SecretAccessKey.Reveal())
			address, _ := refusing(t, row.status, row.code, echo)
			chain := w.chain(w.settledRole())
			chain.STS.URL, chain.STS.MaxAttempts = address, 1
			host := strings.TrimPrefix(address, "http://")
			want := `profile "dev": ` + strings.NewReplacer("${KEY}", w.keys.AccessKeyID, "${HOST}", host).Replace(row.want)
			if got := w.fails(chain).Error(); got != want {
				t.Errorf("got  %s\nwant %s", got, want)
			}
			w.debugHasTheRequest(row)
		})
	}
}

// settledRole has a line for every setting that an error can point at.
func (w *world) settledRole() profile.Call {
	call := w.role(awsfake.Role{Name: "admin"})
	for i, name := range []string{"role_arn", "duration_seconds", "policy"} {
		call.Settings[name] = fault.Origin{Path: "~/.aws/config", Line: 7 + i}
	}
	return call
}

func (w *world) debugHasTheRequest(row wireRow) {
	w.Helper()
	debug := w.debug.String()
	if !strings.Contains(debug, "11111111-2222-3333-4444-555555555555") || !strings.Contains(debug, row.code) {
		w.Errorf("debug lacks the request id or the code: %s", debug)
	}
	if secret := w.keys.SecretAccessKey.Reveal(); strings.Contains(debug, secret) {
		w.Errorf("debug has a secret: %s", debug)
	}
}

// A session that AWS no longer takes is named as one, with the causes in the
// order of their likelihood; an outage of nothing is none.
func TestWireOfASession(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	address, asked := refusing(t, 403, "InvalidClientTokenId", "The security token included in the request is invalid")
	chain := w.chain(w.settledRole())
	chain.Source.Keys = creds.Credentials{AccessKeyID: "ASIATEST", SecretAccessKey: "s3cr3t", SessionToken: "t0k3n", Expiration: time.Now().Add(time.Hour)}
	chain.STS.URL = address
	err := w.fails(chain, "InvalidClientTokenId", "does not know the session ASIATEST in eu-west-1", "another partition", "global endpoint", "credentials:2")
	if errors.Is(err, cache.ErrUnreachable) || asked.Load() != 1 {
		t.Errorf("asked %d times: %v", asked.Load(), err)
	}
}
