package cmd

import (
	"context"
	"errors"

	"assume-role/internal/fault"
	"assume-role/internal/profile"
)

// profiles: every profile that tries to give credentials has a plan.
func (x *examination) profiles(context.Context) []finding {
	config := x.parsed()
	settings, err := x.app.settings()
	if config == nil || err != nil {
		return unread()
	}
	request := x.app.request(settings)
	var broken []finding
	resolved, idle := 0, 0
	for _, name := range x.app.profileNames(config) {
		request.Profile = name
		switch _, err := profile.Resolve(config, request); {
		case err == nil:
			resolved++
		case onlySettings(config, name, err):
			idle++
		default:
			broken = append(broken, failing(err))
		}
	}
	found := fine("%s resolved", count(resolved, "profile"))
	if idle > 0 {
		found.Message += ", " + count(idle, "other") + " without credentials of their own"
	}
	return append([]finding{found}, bounded(broken, "broken profile")...)
}

// onlySettings tells a section that holds a region and the like from a
// profile that is broken.
func onlySettings(config *profile.Config, name string, err error) bool {
	var f *fault.Error
	if !errors.As(err, &f) || f.Code != fault.NoCredentials {
		return false
	}
	section, _ := config.Profile(name)
	return section != nil && (section.Attempted() == "" || section.Attempted() == profile.SSO)
}
