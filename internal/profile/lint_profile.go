package profile

import (
	"slices"
	"strconv"
	"strings"
)

// profileLinter goes through one profile, merged of both files.
type profileLinter struct {
	cfg   *Config
	m     member
	found []Lint
}

// profileRules lists what is checked of a profile.
func profileRules() []func(*profileLinter) {
	return []func(*profileLinter){
		(*profileLinter).tokenElsewhere, (*profileLinter).splitKeys, (*profileLinter).droppedByGo, (*profileLinter).securityToken,
		(*profileLinter).included, (*profileLinter).spelling, (*profileLinter).typedValues, (*profileLinter).duration,
		(*profileLinter).knownHere, (*profileLinter).roleOfOwn, (*profileLinter).severalSources, (*profileLinter).withoutRole,
		(*profileLinter).keysBeside, (*profileLinter).sourceProfile,
	}
}

func (c *Config) lintProfile(name string) []Lint {
	section, _ := c.Profile(name) // what it includes is no other program's business
	if section == nil {
		return nil
	}
	p := &profileLinter{cfg: c, m: member{name: name, section: section}}
	for _, rule := range profileRules() {
		rule(p)
	}
	return p.found
}

func (p *profileLinter) add(rule string, at given, message, fix string) {
	p.found = append(p.found, Lint{Rule: rule, Profile: p.m.name, Origin: at.Origin, Message: message, Fix: fix})
}

// apart returns the profile's settings in each file, where both have it.
func (p *profileLinter) apart() (config, credentials settings) {
	inConfig, inCredentials := p.cfg.config.profile(p.m.name), p.cfg.credentials.profile(p.m.name)
	if len(inConfig) == 0 || len(inCredentials) == 0 {
		return nil, nil
	}
	config, configErr := p.cfg.config.parse(inConfig)
	credentials, credentialsErr := p.cfg.credentials.parse(inCredentials)
	if configErr != nil || credentialsErr != nil {
		return nil, nil
	}
	return config, credentials
}

// tokenElsewhere: keys in one file, a token in the other.
func (p *profileLinter) tokenElsewhere() {
	config, credentials := p.apart()
	if credentials[keySessionToken].Text != "" && config.haveKeys() {
		config, credentials = credentials, config
	}
	stray := config[keySessionToken]
	if credentials.haveKeys() && stray.Text != "" && !config.haveKeys() {
		p.add("stray-token", given{Value: stray.Value}, "aws_session_token is left out here, because the access keys are in the other file; the Go SDK signs with the keys and this token", "remove it")
	}
}

// splitKeys: half a pair in the credentials file, or an empty one, and keys in
// the config file.
func (p *profileLinter) splitKeys() {
	config, credentials := p.apart()
	if !config.haveKeys() {
		return
	}
	for _, key := range []string{keyAccessKeyID, keySecretAccessKey} {
		ours, there := credentials[key]
		switch {
		case credentials.haveKeys() && !there && config[key].Text != "":
			p.add("split-keys", given{Value: config[key].Value}, key+" is left out here, because the rest of the pair is in the credentials file, alone; the AWS CLI joins the two, and the Go SDK refuses the profile", "keep the pair in one file")
		case !credentials.haveKeys() && there:
			p.add("split-keys", given{Value: ours.Value}, key+" is empty and does not count here; for the AWS CLI and the Go SDK it takes the place of the one in the config file", "remove the line")
		}
	}
}

// droppedByGo: settings in the credentials file that the Go SDK does not take
// from there where the config file has the profile, too.
func (p *profileLinter) droppedByGo() {
	_, credentials := p.apart()
	for _, key := range []string{keyAccountID, "endpoint_url", "services", "sdk_ua_app_id", "account_id_endpoint_mode", "ignore_configured_endpoint_urls", "login_session"} {
		if s := credentials[key]; s.Text != "" {
			p.add("dropped-setting", given{Value: s.Value}, key+" counts here and for the AWS CLI; the Go SDK does not take it from the credentials file where the config file has the profile, too", "move it to the config file")
		}
	}
}

func (p *profileLinter) securityToken() {
	old, ok := p.m.section.settings[keySecurityToken]
	if !ok || old.Text == "" {
		return
	}
	at := given{Value: old.Value}
	if p.m.section.settings[keySessionToken].Text != "" {
		p.add("security-token", at, "aws_security_token is left out here and by the Go SDK, for there is an aws_session_token; the AWS CLI takes the older one", "remove it")
		return
	}
	p.add("security-token", at, "aws_security_token stands in for aws_session_token here and for the AWS CLI; the Go SDK does not know it", "call it aws_session_token")
}

// included: what only this tool and aws-vault fill in.
func (p *profileLinter) included() {
	if g := p.m.get(keyInclude); g.isSet() {
		p.add("include-profile", g, "include_profile fills in settings here and in aws-vault; the AWS CLI and the SDKs do not know it", "repeat the settings in the profile")
	}
}

// spelling: the SDKs want credential_source to the letter.
func (p *profileLinter) spelling() {
	g := p.m.get("credential_source")
	for _, name := range []string{"Environment", "Ec2InstanceMetadata", "EcsContainer"} {
		if strings.EqualFold(name, g.Text) && name != g.Text {
			p.add("credential-source-case", g, "credential_source is understood here in any case of letters; the AWS CLI and the Go SDK refuse it", "write "+name)
		}
	}
}

// typedValue is a setting of which the Go SDK refuses all but some values,
// and with it the profile.
type typedValue struct {
	key  string
	fits func(string) bool
	want string
}

func typedValues() []typedValue {
	return []typedValue{
		{"retry_mode", among("standard", "adaptive"), "standard or adaptive"},
		{"max_attempts", isInteger, "a number"},
		{"account_id_endpoint_mode", among("preferred", "required", "disabled"), "preferred, required or disabled"},
		{"ec2_metadata_service_endpoint_mode", among("ipv4", "ipv6"), "IPv4 or IPv6"},
		{"defaults_mode", among("auto", "cross-region", "in-region", "legacy", "mobile", "standard"), "standard or auto"},
	}
}

func among(values ...string) func(string) bool {
	return func(text string) bool { return slices.Contains(values, strings.ToLower(text)) }
}

func isInteger(text string) bool {
	_, err := strconv.Atoi(text)
	return err == nil
}

func (p *profileLinter) typedValues() {
	for _, v := range typedValues() {
		if g := p.m.get(v.key); g.isSet() && !v.fits(g.Text) {
			p.add("refused-by-go", g, "the Go SDK refuses the whole profile because of its "+v.key+"; other programs do not", "write "+v.want)
		}
	}
}

// duration: a duration_seconds that is none.
func (p *profileLinter) duration() {
	if g := p.m.get("duration_seconds"); g.isSet() && !isInteger(g.Text) {
		p.add("no-number", g, "duration_seconds is not a number, and a role with it is refused here; the AWS CLI and the Go SDK ask for their default duration", "write a number of seconds, such as 3600")
	}
}
