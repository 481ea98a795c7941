package cmd

import (
	"maps"
	"slices"
	"strings"

	"assume-role/internal/fault"
	"assume-role/internal/profile"
)

// shownStep is one step of a chain: the source, or a call.
type shownStep struct {
	kind     profile.Kind
	profile  string
	origin   fault.Origin
	settings []shownSetting
	// conditional: the call is made only if the source gives long-lived keys.
	conditional bool
	// notUsed is what else the environment offers.
	notUsed []string
	// duration is nil for a source that makes no call.
	duration *shownDuration
	mfa      *shownMFA
	cached   *shownSession
}

// shownSetting is one line of a step.
type shownSetting struct {
	// name is the setting's in the file.
	name string
	// key is its name in JSON, where that is another one, or "-" for a line
	// that is for people only.
	key string
	// text is for people, and value for programs, where that is no text.
	text  string
	value any
	// origin is the line it was read from; empty for flags and variables.
	origin fault.Origin
	// by names the variable that gave it.
	by string
}

// masked stands for a secret.
const masked = "***"

func (e *explainer) steps() []shownStep {
	all := []shownStep{e.sourceStep()}
	for i, call := range e.chain.Calls {
		step := shownStep{kind: call.Kind, profile: call.Profile, conditional: call.Conditional, settings: e.callSettings(call)}
		step.duration = e.duration(call)
		step.mfa = e.mfa(i + 1)
		step.cached = e.session(i + 1)
		all = append(all, step)
	}
	return all
}

// sourceStep shows a source: what it is known by, never a secret.
func (e *explainer) sourceStep() shownStep {
	s := e.chain.Source
	step := shownStep{kind: s.Kind, profile: s.Profile, origin: s.Origin, cached: e.session(0), notUsed: s.PassedOver}
	step.settings = []shownSetting{{name: "access_key_id", text: s.Keys.AccessKeyID}}
	if s.Kind == profile.Static && s.Profile != "" {
		step.settings = append(step.settings, e.secretLines(s.Profile)...)
	}
	step.settings = append(step.settings, shownSetting{name: "account_id", text: firstOf(s.Keys.AccountID, e.account), origin: e.own(s.Profile, "aws_account_id").Origin})
	if s.Unavailable != nil {
		step.settings = append(step.settings, shownSetting{name: "unavailable", text: s.Unavailable.Message, origin: s.Unavailable.Origin})
	}
	for _, name := range slices.Sorted(maps.Keys(s.Settings)) {
		step.settings = append(step.settings, shownSetting{name: name, text: s.Settings[name].Text, origin: s.Settings[name].Origin})
	}
	for _, service := range slices.Sorted(maps.Keys(s.Endpoints)) {
		step.settings = append(step.settings, shownSetting{name: service + ".endpoint_url", key: "-", text: s.Endpoints[service].URL})
	}
	if s.Kind == profile.SAML && s.Role.RoleARN == "" {
		step.settings = append(step.settings, shownSetting{name: "role_arn", key: "-", text: "the one that the assertion offers, or that you choose (kept as long as its session)"})
	}
	include := e.own(s.Profile, "include_profile")
	step.settings = append(step.settings, shownSetting{name: "include_profile", text: include.Text, origin: include.Origin})
	if s.Role != nil {
		step.settings = mergeSettings(step.settings, e.callSettings(*s.Role))
		step.duration = e.duration(*s.Role)
	}
	step.settings = withoutEmpty(step.settings)
	return step
}

// secretLines show that a secret is there, and where.
func (e *explainer) secretLines(profileName string) []shownSetting {
	var lines []shownSetting
	for _, key := range []string{"aws_secret_access_key", "aws_session_token"} {
		if value := e.own(profileName, key); value.Text != "" {
			lines = append(lines, shownSetting{name: key, text: masked, origin: value.Origin})
		}
	}
	return lines
}

// mergeSettings adds those that are not there yet.
func mergeSettings(settings, more []shownSetting) []shownSetting {
	for _, s := range more {
		if !slices.ContainsFunc(settings, func(o shownSetting) bool { return o.name == s.name }) {
			settings = append(settings, s)
		}
	}
	return settings
}

func withoutEmpty(settings []shownSetting) []shownSetting {
	return slices.DeleteFunc(settings, func(s shownSetting) bool { return s.text == "" })
}

// callSettings are the parameters of a call.
func (e *explainer) callSettings(c profile.Call) []shownSetting {
	all := []shownSetting{
		{name: "role_arn", text: c.RoleARN},
		e.link(c, "source_profile"), e.link(c, "credential_source"), e.link(c, "include_profile"),
		e.sessionName(c),
		{name: "external_id", text: c.ExternalID},
		{name: "source_identity", text: c.SourceIdentity},
		{name: "session_tags", text: joinTags(c.Tags), value: tagMap(c.Tags)},
		{name: "transitive_session_tags", key: "transitive_tag_keys", text: strings.Join(c.TransitiveTagKeys, ", "), value: c.TransitiveTagKeys},
		{name: "policy", text: c.Policy},
		{name: "policy_arns", text: strings.Join(c.PolicyARNs, ", "), value: c.PolicyARNs},
		{name: "name", text: c.FederatedName},
	}
	for i, s := range all {
		if at, ok := c.Settings[s.name]; ok {
			all[i].origin = at
		}
	}
	return withoutEmpty(all)
}

// link is a setting of a role's profile that leads to others.
func (e *explainer) link(c profile.Call, key string) shownSetting {
	if c.Kind != profile.AssumeRole {
		return shownSetting{}
	}
	value := e.own(c.Profile, key)
	return shownSetting{name: key, text: value.Text, origin: value.Origin}
}

// sessionName is the role session's name; programs are told only one that was
// chosen.
func (e *explainer) sessionName(c profile.Call) shownSetting {
	s := shownSetting{name: "role_session_name", text: c.SessionName}
	if s.text == "" && (c.Kind == profile.AssumeRole || c.Kind == profile.WebIdentity) {
		s.text, s.key = e.name()+", made up", "-"
	}
	return s
}

func joinTags(tags []profile.Tag) string {
	var parts []string
	for _, t := range tags {
		parts = append(parts, t.Key+"="+t.Value)
	}
	return strings.Join(parts, ", ")
}

func tagMap(tags []profile.Tag) map[string]string {
	m := make(map[string]string, len(tags))
	for _, t := range tags {
		m[t.Key] = t.Value
	}
	return m
}
