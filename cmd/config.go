package cmd

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"

	"github.com/spf13/cobra"

	"assume-role/internal/terminal"
)

type configOptions struct {
	key     string
	json    bool
	example bool
}

func newConfig(a *app) *cobra.Command {
	opts := &configOptions{}
	c := &cobra.Command{
		Use:   "config [SETTING]",
		Short: "Show the effective settings, and where each comes from",
		Long: `Show every setting of this tool, its effective value and who said it: a flag, a
variable, a line of config.yaml, or the default. With SETTING, print that one's
value. No secret is shown, nothing is called and nothing is written.

Where a setting is wrong, the others are shown all the same: the errors come
last, and the exit status is 1.

--example prints a config.yaml to begin with, in which every setting is
described and commented out.`,
		Example: `  assume-role config
  assume-role config session.role_duration
  assume-role config --json
  assume-role config --example > config.yaml`,
		Args:              atMostOneSetting,
		ValidArgsFunction: completeSettings,
		RunE: func(_ *cobra.Command, args []string) error {
			opts.key = firstOf(args...)
			return a.runConfig(opts)
		},
	}
	c.Flags().BoolVar(&opts.json, "json", false, "print JSON")
	c.Flags().BoolVar(&opts.example, "example", false, "print a commented config.yaml")
	return c
}

func atMostOneSetting(_ *cobra.Command, args []string) error {
	switch {
	case len(args) > 1:
		return usage("one SETTING at most, not %d", len(args))
	case len(args) == 0 || slices.Contains(keysOf(settingsTable()), args[0]):
		return nil
	}
	return usage("unknown setting %q: %s", args[0], meantSetting(args[0], args[0], settingsTable()))
}

func completeSettings(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	var lines []string
	for _, entry := range settingsTable() {
		if len(args) == 0 {
			lines = append(lines, cobra.CompletionWithDesc(entry.key, entry.doc))
		}
	}
	return lines, cobra.ShellCompDirectiveNoFileComp
}

// effectiveSettings is the shape of `config --json` (docs/scripting.md).
type effectiveSettings struct {
	Settings []effectiveSetting `json:"settings"`
	// File is config.yaml, whether there is one or not.
	File string `json:"file"`
	// Errors are all that is wrong.
	Errors []jsonError `json:"errors,omitempty"`
}

// effectiveSetting is one setting, or a key of config.yaml that is none.
type effectiveSetting struct {
	Key   string `json:"key"`
	Value string `json:"value"`
	// Origin is flag, variable, file or default.
	Origin string `json:"origin"`
	// Name is the flag's or the variable's.
	Name string `json:"name,omitempty"`
	// Line is the one of config.yaml.
	Line int `json:"line,omitempty"`
	// Refused settings have a value that they cannot have, or do not exist.
	Refused bool `json:"refused,omitempty"`
}

func (a *app) runConfig(opts *configOptions) error {
	if opts.example {
		if opts.json || opts.key != "" {
			return usage("--example is a whole config.yaml: leave out --json and SETTING")
		}
		_, err := io.WriteString(a.host.Out, exampleSettings(settingsTable()))
		return err
	}
	dirs, err := a.places()
	if err != nil {
		return err
	}
	all, wrong := a.effectiveSettings(dirs)
	if opts.key != "" {
		all.Settings = slices.DeleteFunc(all.Settings, func(s effectiveSetting) bool { return s.Key != opts.key })
	}
	if err := a.printSettings(all, opts, wrong); err != nil {
		return err
	}
	if len(wrong) > 0 {
		return exitStatus(statusFailed)
	}
	return nil
}

// printSettings prints the settings and then what is wrong with them.
func (a *app) printSettings(all effectiveSettings, opts *configOptions, wrong []error) error {
	var err error
	switch {
	case opts.json:
		for _, one := range wrong {
			all.Errors = append(all.Errors, errorJSON(one))
		}
		err = a.printJSON(all)
	case opts.key != "":
		_, err = fmt.Fprintln(a.host.Out, terminal.Visible(all.Settings[0].Value))
	default:
		_, err = io.WriteString(a.host.Out, all.table(a.screen()))
	}
	for _, one := range wrong {
		a.stderr(one.Error())
	}
	return err
}

// table is a record a setting.
func (all effectiveSettings) table(on screen) string {
	t := table{header: []string{"SETTING", "VALUE", "FROM"}}
	for _, s := range all.Settings {
		style := terminal.Plain
		if s.Refused {
			style = terminal.Red
		}
		value := firstOf(terminal.Visible(s.Value), "-")
		if on.person {
			value = terminal.Shorten(value, valueShown)
		}
		t.rows = append(t.rows, []cell{
			{text: terminal.Visible(s.Key), style: style}, {text: value}, {text: s.from(), style: style},
		})
	}
	return t.on(on)
}

// valueShown is how many columns of a value a table shows: `config SETTING`
// prints all of a long one.
const valueShown = 32

// from says who said a setting, in few words.
func (s effectiveSetting) from() string {
	text := s.Origin
	switch {
	case s.Line > 0:
		text = "config.yaml:" + strconv.Itoa(s.Line)
	case s.Origin == fromFile:
		text = "config.yaml"
	case s.Name != "":
		text = s.Name
	}
	if s.Refused {
		text += ", refused"
	}
	return text
}

// effectiveSettings are all settings, those of a broken config.yaml as well as
// they can be read, and everything that is wrong with them.
func (a *app) effectiveSettings(dirs places) (effectiveSettings, []error) {
	all := effectiveSettings{File: dirs.settings}
	var wrong []error
	file, err := readSettingsFile(dirs.settings)
	if err != nil {
		wrong = append(wrong, err)
	}
	variables := a.host.own()
	for _, entry := range settingsTable() {
		shown, err := a.effectiveSetting(entry, file, variables, dirs)
		if err != nil {
			wrong = append(wrong, err)
		}
		all.Settings = append(all.Settings, shown)
	}
	for _, s := range file.strangers(settingsTable()) {
		wrong = append(wrong, s.err)
		all.Settings = all.markedWrong(s)
	}
	return all, wrong
}

// markedWrong has a key that has no business in config.yaml among the
// settings, without its value: it may be a secret.
func (all effectiveSettings) markedWrong(s stranger) []effectiveSetting {
	i := slices.IndexFunc(all.Settings, func(shown effectiveSetting) bool { return shown.Key == s.key })
	if i < 0 {
		return append(all.Settings, effectiveSetting{Key: s.key, Origin: fromFile, Line: s.at.Line, Refused: true})
	}
	all.Settings[i].Refused = true
	return all.Settings
}

// effectiveSetting is one setting, with the flags of this run over the rest.
func (a *app) effectiveSetting(entry setting, file *settingsFile, variables map[string]string, dirs places) (effectiveSetting, error) {
	var into Settings
	says, err := settle(&into, entry, file, variables)
	if text := a.flags.say(entry.key); text != "" {
		says = said{text: text, from: fromFlag, name: entry.flag}
		if refused := entry.set(&into, text); refused != nil {
			err = errors.Join(err, says.refused(entry, refused))
		}
	}
	if says.from == fromFile {
		says.at = file.origin(entry.key)
	}
	return effectiveSetting{
		Key: entry.key, Value: shownValue(entry, says, variables, dirs),
		Origin: says.from, Name: says.name, Line: says.at.Line, Refused: err != nil,
	}, err
}

// say is what the flags of every command say of a setting, or "".
func (f globalFlags) say(key string) string {
	switch {
	case key == "keyring.backend":
		return f.keyringBackend
	case key == "mfa.prompt":
		return f.mfaPrompt
	case key == "prompt" && f.noPrompt:
		return "never"
	case key == "quiet" && f.quiet:
		return "true"
	}
	return ""
}

// shownValue is the text of a setting that a person may see.
func shownValue(entry setting, says said, variables map[string]string, dirs places) string {
	switch _, given := variables[entry.variable()]; {
	case entry.envOnly && given:
		return "set"
	case entry.envOnly:
		return "not set"
	case entry.key == "keyring.file_dir" && says.from == fromDefault:
		return dirs.keyring
	}
	return says.text
}
