package cmd

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"assume-role/internal/fault"
	"assume-role/internal/profile"
	"assume-role/internal/terminal"
)

// printTree shows the chain for people: the source first, each call below the
// one that signs it.
func printTree(out io.Writer, chain *profile.Chain, how string) error {
	var b strings.Builder
	fmt.Fprintf(&b, "profile %s%s\n", terminal.Visible(chain.Profile), inBrackets(how))
	fmt.Fprintf(&b, "region  %s\n", firstOf(chain.Region, "none (STS is called in "+chain.STS.Region+")"))
	depth := 0
	treeStep(&b, depth, sourceTitle(chain.Source), sourceLines(chain.Source))
	for _, call := range chain.Calls {
		depth++
		treeStep(&b, depth, callTitle(call), callLines(call))
	}
	_, err := io.WriteString(out, b.String())
	return err
}

func treeStep(b *strings.Builder, depth int, title string, lines []treeLine) {
	indent := strings.Repeat("   ", depth)
	fmt.Fprintf(b, "%s└─ %s\n", indent, title)
	for _, line := range lines {
		fmt.Fprintf(b, "%s     %-18s %s%s\n", indent, line.name, terminal.Visible(line.value), inBrackets(line.origin.String()))
	}
}

// treeLine is one setting of a step.
type treeLine struct {
	name, value string
	origin      fault.Origin
}

func sourceTitle(s profile.Source) string {
	title := string(s.Kind)
	if s.Profile != "" {
		title += ", profile " + terminal.Visible(s.Profile)
	}
	return title + inBrackets(s.Origin.String())
}

func sourceLines(s profile.Source) []treeLine {
	lines := dropEmpty(treeLine{name: "access_key_id", value: s.Keys.AccessKeyID})
	if s.Unavailable != nil {
		lines = append(lines, treeLine{"unavailable", s.Unavailable.Message, s.Unavailable.Origin})
	}
	for _, name := range slices.Sorted(maps.Keys(s.Settings)) {
		lines = append(lines, treeLine{name, s.Settings[name].Text, s.Settings[name].Origin})
	}
	for _, other := range s.PassedOver {
		lines = append(lines, treeLine{name: "not used", value: other})
	}
	return lines
}

func callTitle(c profile.Call) string {
	title := string(c.Kind)
	if c.Profile != "" {
		title += ", profile " + terminal.Visible(c.Profile)
	}
	if c.Conditional {
		title += " (only if the source gives long-lived keys)"
	}
	return title
}

func callLines(c profile.Call) []treeLine {
	at := func(name string) fault.Origin { return c.Settings[name] }
	lines := dropEmpty(
		treeLine{"role_arn", c.RoleARN, at("role_arn")},
		treeLine{"role_session_name", c.SessionName, at("role_session_name")},
		treeLine{"external_id", c.ExternalID, at("external_id")},
		treeLine{"source_identity", c.SourceIdentity, at("source_identity")},
		treeLine{"session_tags", joinTags(c.Tags), at("session_tags")},
		treeLine{"transitive tags", strings.Join(c.TransitiveTagKeys, ", "), at("transitive_session_tags")},
		treeLine{"policy", c.Policy, at("policy")},
		treeLine{"policy_arns", strings.Join(c.PolicyARNs, ", "), at("policy_arns")},
		treeLine{"name", c.FederatedName, fault.Origin{}},
		treeLine{"duration", durationText(c), at("duration_seconds")},
	)
	if c.Device != nil {
		lines = append(lines, treeLine{"MFA code of", c.Device.Serial, c.Device.Origin})
	}
	return lines
}

func durationText(c profile.Call) string {
	text := shortDuration(c.Duration)
	if c.Chained {
		text += ", role chaining: AWS gives 1h at most"
	}
	return text
}

func dropEmpty(lines ...treeLine) []treeLine {
	return slices.DeleteFunc(lines, func(l treeLine) bool { return l.value == "" })
}

func joinTags(tags []profile.Tag) string {
	var parts []string
	for _, t := range tags {
		parts = append(parts, t.Key+"="+t.Value)
	}
	return strings.Join(parts, ", ")
}

func inBrackets(text string) string {
	if text == "" {
		return ""
	}
	return " (" + terminal.Visible(text) + ")"
}
