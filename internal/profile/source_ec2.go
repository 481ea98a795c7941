package profile

import (
	"net/url"
	"strconv"
	"strings"

	"assume-role/internal/fault"
)

const (
	variableMetadata         = "AWS_EC2_METADATA_SERVICE_ENDPOINT"
	variableMetadataDisabled = "AWS_EC2_METADATA_DISABLED"
)

// metadataSetting is a setting of the client of EC2 instance metadata, with
// its variable, which comes before it.
type metadataSetting struct {
	key, variable string
	check         func(given) error
}

// metadataSettings lists them
// (https://docs.aws.amazon.com/sdkref/latest/guide/feature-imds-credentials.html,
// https://docs.aws.amazon.com/sdkref/latest/guide/feature-ec2-instance-metadata.html).
func metadataSettings() []metadataSetting {
	return []metadataSetting{
		{"ec2_metadata_service_endpoint", variableMetadata, checkMetadataEndpoint},
		{"ec2_metadata_service_endpoint_mode", "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", checkMetadataMode},
		{"ec2_metadata_v1_disabled", "AWS_EC2_METADATA_V1_DISABLED", checkBool},
		{"metadata_service_timeout", "AWS_METADATA_SERVICE_TIMEOUT", countUpTo(60)},
		{"metadata_service_num_attempts", "AWS_METADATA_SERVICE_NUM_ATTEMPTS", countUpTo(10)},
	}
}

// onEC2 reports whether the instance's metadata may be asked unbidden.
func (r *resolver) onEC2() bool {
	if disabled, err := parseBool(r.env(variableMetadataDisabled)); disabled || err != nil {
		return false
	}
	return r.callersEnv(variableMetadata).isSet() || r.req.OnEC2 != nil && r.req.OnEC2()
}

// instanceSource reads how the instance's metadata is asked for credentials.
func (r *resolver) instanceSource(by given) (*Source, error) {
	s := &Source{Kind: EC2, Profile: by.profile, Origin: by.Origin, Settings: asSettings(by)}
	if err := r.addMetadataSettings(s); err != nil {
		return nil, err
	}
	disabled, err := parseBool(r.env(variableMetadataDisabled))
	if err != nil {
		return nil, err
	}
	if disabled {
		s.Unavailable = fault.New(fault.NoCredentials, "the EC2 instance's metadata is turned off by %s", variableMetadataDisabled).
			In(by.profile).At(by.Origin).Fix("unset the variable, or use another source")
	}
	return s, nil
}

// addMetadataSettings takes each setting from its variable, from the profile
// asked for, as the SDKs do, or from the one whose source it is.
func (r *resolver) addMetadataSettings(s *Source) error {
	asked, err := r.askedFor()
	if err != nil {
		return err
	}
	own := asked
	if s.Profile != "" {
		if own, err = r.member(s.Profile); err != nil {
			return err
		}
	}
	for _, setting := range metadataSettings() {
		g := firstSet(r.callersEnv(setting.variable), asked.get(setting.key), own.get(setting.key))
		if !g.isSet() {
			continue
		}
		if err := setting.check(g); err != nil {
			return err
		}
		s.Settings[setting.key] = g.Value
	}
	return nil
}

// checkMetadataEndpoint wants an address without a path: the paths are AWS's.
func checkMetadataEndpoint(g given) error {
	if err := checkURL(g); err != nil {
		return err
	}
	u, _ := url.Parse(g.Text) // checkURL has parsed it
	if strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" {
		return g.invalid("has a path behind its host").Fix("write it as http://HOST")
	}
	return nil
}

func checkMetadataMode(g given) error {
	if strings.EqualFold(g.Text, "IPv4") || strings.EqualFold(g.Text, "IPv6") {
		return nil
	}
	return g.invalid("is %q", g.Text).Fix("write IPv4 or IPv6")
}

func checkBool(g given) error {
	_, err := parseBool(g)
	return err
}

// countUpTo wants a whole number from 1 to most.
func countUpTo(most int) func(given) error {
	return func(g given) error {
		if n, err := strconv.Atoi(g.Text); err != nil || n < 1 || n > most {
			return g.invalid("is %q", g.Text).Fix("write a whole number from 1 to %d", most)
		}
		return nil
	}
}
