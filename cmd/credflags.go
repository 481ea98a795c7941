package cmd

import (
	"encoding/json"
	"errors"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"assume-role/internal/creds"
	"assume-role/internal/fault"
	"assume-role/internal/profile"
)

// credentialFlags are the flags that exec, export, credential-process and
// whoami share: what to ask AWS for, and how old an answer may be.
type credentialFlags struct {
	sourceProfile  string
	roleARN        string
	webIdentity    string
	fromJSON       string
	region         string
	duration       string
	sessionName    string
	externalID     string
	sourceIdentity string
	tags           []string
	transitiveTags []string
	policy         string
	policyARNs     []string
	readOnly       bool
	viewOnly       bool
	expectAccount  string
	mfaToken       string
	mfaSerial      string
	noSessionToken bool
	federate       string
	noCache        bool
	refresh        bool
	minTTL         string
	pick           bool

	asks   bool   // a person may choose the profile
	picked string // the profile, once a person has chosen it
}

func (f *credentialFlags) register(a *app, c *cobra.Command) {
	flags := c.Flags()
	f.registerChain(a, c)
	flags.StringVarP(&f.mfaToken, "mfa-token", "t", "", "MFA code given ahead of time")
	flags.StringVar(&f.expectAccount, "expect-account", "", "refuse credentials of any account but this `ID`")
	flags.BoolVar(&f.noCache, "no-cache", false, "neither read nor write the session cache")
	flags.BoolVar(&f.refresh, "refresh", false, "make every session anew (a valid MFA session is kept)")
	flags.StringVar(&f.minTTL, "min-ttl", "", "least validity that the session must have left, e.g. 30m")
}

// registerChain adds the flags that shape the chain, which explain has, too.
func (f *credentialFlags) registerChain(a *app, c *cobra.Command) {
	flags := c.Flags()
	flags.StringVar(&f.sourceProfile, "source-profile", "", "profile whose credentials assume the role, when PROFILE is a role's ARN")
	flags.StringVar(&f.roleARN, "role-arn", "", "one more role to assume from the profile")
	flags.Func("web-identity", "token for PROFILE, a role's ARN: a `FILE`, github or env:NAME", f.setWebIdentity)
	flags.StringVar(&f.fromJSON, "from-json", "", "start from the `FILE` that holds what aws sts assume-role printed, - for stdin")
	flags.StringVarP(&f.region, "region", "r", "", "region for STS and for what gets the credentials")
	flags.StringVarP(&f.duration, "duration", "d", "", "how long the session lasts: 1h, 90m, 3600")
	flags.StringVar(&f.sessionName, "session-name", "", "role session name")
	flags.StringVar(&f.externalID, "external-id", "", "external id")
	flags.StringVar(&f.sourceIdentity, "source-identity", "", "source identity")
	flags.StringArrayVar(&f.tags, "tag", nil, "session tag `KEY=VALUE` (repeatable)")
	flags.StringArrayVar(&f.transitiveTags, "transitive-tag", nil, "session tag `KEY` that role chaining hands on (repeatable)")
	flags.StringVar(&f.policy, "policy", "", "session policy: a `FILE` or JSON text")
	flags.StringArrayVar(&f.policyARNs, "policy-arn", nil, "managed session policy (repeatable)")
	flags.BoolVar(&f.readOnly, "read-only", false, "policy ReadOnlyAccess: still reads data (objects, items)")
	flags.BoolVar(&f.viewOnly, "view-only", false, "policy job-function/ViewOnlyAccess: it lists and describes")
	flags.StringVar(&f.mfaSerial, "mfa-serial", "", "serial number or ARN of the MFA device")
	flags.BoolVarP(&f.noSessionToken, "no-session-token", "n", false, "no GetSessionToken in front")
	flags.BoolVar(&f.noSessionToken, "no-session", false, "the same, as aws-vault spells it")
	flags.StringVar(&f.federate, "federate", "", "GetFederationToken under this `NAME` instead of GetSessionToken")
}

// setWebIdentity refuses an empty text, as of a variable that is not set: the
// role would be assumed with whatever other credentials there are.
func (f *credentialFlags) setWebIdentity(text string) error {
	if strings.TrimSpace(text) == "" {
		return errors.New("it is empty: give a FILE, github or env:NAME")
	}
	f.webIdentity = text
	return nil
}

// overrides turns the flags into what Resolve understands. Bad text is
// refused here, before anything is read or called.
func (f *credentialFlags) overrides() (profile.Overrides, error) {
	o := profile.Overrides{
		Region: f.region, SessionName: f.sessionName, ExternalID: f.externalID,
		SourceIdentity: f.sourceIdentity, TransitiveTagKeys: f.transitiveTags,
		PolicyARNs: f.policyARNs, MFASerial: f.mfaSerial, NoSessionToken: f.noSessionToken,
		Federate: f.federate, MFAToken: f.mfaToken != "", ExpectAccount: f.expectAccount, ManagedPolicies: f.managedPolicies(),
	}
	var err error
	if o.Duration, err = f.sessionDuration(); err != nil {
		return o, err
	}
	if o.Tags, err = parseTags(f.tags); err != nil {
		return o, err
	}
	o.Policy, err = policyText(f.policy)
	return o, err
}

func (f *credentialFlags) managedPolicies() []string {
	var names []string
	if f.readOnly {
		names = append(names, "ReadOnlyAccess")
	}
	if f.viewOnly {
		names = append(names, "job-function/ViewOnlyAccess")
	}
	return names
}

// sessionDuration reads --duration. Zero stands for none given, so a zero that
// was given is refused here.
func (f *credentialFlags) sessionDuration() (time.Duration, error) {
	d, err := durationFlag("--duration", f.duration)
	if err == nil && d == 0 && f.duration != "" {
		return 0, fault.New(fault.InvalidValue, "--duration %s is not a duration AWS can give", f.duration).Fix("give at least 15m")
	}
	return d, err
}

// durationFlag reads a flag; 0 where it was not given.
func durationFlag(name, text string) (time.Duration, error) {
	if text == "" {
		return 0, nil
	}
	d, err := parseDuration(text)
	if err != nil {
		return 0, fault.New(fault.InvalidValue, "%s %q %s", name, text, err)
	}
	return d, nil
}

// parseTags splits at the first =, so that values may hold more of them.
func parseTags(texts []string) ([]profile.Tag, error) {
	tags := make([]profile.Tag, 0, len(texts))
	for _, text := range texts {
		key, value, ok := strings.Cut(text, "=")
		if !ok || key == "" {
			return nil, fault.New(fault.InvalidValue, "--tag %q is not KEY=VALUE", text)
		}
		tags = append(tags, profile.Tag{Key: key, Value: value})
	}
	return tags, nil
}

// policyText takes JSON as it is and reads anything else as a file.
func policyText(given string) (string, error) {
	if given == "" || strings.HasPrefix(strings.TrimSpace(given), "{") {
		return given, nil
	}
	data, err := readPolicy(given)
	if err != nil {
		return "", fault.New(fault.FileUnreadable, "cannot read --policy %s", given).Fix("give a readable file, or JSON text").Because(err)
	}
	if !json.Valid(data) {
		return "", fault.New(fault.InvalidValue, "--policy %s is not JSON", given)
	}
	return string(data), nil
}

// mfaTokenVariable gives an MFA code ahead of time; children never see it.
const mfaTokenVariable = "ASSUME_ROLE_MFA_TOKEN"

// mfaCode is the code given ahead: the flag's, else the variable's.
func (f *credentialFlags) mfaCode(host Host) creds.Secret {
	return creds.Secret(firstOf(f.mfaToken, host.Getenv(mfaTokenVariable)))
}
