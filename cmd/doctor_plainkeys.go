package cmd

import (
	"context"

	"assume-role/internal/fault"
	"assume-role/internal/profile"
)

// plainKeys: long-lived access keys that any program of the user can read.
func (x *examination) plainKeys(context.Context) []finding {
	config := x.parsed()
	if config == nil {
		return unread()
	}
	var found []finding
	for _, name := range config.Names() {
		if at, ok := plainKey(config, name); ok {
			said := fault.New("", "its access key lies in plain text, for good").In(name).At(at)
			found = append(found, warning("assume-role import "+name, "%s", said.Error()))
		}
	}
	if found == nil {
		return []finding{fine("no long-lived access key lies in the AWS files")}
	}
	return bounded(found, "key")
}

// plainKey finds a profile's secret key, unless it is a session's.
func plainKey(config *profile.Config, name string) (fault.Origin, bool) {
	section, _ := config.Profile(name)
	if section == nil {
		return fault.Origin{}, false
	}
	secret, ok := section.Get("aws_secret_access_key")
	_, session := section.Get("aws_session_token")
	return secret.Origin, ok && !session
}
