package pages

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"assume-role/cmd"
)

// Manual is what pages of the manual are made of.
type Manual struct {
	// Root is the tree of commands.
	Root *cobra.Command
	// Shared are the flags that commands share which get credentials.
	Shared *pflag.FlagSet
	// Settings, Variables and Files are described on the pages of the whole.
	Settings         []cmd.SettingReference
	Variables, Files []cmd.Described
	// Date stands at the foot of each page, by UTC. It is no clock's: the
	// same source gives the same pages.
	Date time.Time
}

// configPage is the page of config.yaml.
const configPage = "assume-role-config"

// Pages returns the pages by their file names: assume-role.1, one of each
// command with its sub-commands, and assume-role-config.5.
func (m Manual) Pages() map[string]string {
	all := map[string]string{
		m.Root.Name() + ".1": m.whole(),
		configPage + ".5":    m.config(),
	}
	for _, c := range shown(m.Root) {
		all[pageName(c)+".1"] = m.command(c)
	}
	return all
}

// pageName is a top command's page: assume-role-exec.
func pageName(c *cobra.Command) string { return strings.ReplaceAll(c.CommandPath(), " ", "-") }

// head begins a page: its name, its section and what it is about, in a phrase.
func (m Manual) head(name, section, about string) *roff {
	r := &roff{}
	r.macro("Dd", m.Date.UTC().Format("January 2, 2006"))
	r.macro("Dt", strings.ToUpper(name), section)
	r.macro("Os", m.Root.Name())
	r.macro("Sh", "NAME")
	r.macro("Nm", name)
	r.macro("Nd", words(strings.ToLower(about[:1])+about[1:])...)
	return r
}

func (m Manual) whole() string {
	r := m.head(m.Root.Name(), "1", m.Root.Short)
	r.macro("Sh", "SYNOPSIS")
	r.macro("Nm", m.Root.Name())
	r.macro("Ar", "command")
	r.macro("Op", "Ar", "argument", "...")
	r.macro("Sh", "DESCRIPTION")
	r.prose(long(m.Root))
	r.macro("Ss", "Commands")
	r.macro("Bl", "-tag", "-width", "Ds")
	for _, c := range shown(m.Root) {
		r.macro("It", "Xr", pageName(c), "1")
		r.text(c.Short + ".")
	}
	r.macro("El")
	r.macro("Sh", "OPTIONS")
	r.text("Every command has these.")
	r.flags(visible(m.Root.PersistentFlags()))
	r.macro("Sh", "ENVIRONMENT")
	r.text("Each setting of")
	r.macro("Xr", configPage, "5")
	r.text("has a variable.")
	r.described("Ev", append(settingVariables(m.Settings), m.Variables...))
	r.macro("Sh", "FILES")
	r.described("Pa", m.Files)
	r.exitStatus("")
	r.examples(m.Root)
	r.seeAlso(pageNames(m.Root), true)
	return r.b.String()
}

func settingVariables(settings []cmd.SettingReference) []cmd.Described {
	var all []cmd.Described
	for _, s := range settings {
		all = append(all, cmd.Described{Name: s.Variable, Meaning: s.Meaning})
	}
	return all
}

func pageNames(root *cobra.Command) []string {
	var all []string
	for _, c := range shown(root) {
		all = append(all, pageName(c))
	}
	return all
}

func (m Manual) command(c *cobra.Command) string {
	all := family(c)
	r := m.head(pageName(c), "1", c.Short)
	r.macro("Sh", "SYNOPSIS")
	for _, one := range all {
		r.synopsis(one)
	}
	r.macro("Sh", "DESCRIPTION")
	for _, one := range all {
		r.subsection(one, c)
		r.prose(long(one))
	}
	r.macro("Sh", "OPTIONS")
	for _, one := range all {
		r.options(one, c, m.Shared)
	}
	r.text("The options of every command, the variables and the files are in")
	r.macro("Xr", m.Root.Name(), "1", ".")
	r.exitStatus(c.Name())
	r.examples(all...)
	others := []string{m.Root.Name()}
	for _, name := range relatedTo(c.Name()).commands {
		others = append(others, m.Root.Name()+"-"+name)
	}
	r.seeAlso(others, true)
	return r.b.String()
}

// subsection is the heading of a sub-command on the page of its parent.
func (r *roff) subsection(c, page *cobra.Command) {
	if c != page {
		r.macro("Ss", words(title(c))...)
	}
}

// synopsis writes a command's line of use.
func (r *roff) synopsis(c *cobra.Command) {
	r.macro("Nm", c.Root().Name())
	r.macro("Cm", words(title(c))...)
	rest := strings.TrimPrefix(useLine(c), c.CommandPath())
	for _, part := range bracketed(rest) {
		inner, optional := strings.CutPrefix(part, "[")
		inner = strings.TrimSuffix(inner, "]")
		switch {
		case part == "--":
			r.macro("Fl", `\-`)
		case optional:
			r.macro("Op", append([]string{"Ar"}, words(inner)...)...)
		default:
			r.macro("Ar", words(inner)...)
		}
	}
}

// bracketed parts a line of use at the spaces outside of its brackets.
func bracketed(line string) []string {
	var all []string
	depth := 0
	for _, word := range strings.Fields(line) {
		if depth > 0 {
			all[len(all)-1] += " " + word
		} else {
			all = append(all, word)
		}
		depth += strings.Count(word, "[") - strings.Count(word, "]")
	}
	return all
}

func (r *roff) options(c, page *cobra.Command, shared *pflag.FlagSet) {
	own, common := flagsOf(c, shared)
	all := append(visible(own), visible(common)...)
	if len(all) == 0 {
		return
	}
	r.subsection(c, page)
	r.flags(all)
}

func (r *roff) flags(all []*pflag.Flag) {
	r.macro("Bl", "-tag", "-width", "Ds")
	for _, f := range all {
		value, about := pflag.UnquoteUsage(f)
		var names []string
		if f.Shorthand != "" {
			names = []string{"Fl", escaped(f.Shorthand), ","}
		}
		names = append(names, "Fl", `\-`+escaped(f.Name))
		if value != "" {
			names = append(names, "Ar")
			names = append(names, words(value)...)
		}
		r.macro("It", names...)
		if !zero(f.DefValue) {
			about += fmt.Sprintf(" (default %s)", f.DefValue)
		}
		r.text(about)
	}
	r.macro("El")
}

// zero tells a default that says nothing.
func zero(value string) bool {
	switch value {
	case "", "false", "0", "0s", "[]":
		return true
	}
	return false
}

func (r *roff) described(macro string, all []cmd.Described) {
	r.macro("Bl", "-tag", "-width", "Ds")
	for _, d := range all {
		r.macro("It", macro, escaped(d.Name))
		r.text(d.Meaning)
	}
	r.macro("El")
}

func (r *roff) exitStatus(command string) {
	r.macro("Sh", "EXIT", "STATUS")
	r.macro("Bl", "-tag", "-width", "other")
	for _, s := range exitStatuses(command) {
		r.macro("It", s.Name)
		r.text(s.Meaning)
	}
	r.macro("El")
}

func (r *roff) examples(all ...*cobra.Command) {
	started := false
	for _, c := range all {
		if c.Example == "" {
			continue
		}
		if !started {
			r.macro("Sh", "EXAMPLES")
			started = true
		}
		r.literal(unindent(c.Example))
	}
}

// seeAlso lists pages of section 1, then that of config.yaml unless it is the
// page itself.
func (r *roff) seeAlso(names []string, settings bool) {
	slices.Sort(names)
	r.macro("Sh", "SEE", "ALSO")
	for i, name := range slices.Compact(names) {
		words := []string{name, "1"}
		if settings || i < len(names)-1 {
			words = append(words, ",")
		}
		r.macro("Xr", words...)
	}
	if settings {
		r.macro("Xr", configPage, "5")
	}
}

// config is the page of config.yaml.
func (m Manual) config() string {
	r := m.head(configPage, "5", "settings of "+m.Root.Name())
	r.macro("Sh", "DESCRIPTION")
	r.text("The file is YAML. A dot in a name below parts two levels:")
	r.literal("keyring:\n  backend: file\n  file_unlock_ttl: 12h")
	r.macro("Pp")
	r.text("A variable counts before the file, and an option before both. An unknown name, or a value that cannot be, is an error that names it. A folder or file is an absolute path, or begins with ~/. Of a list each value is a line that begins with a dash, or they stand on one line with commas between.")
	r.macro("Sh", "SETTINGS")
	r.macro("Bl", "-tag", "-width", "Ds")
	for _, s := range m.Settings {
		r.macro("It", "Cm", escaped(s.Key))
		r.text(sentence(s.Meaning))
		r.macro("br")
		r.text("Variable: " + s.Variable + ".")
		for _, line := range settingNotes(s) {
			r.text(line)
		}
	}
	r.macro("El")
	r.macro("Sh", "FILES")
	r.described("Pa", configFiles(m.Files))
	r.seeAlso([]string{m.Root.Name(), m.Root.Name() + "-keyring", m.Root.Name() + "-doctor"}, false)
	return r.b.String()
}

func settingNotes(s cmd.SettingReference) []string {
	var all []string
	for _, note := range []struct{ about, text string }{{"Value", s.Allowed}, {"Default", s.Default}, {"Where nothing says it", s.Unset}, {"Option", s.Flag}} {
		if note.text != "" {
			all = append(all, note.about+": "+strings.ReplaceAll(note.text, "`", "")+".")
		}
	}
	if s.List {
		all = append(all, "It is a list.")
	}
	if s.StricterOnly {
		all = append(all, "The variable can make it stricter, never looser.")
	}
	return all
}

// sentence makes one of a phrase.
func sentence(phrase string) string {
	return strings.ToUpper(phrase[:1]) + phrase[1:] + "."
}

// configFiles are the settings' own file among all.
func configFiles(files []cmd.Described) []cmd.Described {
	var all []cmd.Described
	for _, f := range files {
		if strings.HasSuffix(f.Name, "/config.yaml") {
			all = append(all, cmd.Described{Name: f.Name, Meaning: "on Linux; below ~/Library/Application Support on macOS, below %APPDATA% on Windows, and below XDG_CONFIG_HOME where that is set"})
		}
	}
	return all
}
