package profile

import (
	"slices"
	"strings"

	"assume-role/internal/creds"
	"assume-role/internal/fault"
)

// VariableResolving names, for a program that a profile runs, the profiles
// that are being resolved, one a line.
const VariableResolving = "ASSUME_ROLE_RESOLVING"

// Resolving is the variable to give to a source's program, so that this tool,
// called by it for one of the same profiles again, ends at once instead of
// going round for ever. env reads the variables of this run.
func (c *Chain) Resolving(env func(string) string) creds.Variable {
	names := resolving(env(VariableResolving))
	for _, name := range []string{c.Profile, c.Source.Profile} {
		if name != "" && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return creds.Variable{Name: VariableResolving, Value: creds.Secret(strings.Join(names, "\n"))}
}

func resolving(text string) []string {
	return strings.FieldsFunc(text, func(c rune) bool { return c == '\n' })
}

// checkResolving refuses a profile that this run is already part of
// resolving, and a chain that would run its program once more.
func (r *resolver) checkResolving(way *route) error {
	names := resolving(r.req.Env(VariableResolving))
	again := r.req.Profile
	program := way.source.program()
	if !slices.Contains(names, again) && program.isSet() {
		again = way.base.name
	}
	if again == "" || !slices.Contains(names, again) {
		return nil
	}
	if !program.isSet() {
		program = way.base.get("credential_process")
	}
	program.profile = again
	return program.wrong(fault.InfiniteLoop, "goes round in a circle: %s", cycle(names, again)).
		Fix("let it call something else than this tool for the same profile")
}

// program is the setting that names the source's program, if it has one.
func (s *Source) program() given {
	for _, name := range []string{"credential_process", "saml_process", "web_identity_token_process"} {
		if value, ok := s.Settings[name]; ok {
			return given{Value: value, name: name}
		}
	}
	return given{}
}
