package assume

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"assume-role/internal/fault"
)

// row is one of AWS's errors, and what to tell the user about it.
type row struct {
	// codes are AWS's error codes; none means any.
	codes []string
	// text is a part of AWS's message; empty means any.
	text string
	// when is a further condition; nil means none.
	when func(*failure) bool
	// silent keeps AWS's own message out of ours, where it does not help or
	// repeats secrets.
	silent bool
	// at finds the line to look at; nil means the role's.
	at func(*failure) fault.Origin
	// say is the advice.
	say func(*failure) string
}

// rows are AWS's errors (the STS API reference, "Errors" of each call and
// "CommonErrors"). The first that fits counts.
func rows() []row {
	return slices.Concat(clockRows(), mfaRows(), samlRows(), webIdentityRows(), deniedRows(), credentialRows(), requestRows(), tokenRows(), []row{
		{say: func(f *failure) string {
			return "look up the code in the " + f.asked() + " API reference, or see --debug for the request id"
		}},
	})
}

func clockRows() []row {
	codes := []string{"SignatureDoesNotMatch", "InvalidSignatureException"}
	return []row{
		{codes: codes, text: "Signature expired", silent: true, say: setClock},
		{codes: codes, text: "Signature not yet current", silent: true, say: setClock},
		{codes: codes, when: wrongClock, silent: true, say: setClock},
		{codes: []string{"RequestExpired", "RequestTimeTooSkewed"}, silent: true, say: setClock},
	}
}

func mfaRows() []row {
	denied := []string{"AccessDenied"}
	return []row{
		{codes: denied, text: "invalid MFA one time pass code", silent: true, at: (*failure).deviceOrigin,
			say: advice("the MFA code was wrong or used before: wait up to 30 seconds for the device's next one, and check its clock")},
		{codes: denied, text: "unable to validate MFA code", silent: true, at: (*failure).deviceOrigin,
			say: func(f *failure) string {
				return fmt.Sprintf("the MFA device %s does not belong to the user of key %s: correct mfa_serial", f.serial(), f.signer.AccessKeyID)
			}},
		{text: "both MFA serial number and one time pass code", silent: true, at: (*failure).deviceOrigin,
			say: advice("an MFA device and a code must be given together: set mfa_serial")},
	}
}

func deniedRows() []row {
	denied := []string{"AccessDenied", "AccessDeniedException"}
	return []row{
		{codes: denied, text: "may not be assumed by root", silent: true, at: (*failure).keysOrigin,
			say: advice("root cannot assume roles: use an IAM user's keys or IAM Identity Center")},
		{codes: denied, text: "with session credentials", silent: true, at: (*failure).keysOrigin,
			say: advice("the source's credentials are temporary already: set session_token = never, and see that no old AWS_SESSION_TOKEN is set")},
		{codes: denied, text: "explicit deny in an identity-based policy", when: signedBySession,
			say: advice("a policy denies it outright: if older sessions were revoked, make new ones: assume-role clear-cache; or else ask who administers the account")},
		{codes: denied, text: "explicit deny",
			say: advice("a policy denies it outright: ask who administers the account which one (service control, permissions boundary, identity or session policy)")},
		{codes: denied, when: assumes,
			say: advice("see that the role exists, that its trust policy names the caller (and its conditions: external_id, MFA, source_identity, session_tags), and that the caller's own policies allow sts:AssumeRole")},
		{codes: denied, say: advice("the caller's policies do not allow the call")},
	}
}

// signedBySession: a policy that ends older sessions may be what denies it.
func signedBySession(f *failure) bool { return f.signer.Temporary() }

func credentialRows() []row {
	return []row{
		{codes: []string{"ExpiredToken", "ExpiredTokenException"}, silent: true, at: (*failure).keysOrigin,
			say: func(f *failure) string {
				return fmt.Sprintf("the credentials that signed it (%s) have expired: %s", f.signer.AccessKeyID, renew(f.source))
			}},
		{codes: []string{"InvalidClientTokenId", "UnrecognizedClientException"}, silent: true, at: (*failure).keysOrigin, say: unknownKey},
		{codes: []string{"SignatureDoesNotMatch", "InvalidSignatureException"}, silent: true, at: (*failure).keysOrigin,
			say: func(f *failure) string {
				return fmt.Sprintf("the secret of key %s is wrong: look for a missing character, a blank or a comment at its end", f.signer.AccessKeyID)
			}},
		{codes: []string{"OptInRequired", "SubscriptionRequiredException"}, say: advice("the account is not signed up or not active: finish its sign-up")},
		{codes: []string{"IncompleteSignature", "MissingAuthenticationToken", "MissingAuthenticationTokenException"}, silent: true,
			say: advice("the endpoint did not understand the signature: check endpoint_url and any proxy between")},
	}
}

func requestRows() []row {
	return []row{
		{codes: []string{"RegionDisabledException"}, say: func(f *failure) string {
			return fmt.Sprintf("STS is turned off in %s for the account: choose another --region, or turn it on under IAM, Account settings", f.endpoint.Region)
		}},
		{codes: []string{"PackedPolicyTooLarge", "PackedPolicyTooLargeException"}, at: in("policy"), say: advice("shorten policy, policy_arns or session_tags")},
		{codes: []string{"MalformedPolicyDocument", "MalformedPolicyDocumentException"}, at: in("policy"),
			say: advice("correct the session policy: it needs Version and Statement, and no Principal")},
		{text: "MaxSessionDuration", silent: true, at: in("duration_seconds"), say: func(f *failure) string {
			return fmt.Sprintf("the role does not allow sessions of %s: ask for less with --duration, or raise its limit: aws iam update-role --role-name NAME --max-session-duration SECONDS", f.call.Duration)
		}},
		{text: "1 hour session limit", silent: true, at: in("duration_seconds"),
			say: advice("a role assumed from a role's session lasts one hour at most: ask for --duration 1h or less")},
		{codes: []string{"ValidationError", "ValidationException", "InvalidParameterValue", "InvalidParameterCombination"},
			say: advice("correct the setting that AWS names")},
		{when: func(f *failure) bool { return throttled(f.code) }, silent: true, say: advice("AWS limits how often it may be asked: try again in a minute")},
	}
}

// tokenRows are the errors of the calls that take another party's token.
func tokenRows() []row {
	return []row{
		{codes: []string{"IDPRejectedClaim", "IDPRejectedClaimException"}, say: advice("the identity provider refused the token: get a new one")},
		{codes: []string{"IDPCommunicationError", "IDPCommunicationErrorException"}, say: advice("AWS could not reach the identity provider: try again")},
	}
}

func advice(text string) func(*failure) string { return func(*failure) string { return text } }

func in(setting string) func(*failure) fault.Origin {
	return func(f *failure) fault.Origin { return f.origin(setting) }
}

func assumes(f *failure) bool { return strings.HasPrefix(f.name, "AssumeRole") }

func (r row) fits(f *failure) bool {
	return (r.codes == nil || slices.Contains(r.codes, f.code)) &&
		strings.Contains(f.text, r.text) && (r.when == nil || r.when(f))
}

// refused is the error for what AWS answered.
func (f *failure) refused() error {
	list := rows()
	r := list[slices.IndexFunc(list, func(r row) bool { return r.fits(f) })]
	at := f.origin("")
	if r.at != nil {
		at = r.at(f)
	}
	message := fmt.Sprintf("%s failed with %s", f.what(), f.code)
	if !r.silent && f.text != "" {
		message += ": " + f.text
	}
	return fault.New("", "%s", message).In(f.call.Profile).At(at).Fix("%s", r.say(f)).Because(f.err)
}

// maxSkew is how far a clock may be off before AWS refuses signatures
// (Signature Version 4: five minutes).
const maxSkew = 5 * time.Minute

func wrongClock(f *failure) bool { return f.seen.skew().Abs() > maxSkew }

// setClock gives both times where the answer had one.
func setClock(f *failure) string {
	if f.seen.server.IsZero() {
		return "this machine's clock is wrong: set it"
	}
	if f.seen.skew().Abs() <= time.Minute {
		return "the clocks agree, so something held the request up on its way: check the proxy, and try again"
	}
	word := "behind"
	if f.seen.skew() < 0 {
		word = "ahead"
	}
	return fmt.Sprintf("this machine's clock is %s %s: it says %s and AWS's says %s: set it",
		f.seen.skew().Abs(), word, f.seen.local.UTC().Format(time.RFC3339), f.seen.server.UTC().Format(time.RFC3339))
}

// unknownKey names the causes in the order of their likelihood.
func unknownKey(f *failure) string {
	key := f.signer.AccessKeyID
	switch {
	case f.signer.Temporary():
		return fmt.Sprintf("AWS does not know the session %s in %s: it may be of another partition, of the global endpoint (sts_regional_endpoints), or its key was deleted", key, f.endpoint.Region)
	case strings.HasPrefix(key, "ASIA"):
		return fmt.Sprintf("key %s is temporary and its session token is missing: set aws_session_token", key)
	}
	said := fmt.Sprintf("AWS does not know key %s: it was deleted or turned off, or is of another partition than %s", key, f.endpoint.Partition)
	if f.source.Kind == "" { // whose key it is was asked for its own sake
		return said
	}
	return said + ": if it was replaced, " + renew(f.source)
}

// serial is the operation's MFA device.
func (f *failure) serial() string {
	if f.call.Device == nil {
		return "given"
	}
	return f.call.Device.Serial
}
