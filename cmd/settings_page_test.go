package cmd_test

import (
	"fmt"
	"strings"

	"assume-role/cmd"
)

// settingsList is the generated part of docs/settings.md: all settings at a
// glance, then each by itself.
func settingsList() string {
	var b strings.Builder
	b.WriteString("| setting | default | meaning |\n| --- | --- | --- |\n")
	for _, s := range cmd.SettingsReference() {
		fallback := code(s.Default)
		if s.List {
			fallback = "a list"
		}
		if s.Default == "" {
			fallback = ""
		}
		fmt.Fprintf(&b, "| [`%s`](#%s) | %s | %s |\n", s.Key, strings.ReplaceAll(s.Key, ".", ""), fallback, s.Meaning)
	}
	for _, s := range cmd.SettingsReference() {
		describeSetting(&b, s)
	}
	return b.String()
}

func describeSetting(b *strings.Builder, s cmd.SettingReference) {
	fmt.Fprintf(b, "\n### %s\n\n%s.\n\n", s.Key, upper(s.Meaning))
	fmt.Fprintf(b, "- Value: %s\n", s.Allowed)
	if s.Default != "" {
		fmt.Fprintf(b, "- Default: %s\n", code(strings.ReplaceAll(s.Default, ",", ", ")))
	} else {
		fmt.Fprintf(b, "- Without it: %s\n", s.Unset)
	}
	fmt.Fprintf(b, "- Variable: %s\n", code(s.Variable))
	if s.Flag != "" {
		fmt.Fprintf(b, "- Flag: %s\n", code(s.Flag))
	}
	if s.StricterOnly {
		b.WriteString("- Stricter only: the variable can make it stricter than config.yaml, never looser\n")
	}
	if s.Example != "" {
		fmt.Fprintf(b, "\n```yaml\n%s```\n", s.Example)
	}
}

func code(text string) string { return "`" + text + "`" }

func upper(text string) string { return strings.ToUpper(text[:1]) + text[1:] }
