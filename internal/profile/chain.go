// Package profile reads the AWS config and credentials files and turns one
// profile into a plan: where its first credentials come from and which STS
// calls lead from there to its own. It makes no call and opens no keyring.
//
// The rules are those of the AWS SDKs
// (https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html,
// https://docs.aws.amazon.com/sdkref/latest/guide/feature-assume-role-credentials.html).
package profile

import (
	"slices"
	"time"

	"assume-role/internal/creds"
	"assume-role/internal/fault"
)

// Kind names a source or a call, as `explain --json` does.
type Kind string

// The kinds of sources, where the first credentials of a chain come from.
const (
	Static      Kind = "static"
	Keyring     Kind = "keyring"
	Environment Kind = "environment"
	EC2         Kind = "ec2-instance-metadata"
	Container   Kind = "ecs-container"
	WebIdentity Kind = "web-identity"
	SAML        Kind = "saml"
	SSO         Kind = "sso"
	Process     Kind = "process"
	Login       Kind = "login"
)

// The kinds of calls that turn credentials into other credentials.
const (
	SessionToken    Kind = "session-token"
	FederationToken Kind = "federation-token"
	AssumeRole      Kind = "assume-role"
)

// Chain is the plan for one profile: a source, then the calls to make in
// order. It is complete before the first call: making it reads files and
// variables only. The credentials of the last call (or of the source, where
// there is no call) are the profile's.
type Chain struct {
	// Profile is the name asked for, or the role ARN.
	Profile string
	// Region is the child's region; empty when none is known.
	Region string
	// Source is where the first credentials come from.
	Source Source
	// Calls are the STS calls to make, innermost first.
	Calls []Call
	// STS says how to reach STS for every call of the chain.
	STS Endpoint
	// Services say how to reach the services that Request.Services names, by
	// the same ids: each by its URL, which FIPS and DualStack are part of, and
	// the region that signs for it.
	Services map[string]Endpoint
	// Device is the chain's MFA device, whether or not a call takes its code;
	// nil for none.
	Device *Device
	// Child are the settings that a child needs because it no longer knows
	// the profile's name (endpoints, FIPS, retries …), by variable name, sorted.
	Child []creds.Variable
	// ExpectAccount is the account id that the result must belong to, or "".
	ExpectAccount string
	// Confirm asks a person before the credentials leave the tool; Agents is
	// allow, read-only or deny for callers that are coding agents, or empty.
	// Both are settings of the profile asked for.
	Confirm bool
	Agents  string
	// Settings says where the chain's own settings were read (region, those of
	// the endpoint and of its calls, expect_account, confirm, agents,
	// session_token), by their names in the file.
	Settings map[string]fault.Origin
	// Notes are one-line warnings for stderr, in the order they were met.
	Notes []string

	// ownDuration is what the keys' profile says of how long a session of them
	// lasts; 0 where it says nothing.
	ownDuration time.Duration
}

// Profiles are the names of the profiles that the chain was read from, sorted,
// each once.
func (c *Chain) Profiles() []string {
	names := []string{c.Profile, c.Source.Profile}
	for _, call := range c.Calls {
		names = append(names, call.Profile)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// Source is where the first credentials of a chain come from.
type Source struct {
	Kind    Kind
	Profile string
	// Origin is the line that made it the source.
	Origin fault.Origin
	// Keys are the credentials themselves, for Static and Environment: never
	// half a pair, unless the source is Unavailable. For Keyring they are only
	// the access key id, as the index knows it.
	Keys creds.Credentials
	// Settings are the profile's own settings that the source reads, under
	// AWS's names (credential_process, sso_session …), in AWS's spelling.
	Settings map[string]Value
	// Role is what WebIdentity and SAML ask STS for: the parameters of
	// AssumeRoleWithWebIdentity and AssumeRoleWithSAML. Nil for the others.
	Role *Call
	// Endpoints say how to reach the services that SSO and Login ask, by
	// AWS's service ids in files (sso, sso_oidc, signin). Their URL is always
	// set. Nil for the other kinds.
	Endpoints map[string]Endpoint
	// Unavailable is why the source cannot give credentials here and now
	// (credential_source = Environment without variables, a program named by
	// a file that others can write). The plan can be shown all the same; who
	// walks it returns this error first.
	Unavailable *fault.Error
	// PassedOver names what the environment offers besides and is not used,
	// where no profile is named and it is the source.
	PassedOver []string
}

// Call is one STS call of a chain, with everything that shapes it.
type Call struct {
	Kind    Kind
	Profile string
	// Duration is what to ask STS for.
	Duration time.Duration
	// DurationGiven says that the command line gave Duration: where AWS turns
	// out to give less, that is an error, and not lowered.
	DurationGiven bool
	// Device is the MFA device whose code goes into this very call; nil for
	// none.
	Device *Device
	// Conditional marks a call that is made only if the source turns out to
	// give long-lived keys (credential_process). Where it is made, the Device
	// of the call after it is not asked for again.
	Conditional bool
	// Chained marks an AssumeRole signed by a session, which AWS gives at most
	// 1 hour; the session may not be known for a role's (see also Conditional).
	Chained bool

	// RoleARN and the rest are AssumeRole's parameters (Policy, PolicyARNs
	// and Tags also GetFederationToken's). Empty means: not sent, except
	// SessionName, which is generated when empty.
	RoleARN           string
	SessionName       string
	ExternalID        string
	SourceIdentity    string
	Tags              []Tag
	TransitiveTagKeys []string
	// Policy is the session policy as minified JSON.
	Policy     string
	PolicyARNs []string
	// FederatedName is GetFederationToken's Name.
	FederatedName string

	// Settings says where each setting of the call was read, by its name in
	// the file; what a flag set has no entry.
	Settings map[string]fault.Origin
}

// Device is an MFA device and how to get its code.
type Device struct {
	// Serial is an ARN, or a hardware device's serial number.
	Serial string
	// Process is the mfa_process that prints its codes; its Text is empty
	// where there is none.
	Process Value
	// Profile is the profile that named the device.
	Profile string
	// Origin is the line of mfa_serial.
	Origin fault.Origin
}

// Tag is one session tag.
type Tag struct{ Key, Value string }

// Endpoint says how to reach STS: AWS's rules for regions, partitions and
// overrides already applied (docs/aws-rules.md).
type Endpoint struct {
	// Region signs the calls; never empty.
	Region string
	// Partition is Region's: aws, aws-cn, aws-us-gov, aws-eusc, aws-iso …
	Partition string
	// URL overrides the endpoint; empty for AWS's own.
	URL string
	// FIPS and DualStack choose among AWS's own endpoints.
	FIPS, DualStack bool
	// Legacy asks for the global endpoint in the 16 regions that had it.
	Legacy bool
	// CABundle is a PEM file that replaces the system's roots, or empty, and
	// CABundleAt the line that names it, if one does.
	CABundle   string
	CABundleAt fault.Origin
	// MaxAttempts counts tries, the first one included; 0 means the default.
	MaxAttempts int
	// Adaptive asks for the SDK's adaptive retry mode.
	Adaptive bool
}

// Value is a setting and the line it was read from.
type Value struct {
	Text   string
	Origin fault.Origin
}
