package profile

import (
	"time"

	"assume-role/internal/creds"
)

// Request is one question to Resolve: which profile, and what flags and
// settings change about it. Nil and zero mean: not given.
type Request struct {
	// Profile is a profile's name or a role's ARN; empty means what the
	// environment itself offers, as Select says.
	Profile string
	// Chosen is how Select found Profile, as it said; empty where a person
	// named it.
	Chosen string
	// SourceProfile supplies the credentials when Profile is a role's ARN.
	SourceProfile string
	// RoleARN adds one more role at the end of the chain.
	RoleARN string
	// WebIdentity is where a token for Profile, a role's ARN, comes from: a
	// file, github or env:NAME. It stands in place of a source profile. Where
	// Profile is empty, RoleARN or else AWS_ROLE_ARN names the token's role.
	WebIdentity string
	// FromJSON is what `aws sts assume-role` printed: the credentials to start
	// from, in place of a source profile. Nil: none was given.
	FromJSON *Document
	// Overrides are what flags say; they apply to the last assume-role call,
	// Region and NoSessionToken to the chain.
	Overrides Overrides
	// Defaults are the tool's settings.
	Defaults Defaults
	// Now is the clock, for credentials that say when they expire. Nil: they
	// are taken to be valid.
	Now func() time.Time
	// Env reads a variable of the caller; "" when unset.
	Env func(name string) string
	// StoredKey returns the access key id of the long-lived key kept in the
	// key store under a profile's name. It must not touch a keyring.
	StoredKey func(profile string) (accessKeyID string, ok bool)
	// Services are further services that will be called for the chain, by AWS's
	// ids in files: iam.
	Services []string
	// Inside is the profile of the session that the caller runs in
	// (ASSUME_ROLE_PROFILE), or empty.
	Inside string
	// ReadFile reads the file that a profile's policy names. Nil: none can be.
	ReadFile func(path string) ([]byte, error)
	// Absolute makes a path of the user's complete: a leading ~/ and a relative
	// path mean what they mean to the caller. Nil: paths stay as they are.
	Absolute func(path string) string
	// OnEC2 tells whether this machine is an EC2 instance, from its files
	// alone; it matters only where no profile is named. Nil: it is not.
	OnEC2 func() bool
}

// Document is a text that was given on the command line by its file's name.
type Document struct {
	// Name is the file's, or "stdin".
	Name string
	// Text is what is in it; it holds secrets.
	Text creds.Secret
}

// Overrides are the flags that exec, export and their kin share.
type Overrides struct {
	Region            string
	Duration          time.Duration
	SessionName       string
	ExternalID        string
	SourceIdentity    string
	Tags              []Tag
	TransitiveTagKeys []string
	// Policy is JSON text, already read from its file.
	Policy     string
	PolicyARNs []string
	// ManagedPolicies are names of AWS managed policies ("ReadOnlyAccess",
	// "job-function/ViewOnlyAccess"), made into ARNs of the role's partition.
	ManagedPolicies []string
	MFASerial       string
	// MFAToken says that a code was given on the command line.
	MFAToken       bool
	NoSessionToken bool
	// Federate is GetFederationToken's Name.
	Federate      string
	ExpectAccount string
}

// Defaults are the tool's settings that shape a chain.
type Defaults struct {
	// TokenDuration is for GetSessionToken and GetFederationToken.
	TokenDuration time.Duration
	// RoleDuration is for a role whose profile has no duration_seconds.
	RoleDuration time.Duration
	// SessionToken is always, mfa or never; empty for the default.
	SessionToken string
	// LegacySTS is the setting sts.regional turned off.
	LegacySTS bool
}
