package browser

import (
	"slices"
	"strings"
)

// programs lists what may open an address, each as words, the first choice
// first. A choice that the user made is the only one.
func (o Opener) programs() [][]string {
	if o.choice != nil {
		return slices.Clone(o.choice)
	}
	if words := split(o.Setting); len(words) > 0 {
		return [][]string{words}
	}
	if o.exact {
		return nil // named, and nothing
	}
	if chosen := o.chosen(); len(chosen) > 0 {
		return chosen
	}
	return o.ofDesktop()
}

// chosen reads BROWSER: commands with a colon between them (on Windows, where
// paths have colons, a semicolon).
func (o Opener) chosen() [][]string {
	between := ":"
	if o.GOOS == "windows" {
		between = ";"
	}
	var all [][]string
	for part := range strings.SplitSeq(o.variable("BROWSER"), between) {
		if words := split(part); len(words) > 0 {
			all = append(all, words)
		}
	}
	return all
}

// ofDesktop is what the system opens addresses with. Over SSH the desktop is
// not in front of the person, or there is none.
func (o Opener) ofDesktop() [][]string {
	switch {
	case o.GOOS == "windows":
		return [][]string{{"rundll32.exe", "url.dll,FileProtocolHandler"}}
	case o.Remote():
		return nil
	case o.GOOS == "darwin":
		return [][]string{{"/usr/bin/open"}}
	case o.WSL():
		return [][]string{{"wslview"}, {"rundll32.exe", "url.dll,FileProtocolHandler"}}
	case o.variable("DISPLAY") == "" && o.variable("WAYLAND_DISPLAY") == "":
		return nil
	}
	return [][]string{{"xdg-open"}, {"x-www-browser"}, {"www-browser"}}
}

// Remote reports whether the person sits at another machine, so that a browser
// there cannot reach a port of this one (sshd(8) sets the variables).
func (o Opener) Remote() bool {
	return o.variable("SSH_CONNECTION") != "" || o.variable("SSH_CLIENT") != "" || o.variable("SSH_TTY") != ""
}

// WSL reports whether this is Linux inside Windows, where a browser runs
// outside and may not reach a port of this side.
func (o Opener) WSL() bool {
	return o.GOOS == "linux" && (o.variable("WSL_DISTRO_NAME") != "" || o.variable("WSL_INTEROP") != "")
}

func (o Opener) variable(name string) string {
	for _, entry := range o.Environ {
		key, value, _ := strings.Cut(entry, "=")
		if key == name || o.GOOS == "windows" && strings.EqualFold(key, name) {
			return value
		}
	}
	return ""
}

// split splits a command into words, at blanks that no quotes hold together. A
// backslash is a character like any other: Windows paths have it.
func split(command string) []string {
	var words []string
	var word strings.Builder
	var quote rune
	begun := false
	for _, r := range command {
		switch {
		case quote != 0 && r == quote:
			quote = 0
		case quote == 0 && (r == '"' || r == '\''):
			quote, begun = r, true
		case quote == 0 && (r == ' ' || r == '\t'):
			if begun {
				words = append(words, word.String())
			}
			word.Reset()
			begun = false
		default:
			word.WriteRune(r)
			begun = true
		}
	}
	if begun {
		words = append(words, word.String())
	}
	if len(words) > 0 && words[0] == "" {
		return nil
	}
	return words
}

// filled puts the address where %s stands; %% is a per cent sign.
func filled(words []string, address string) []string {
	all := slices.Clone(words)
	placed := false
	for i, word := range all[1:] {
		placed = placed || strings.Contains(strings.ReplaceAll(word, "%%", ""), "%s")
		all[i+1] = strings.NewReplacer("%%", "%", "%s", address).Replace(word)
	}
	if !placed {
		all = append(all, address)
	}
	return all
}

// withoutCredentials is an environment without what a browser, its extensions
// and the pages' helpers have no business to know.
func withoutCredentials(environ []string) []string {
	return slices.DeleteFunc(slices.Clone(environ), func(entry string) bool {
		name, _, _ := strings.Cut(entry, "=")
		return slices.Contains(credentials(), strings.ToUpper(name))
	})
}

func credentials() []string {
	return []string{
		"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_ACCESS_KEY", "AWS_SECRET_KEY", "AWS_SECURITY_TOKEN",
		"AWS_CONTAINER_AUTHORIZATION_TOKEN", "AWS_BEARER_TOKEN_BEDROCK",
		"ASSUME_ROLE_MFA_TOKEN", "ASSUME_ROLE_KEYRING_FILE_PASSPHRASE", "ASSUME_ROLE_KEYRING_FILE_NEW_PASSPHRASE",
	}
}
