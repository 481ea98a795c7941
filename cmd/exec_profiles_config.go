package cmd

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"slices"
	"strings"
	"unicode"

	"assume-role/internal/exec"
	"assume-role/internal/fault"
	"assume-role/internal/profile"
)

// namedConfig is a config file in which profiles keep their settings, and all
// get their credentials from a program.
type namedConfig struct {
	config *profile.Config
	// before and after are the words of the program around a profile's name.
	before, after []string
	goos          string

	text strings.Builder
	// names and services are the sections that are in it already.
	names, services []string
}

// newNamedConfig begins the file. Its programs are this one, with the flags of
// the command line, and read the user's own AWS files whatever the environment
// of the command says.
func (a *app) newNamedConfig(opts *execOptions) (*namedConfig, error) {
	config, err := a.config()
	if err != nil {
		return nil, err
	}
	files, err := a.files()
	if err != nil {
		return nil, err
	}
	overrides, err := opts.credentials.overrides()
	if err != nil {
		return nil, err
	}
	program, err := os.Executable()
	if err != nil {
		return nil, fault.New("", "the path of this program cannot be found: %s", plainError(err)).Because(err)
	}
	after := []string{"--" + configFileFlag + "=" + a.fixed(files.Config), "--" + credentialsFileFlag + "=" + a.fixed(files.Credentials)}
	return &namedConfig{
		config: config, goos: a.host.GOOS, before: []string{exec.Barest(program), "credential-process"},
		after: append(after, lineFlags(opts.profiles.given, compact(overrides.Policy))...),
	}, nil
}

// fixed is where a file is from any folder. One that is not there stays so.
func (a *app) fixed(f profile.File) string {
	path := a.absolute(f.Path)
	if _, err := os.Stat(path); err != nil {
		return os.DevNull
	}
	return exec.Barest(path)
}

// compact is JSON on one line, or the text where it is none, for Resolve to
// refuse.
func compact(policy string) string {
	var line bytes.Buffer
	if json.Compact(&line, []byte(policy)) != nil {
		return policy
	}
	return line.String()
}

// add writes a profile's sections. A name that the file cannot carry is an
// error, and leaves the file as it was.
func (c *namedConfig) add(name string) error {
	process, err := c.process(name)
	if err != nil {
		return err
	}
	headers, err := profileHeaders(name)
	if err != nil {
		return err
	}
	lines := []string{}
	if p, _ := c.config.Profile(name); p != nil {
		lines = settingLines(p, startsSource)
		if services, ok := p.Get("services"); ok {
			c.addServices(services.Text)
		}
	}
	for _, header := range headers {
		c.section(header, append(slices.Clone(lines), settingProcess+" = "+process))
	}
	c.names = append(c.names, name)
	return nil
}

// process is a profile's credential_process. A name that looks like a flag
// stands behind all of them.
func (c *namedConfig) process(name string) (string, error) {
	words := slices.Concat(c.before, []string{name}, c.after)
	if strings.HasPrefix(name, "-") {
		words = slices.Concat(c.before, c.after, []string{"--", name})
	}
	line, err := processLine(words, c.goos)
	if f, ok := errors.AsType[*fault.Error](err); ok {
		return "", f.In(name)
	}
	return line, err
}

// addServices writes a [services] section, once.
func (c *namedConfig) addServices(name string) {
	s, ok := c.config.Services(name)
	if !ok || !headerCarries(name) || slices.Contains(c.services, name) {
		return
	}
	c.services = append(c.services, name)
	lines := settingLines(s, func(string) bool { return false })
	for _, header := range headersOf("services", name) {
		c.section(header, lines)
	}
}

func (c *namedConfig) section(header string, lines []string) {
	c.text.WriteString("[" + header + "]\n")
	for _, line := range lines {
		c.text.WriteString(line + "\n")
	}
}

// profileHeaders are the headers that make a profile known to every SDK.
func profileHeaders(name string) ([]string, error) {
	if name == "default" {
		return []string{name}, nil
	}
	if !headerCarries(name) {
		return nil, fault.New(fault.InvalidValue, "SDKs disagree on a section of that name, so --profiles cannot give it").In(name).
			Fix("rename the profile, or leave it out")
	}
	return headersOf("profile", name), nil
}

// headerCarries reports whether every SDK sees that a header of the name is one.
// The SDK for Go cuts it at any # or ;, and then what stands below it replaces
// the settings of the section above.
func headerCarries(name string) bool {
	return !strings.ContainsAny(name, "[]#;") && !strings.ContainsFunc(name, unicode.IsControl)
}

// headersOf spells a header in the ways in which SDKs read a name that has more
// than plain characters in it: botocore as a word of a shell, the SDK for Go as
// it stands.
func headersOf(word, name string) []string {
	bare, quoted := word+" "+name, word+" "+posixQuoted(name)
	switch {
	case hasOnly(name, bareWord+"%"):
		return []string{bare}
	case !readBare(name):
		return []string{quoted}
	}
	return []string{quoted, bare}
}

// readBare reports whether no SDK reads a name as it stands for another one:
// botocore passes over several words, and over a quote without its pair.
func readBare(name string) bool {
	quotes := strings.Count(name, "'")
	return !strings.ContainsAny(name, `\"`) && (quotes == 0 || quotes%2 == 1) && strings.Trim(name, "' ") == name
}

// settingLines are the settings less those left out, each with the lines that
// continue it.
func settingLines(p *profile.Profile, left func(key string) bool) []string {
	var lines []string
	for _, key := range p.Keys() {
		if value, ok := p.Get(key); ok && !left(key) {
			lines = append(lines, key+" = "+strings.ReplaceAll(value.Text, "\n", "\n  "))
		}
	}
	return lines
}

// startsSource reports whether a setting would give a profile other credentials
// than those of its credential_process.
func startsSource(key string) bool {
	for _, prefix := range []string{"sso_", "web_identity_", "saml_"} {
		if strings.HasPrefix(key, prefix) {
			return true
		}
	}
	return key == "include_profile" || slices.Contains(credentialKeys(), key)
}
