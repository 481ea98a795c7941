package cmd

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"assume-role/internal/keystore"
	"assume-role/internal/mfa"
	"assume-role/internal/profile"
	"assume-role/internal/request"
)

// flagValues is what may follow each flag, by its name. Where the same name
// means something else to one command, that command registers its own with
// cobra. It is made while a line is completed, so that no other run pays.
func (a *app) flagValues() map[string]cobra.CompletionFunc {
	files := fixed(cobra.ShellCompDirectiveDefault)
	return map[string]cobra.CompletionFunc{
		"console-duration": oneOfWords("15m", "1h", "2h", "4h", "8h", "12h"),
		"duration":         oneOfWords("15m", "30m", "1h", "2h", "4h", "8h", "12h", "36h"),
		"expect-account":   a.completeAccount,
		"expires":          oneOfWords("5m", "15m", "1h", "12h", "24h", "168h"),
		"from":             files,
		"from-json":        fixed(cobra.ShellCompDirectiveDefault, "-"),
		"keyring-backend":  oneOfWords(keystore.Backends()...),
		"method":           oneOfWords("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"),
		"mfa-prompt":       oneOfWords(mfa.Drivers()...),
		"mfa-serial":       a.completeSerial,
		"min-ttl":          oneOfWords("5m", "15m", "30m", "1h"),
		"policy":           files,
		"policy-arn":       a.completePolicyARN,
		"profiles":         a.completeProfiles,
		"region":           a.completeRegion,
		"role-arn":         a.completeRole,
		"service":          oneOfWords(request.Services()...),
		"socket":           files,
		"source-profile":   a.completeFlagProfile,
		"sso-region":       a.completeRegion,
		"tag":              a.completeTag,
		"timeout":          oneOfWords("10s", "30s", "1m", "5m"),
		"transitive-tag":   completeTransitive,
		"using":            a.completeFlagProfile,
		"web-identity":     fixed(cobra.ShellCompDirectiveDefault|cobra.ShellCompDirectiveNoSpace, "github", "env:"),
	}
}

// fixed offers words, and files where the directive says so.
func fixed(directive cobra.ShellCompDirective, words ...string) cobra.CompletionFunc {
	return cobra.FixedCompletions(words, directive)
}

// completeRegion offers AWS's regions and those that profiles have.
func (a *app) completeRegion(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	var names, all []string
	for _, region := range profile.Regions() {
		names, all = append(names, region.Name), append(all, cobra.CompletionWithDesc(region.Name, region.Place))
	}
	for _, own := range a.configured("region") {
		if !slices.Contains(names, own) && profile.IsRegion(own) {
			all = append(all, own)
		}
	}
	slices.Sort(all)
	return all, only
}

// configured are the values that profiles have for one setting.
func (a *app) configured(key string) []string {
	config, err := a.config()
	if err != nil {
		return nil
	}
	return config.Values(key)
}

// completeSerial offers the MFA devices of profiles and of the key store.
func (a *app) completeSerial(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	return union(a.configured("mfa_serial"), a.known().Devices), only
}

// completeRole offers the roles of profiles and of cached sessions.
func (a *app) completeRole(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	var cached []string
	for _, s := range a.known().Sessions {
		if s.RoleARN != "" {
			cached = append(cached, s.RoleARN)
		}
	}
	return union(a.configured("role_arn"), cached), only
}

// completeAccount offers the accounts that profiles and stored keys are of.
func (a *app) completeAccount(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	ids := union(a.configured("sso_account_id"), a.configured("aws_account_id"))
	for _, arn := range slices.Concat(a.configured("role_arn"), a.configured("mfa_serial"), a.configured("login_session")) {
		ids = append(ids, profile.AccountOf(arn))
	}
	for _, key := range a.stored() {
		ids = append(ids, key.AccountID)
	}
	return union(ids), only
}

// completePolicyARN offers the managed policies that narrow a session most
// often, and those of profiles
// (https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html).
func (a *app) completePolicyARN(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	const aws = "arn:aws:iam::aws:policy/"
	arns := []string{
		aws + "ReadOnlyAccess", aws + "SecurityAudit", aws + "PowerUserAccess",
		aws + "job-function/ViewOnlyAccess", aws + "job-function/Billing",
	}
	for _, list := range a.configured("policy_arns") {
		arns = append(arns, strings.FieldsFunc(list, func(r rune) bool { return r == ',' || r == '\n' || r == ' ' })...)
	}
	return union(arns), only
}

// completeTag offers the tags that profiles have.
func (a *app) completeTag(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	var tags []string
	for _, text := range a.configured("session_tags") {
		for _, tag := range strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == '\n' }) {
			key, value, _ := strings.Cut(tag, "=")
			tags = append(tags, strings.TrimSpace(key)+"="+strings.TrimSpace(value))
		}
	}
	return union(tags), only
}

// completeTransitive offers the keys of the tags that the line has.
func completeTransitive(c *cobra.Command, _ []string, _ string) ([]string, cobra.ShellCompDirective) {
	tags, err := c.Flags().GetStringArray("tag")
	if err != nil {
		return nil, only
	}
	var keys []string
	for _, tag := range tags {
		key, _, _ := strings.Cut(tag, "=")
		keys = append(keys, key)
	}
	return union(keys), only
}

// union is all of several lists, each text once, sorted, without empty ones.
func union(lists ...[]string) []string {
	all := slices.Concat(lists...)
	slices.Sort(all)
	return slices.DeleteFunc(slices.Compact(all), func(text string) bool { return text == "" })
}
