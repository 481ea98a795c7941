package cmd

import (
	"assume-role/internal/creds"
	"assume-role/internal/profile"
)

// behind is what the config reaches through some roles.
type behind struct {
	// profiles are those whose credentials come through one of the roles to
	// another role, and roles those other roles.
	profiles map[string]bool
	roles    []string
}

// behind finds what the config has behind roles. It follows the lines
// role_arn and source_profile and resolves nothing: there can be ten thousand
// profiles, and what is broken in one of them is of no interest here.
func (a *app) behind(roles []string) behind {
	found := behind{profiles: map[string]bool{}}
	if len(roles) == 0 {
		return found
	}
	config, err := a.config()
	if err != nil {
		a.debug("%s", err)
		return found
	}
	search := search{config: config, roles: roles, given: map[string]bool{}}
	for _, name := range config.Names() {
		source := search.setting(name, "source_profile")
		if source == "" || source == name || !search.gives(source) {
			continue
		}
		if role := search.setting(name, "role_arn"); role != "" {
			found.profiles[name] = true
			found.roles = append(found.roles, role)
		}
	}
	return found
}

// search asks each profile once.
type search struct {
	config *profile.Config
	roles  []string
	// given says whether a profile's credentials come from or through one of
	// the roles.
	given map[string]bool
}

// gives answers for one profile and, on the way, for those that it begins with.
// A loop of profiles gives nothing.
func (s *search) gives(name string) bool {
	var asked []string
	answer := false
	for name != "" && !answer {
		known, ok := s.given[name]
		if ok {
			answer = known
			break
		}
		s.given[name] = false
		asked = append(asked, name)
		answer = creds.AmongRoles(s.setting(name, "role_arn"), s.roles)
		name = s.setting(name, "source_profile")
	}
	for _, name := range asked {
		s.given[name] = answer
	}
	return answer
}

// setting is empty where there is no such profile or setting.
func (s *search) setting(name, key string) string {
	if !s.config.Has(name) {
		return ""
	}
	p, _ := s.config.Profile(name) // it is of use whatever it fails to include
	if p == nil {
		return ""
	}
	value, _ := p.Get(key)
	return value.Text
}
