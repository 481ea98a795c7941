package cmd

import (
	"maps"

	"github.com/spf13/cobra"

	"assume-role/internal/fault"
	"assume-role/internal/profile"
)

type explainOptions struct {
	chain   credentialFlags
	profile string
	json    bool
}

func newExplain(a *app) *cobra.Command {
	opts := &explainOptions{}
	c := &cobra.Command{
		Use:   "explain [PROFILE]",
		Short: "Show the chain that a profile resolves to, and where each setting came from",
		Long: `Show every step from the first credentials to the profile's own, every setting,
and the file and line that it came from. Nothing is called, no keyring opened.`,
		Example:           "  assume-role explain prod\n  assume-role explain prod --json",
		Args:              atMostOneProfile,
		ValidArgsFunction: a.completeProfile,
		RunE: func(_ *cobra.Command, args []string) error {
			opts.profile = firstOf(args...)
			return a.runExplain(opts)
		},
	}
	opts.chain.registerChain(a, c)
	c.Flags().BoolVar(&opts.json, "json", false, "print JSON")
	return c
}

func (a *app) runExplain(opts *explainOptions) error {
	settings, err := a.settings()
	if err != nil {
		return err
	}
	chain, how, err := a.resolve(opts.profile, &opts.chain, settings)
	if err != nil {
		return err
	}
	a.notesOf(chain)
	if opts.json {
		return a.printJSON(explained(chain))
	}
	return printTree(a.host.Out, chain, how)
}

// explanation is the shape of `explain --json` (docs/scripting.md).
type explanation struct {
	Profile string           `json:"profile"`
	Region  string           `json:"region,omitempty"`
	Steps   []map[string]any `json:"steps"`
}

func explained(chain *profile.Chain) explanation {
	e := explanation{Profile: chain.Profile, Region: chain.Region, Steps: []map[string]any{sourceStep(chain.Source)}}
	for _, call := range chain.Calls {
		e.Steps = append(e.Steps, callStep(call))
	}
	return e
}

// sourceStep is a source in the shape of `explain --json`. A source carries its own
// settings under AWS's names, never a secret.
func sourceStep(s profile.Source) map[string]any {
	step := map[string]any{}
	origins := map[string]fault.Origin{}
	for name, value := range s.Settings {
		step[name] = value.Text
		origins[name] = value.Origin
	}
	put(step, "access_key_id", s.Keys.AccessKeyID)
	put(step, "account_id", s.Keys.AccountID)
	put(step, "profile", s.Profile)
	putList(step, "not_used", s.PassedOver)
	step["kind"] = s.Kind
	if s.Unavailable != nil {
		step["unavailable"] = s.Unavailable.Message
	}
	if s.Origin != (fault.Origin{}) {
		step["origin"] = originJSON(s.Origin)
	}
	putOrigins(step, origins)
	return step
}

func callStep(c profile.Call) map[string]any {
	step := map[string]any{"kind": c.Kind, "duration_seconds": int(c.Duration.Seconds())}
	put(step, "profile", c.Profile)
	put(step, "role_arn", c.RoleARN)
	put(step, "role_session_name", c.SessionName)
	put(step, "external_id", c.ExternalID)
	put(step, "source_identity", c.SourceIdentity)
	put(step, "policy", c.Policy)
	put(step, "name", c.FederatedName)
	if len(c.Tags) > 0 {
		step["session_tags"] = tagMap(c.Tags)
	}
	putList(step, "transitive_tag_keys", c.TransitiveTagKeys)
	putList(step, "policy_arns", c.PolicyARNs)
	if c.Device != nil {
		step["mfa_serial"] = c.Device.Serial
	}
	if c.Conditional {
		step["conditional"] = true
	}
	putOrigins(step, maps.Clone(c.Settings))
	return step
}

func put(step map[string]any, name, value string) {
	if value != "" {
		step[name] = value
	}
}

func putList(step map[string]any, name string, values []string) {
	if len(values) > 0 {
		step[name] = values
	}
}

func tagMap(tags []profile.Tag) map[string]string {
	m := make(map[string]string, len(tags))
	for _, t := range tags {
		m[t.Key] = t.Value
	}
	return m
}

func putOrigins(step map[string]any, origins map[string]fault.Origin) {
	shown := map[string]any{}
	for name, origin := range origins {
		if origin != (fault.Origin{}) {
			shown[name] = originJSON(origin)
		}
	}
	if len(shown) > 0 {
		step["settings"] = shown
	}
}

type jsonOrigin struct {
	File string `json:"file"`
	Line int    `json:"line"`
}

func originJSON(o fault.Origin) jsonOrigin { return jsonOrigin{File: o.File, Line: o.Line} }
