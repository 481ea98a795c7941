package cmd

import (
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// profileVariable names the profile of the session that a shell is in,
// setVariable the variables of that session, and regionVariable has its region.
const (
	profileVariable = "ASSUME_ROLE_PROFILE"
	setVariable     = "ASSUME_ROLE_SET"
	regionVariable  = "AWS_REGION"
)

// givenFlag is a flag as the user gave it.
type givenFlag struct{ name, value string }

// word is the flag as one word.
func (g givenFlag) word() string { return "--" + g.name + "=" + g.value }

// givenFlags are the flags among the words of a command, in their order.
func givenFlags(c *cobra.Command, words []string) ([]givenFlag, error) {
	return givenOf(allFlags(c.Root(), c.Name()), words)
}

func givenOf(flags *pflag.FlagSet, words []string) ([]givenFlag, error) {
	var list []givenFlag
	err := flags.ParseAll(words, func(f *pflag.Flag, value string) error {
		list = append(list, givenFlag{f.Name, value})
		return nil
	})
	return list, err
}

// assumeOnly reports whether a flag is one of assume's own, which no other
// command knows.
func assumeOnly(name string) bool {
	switch name {
	case "shell", "state", "console", "unset", versionFlag, "format", "help":
		return true
	}
	return false
}

// once reports whether a flag was meant for one call: a code works once, and
// who is asked once has answered.
func once(name string) bool {
	switch name {
	case "mfa-token", "refresh", "pick":
		return true
	}
	return assumeOnly(name)
}

// repeatable are the flags that --refresh repeats, wherever the shell is then.
func (c *assumeCall) repeatable() []string {
	var words []string
	for _, g := range c.given {
		if once(g.name) {
			continue
		}
		if namesFile(g) {
			g.value = c.absolute(g.value)
		}
		words = append(words, g.word())
	}
	return words
}

// namesFile reports whether a flag's value is a path.
func namesFile(g givenFlag) bool {
	switch g.name {
	case "policy":
		return !strings.HasPrefix(strings.TrimSpace(g.value), "{")
	case "web-identity":
		return g.value != "github" && !strings.HasPrefix(g.value, "env:")
	case "from-json":
		return g.value != "-"
	}
	return false
}
