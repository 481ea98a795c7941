package cmd

import (
	"context"

	"assume-role/internal/profile"
)

// config: the two AWS files are there and can be parsed.
func (x *examination) config(context.Context) []finding {
	config, err := x.app.config()
	if err != nil {
		return []finding{failing(err)}
	}
	found := []finding{fine("the AWS files are read: %s", count(len(config.Names()), "profile"))}
	for _, note := range config.Notes() {
		found = append(found, warning("correct the variable, or the file's mode and owner", "%s", note))
	}
	return found
}

// parsed is the config for the checks that need it; config says why it is nil.
func (x *examination) parsed() *profile.Config {
	config, _ := x.app.config()
	return config
}

// unread is the finding of a check that needs the AWS files or the settings.
func unread() []finding { return []finding{warning("", "not looked at, because of an error above")} }
