package profile

import (
	"fmt"

	"assume-role/internal/fault"
)

// given is a setting as someone gave it: the value, what it was called there
// (role_arn, --duration, AWS_REGION) and whose it is, so that an error about
// it can name all three. Origin is empty for flags and variables.
type given struct {
	Value
	name    string
	profile string
}

// isSet reports whether anyone gave the setting.
func (g given) isSet() bool { return g.Text != "" }

// fromFile reports whether the setting stands in a file.
func (g given) fromFile() bool { return g.Origin != fault.Origin{} }

// wrong makes the error about a bad value: "role_arn is not …".
func (g given) wrong(code fault.Code, format string, args ...any) *fault.Error {
	return fault.New(code, "%s %s", g.name, fmt.Sprintf(format, args...)).In(g.profile).At(g.Origin)
}

func (g given) invalid(format string, args ...any) *fault.Error {
	return g.wrong(fault.InvalidValue, format, args...)
}

// where names the setting for a note: "region (~/.aws/config:3)".
func (g given) where() string {
	if at := g.Origin.String(); at != "" {
		return g.name + " (" + at + ")"
	}
	return g.name
}

// firstSet returns the first of several that was given, the strongest first.
func firstSet(candidates ...given) given {
	for _, g := range candidates {
		if g.isSet() {
			return g
		}
	}
	return given{}
}

// addOrigins adds the lines of those that stand in a file, by their names.
func addOrigins(to map[string]fault.Origin, all []given) {
	for _, g := range all {
		if g.isSet() && g.fromFile() {
			to[g.name] = g.Origin
		}
	}
}

// originsOf returns the lines of those that stand in a file, by their names.
func originsOf(all ...given) map[string]fault.Origin {
	origins := map[string]fault.Origin{}
	addOrigins(origins, all)
	return origins
}

// member is a profile on the way from a source to the profile asked for. The
// files may hold no section for it: its keys are in the key store, or it is a
// role's ARN.
type member struct {
	name    string
	section *Profile
}

// get returns a setting of the profile; its Text is empty where it has none.
func (m member) get(key string) given {
	g := given{name: key, profile: m.name}
	if m.section != nil {
		g.Value, _ = m.section.Get(key)
	}
	return g
}

func (m member) has(key string) bool { return m.get(key).isSet() }

// origin is the profile's header line, if it has one.
func (m member) origin() fault.Origin {
	if m.section == nil {
		return fault.Origin{}
	}
	return m.section.Origin
}

// anyOf returns the first of the settings that the profile has.
func (m member) anyOf(keys ...string) given {
	for _, key := range keys {
		if g := m.get(key); g.isSet() {
			return g
		}
	}
	return given{}
}

// collect returns those of the settings that the profile has, by name.
func (m member) collect(keys ...string) map[string]Value {
	found := map[string]Value{}
	for _, key := range keys {
		if g := m.get(key); g.isSet() {
			found[key] = g.Value
		}
	}
	return found
}
