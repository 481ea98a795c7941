package profile

import (
	"maps"
	"slices"
)

// Configured is a setting that the profile asked for and the caller's
// environment can give, as far as either does.
type Configured struct {
	// Setting is its name in the file.
	Setting string
	// Own is what the profile says; its Text is empty where it says nothing.
	Own Value
	// Variable is the caller's that counts in its place, and Text what that
	// says. Both are empty where the profile's own word counts.
	Variable, Text string
}

// Configured returns the settings of regions, endpoints and calls that shape
// the chain of a request, in the order of their names, and whose word counts:
// nearly always the variable's
// (https://docs.aws.amazon.com/sdkref/latest/guide/settings-reference.html).
func (c *Config) Configured(req Request) ([]Configured, error) {
	r := newResolver(c, req)
	asked, err := r.askedFor()
	if err != nil {
		return nil, err
	}
	var found []Configured
	for _, s := range variableSettings() {
		if said := r.contest(asked.get(s.setting), s); said.Variable != "" || said.Own.Text != "" {
			found = append(found, said)
		}
	}
	return r.addServiceURLs(found, asked)
}

// variableSetting is a setting and the variables of the same meaning.
type variableSetting struct {
	setting string
	// first come before the profile's own word, after behind it.
	first, after []string
}

func variableSettings() []variableSetting {
	return []variableSetting{
		{"ca_bundle", []string{"AWS_CA_BUNDLE"}, []string{"REQUESTS_CA_BUNDLE"}},
		{"endpoint_url", []string{"AWS_ENDPOINT_URL_STS", "AWS_ENDPOINT_URL"}, nil},
		{"ignore_configured_endpoint_urls", []string{"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"}, nil},
		{"max_attempts", []string{"AWS_MAX_ATTEMPTS"}, nil},
		{"mfa_serial", nil, []string{"AWS_MFA_SERIAL"}},
		{"output", []string{"AWS_DEFAULT_OUTPUT"}, nil},
		{"region", []string{"AWS_REGION", "AWS_DEFAULT_REGION"}, nil},
		{"retry_mode", []string{"AWS_RETRY_MODE"}, nil},
		{"role_session_name", nil, []string{"AWS_ROLE_SESSION_NAME", "AWS_IAM_ROLE_SESSION_NAME"}},
		{"sts_regional_endpoints", []string{"AWS_STS_REGIONAL_ENDPOINTS"}, nil},
		{"use_dualstack_endpoint", []string{"AWS_USE_DUALSTACK_ENDPOINT"}, nil},
		{"use_fips_endpoint", []string{"AWS_USE_FIPS_ENDPOINT"}, nil},
	}
}

// contest decides between the profile and the variables. Inside a session of
// this tool the region's variables are that session's, and come behind.
func (r *resolver) contest(own given, s variableSetting) Configured {
	first, after, read := s.first, s.after, r.callersEnv
	if s.setting == "region" {
		read = r.env
	}
	if s.setting == "region" && r.req.Inside != "" {
		first, after = nil, first
	}
	if own.isSet() {
		after = nil
	}
	for _, name := range slices.Concat(first, after) {
		if v := read(name); v.isSet() {
			return Configured{Setting: s.setting, Own: own.Value, Variable: name, Text: v.Text}
		}
	}
	return Configured{Setting: s.setting, Own: own.Value}
}

// addServiceURLs adds the endpoints of the profile's services section.
func (r *resolver) addServiceURLs(found []Configured, asked member) ([]Configured, error) {
	services, err := r.services(asked)
	if err != nil {
		return nil, err
	}
	for _, service := range slices.Sorted(maps.Keys(services)) {
		s := variableSetting{service + ".endpoint_url", []string{serviceVariable(service), "AWS_ENDPOINT_URL"}, nil}
		found = append(found, r.contest(given{Value: services[service]}, s))
	}
	return found, nil
}
