package profile

import (
	"strings"

	"assume-role/internal/fault"
)

// Named returns the profile that a variable names where none was given: the
// session that this run is inside, then AWS's variables, in the order of the
// AWS CLI. how is the variable; both are empty where none is set.
func Named(env func(string) string) (name, how string) {
	for _, variable := range []string{"ASSUME_ROLE_PROFILE", "AWS_PROFILE", "AWS_DEFAULT_PROFILE"} {
		if name := strings.TrimSpace(env(variable)); name != "" {
			return name, variable
		}
	}
	return "", ""
}

// Select chooses what to resolve where no profile was given, and says how: the
// profile that a variable names, else default where it exists (a section, or
// a key in the key store) and does not leave the credentials to the
// environment, else, as the name "", what the environment itself offers. With none of these the error lists what was looked for. A person's
// choice from a list comes between the first and the second: it is the
// caller's to offer where Named finds nothing.
func Select(cfg *Config, req Request) (name, how string, err error) {
	r := newResolver(cfg, req)
	if name, how = Named(r.req.Env); name != "" {
		return name, how, nil
	}
	if r.defaultComes() {
		return defaultProfile, "the profile " + defaultProfile, nil
	}
	if o, ok := r.firstOffer(); ok {
		return "", o.what, nil
	}
	return "", "", r.nothingOffered()
}

// nothingOffered lists what was looked for in vain.
func (r *resolver) nothingOffered() *fault.Error {
	looked := []string{"AWS_PROFILE", "a profile named default"}
	if isARN(r.req.Profile) {
		looked = looked[1:]
	}
	for _, o := range offers() {
		looked = append(looked, o.what)
	}
	if isARN(r.req.Profile) {
		return fault.New(fault.NoSource, "nothing gives credentials to assume the role with: looked for %s", strings.Join(looked, ", ")).
			Fix("give --source-profile NAME")
	}
	return fault.New(fault.NoCredentials, "no profile is named and nothing else gives credentials: looked for %s", strings.Join(looked, ", ")).
		Fix("name a profile; list them with: assume-role list")
}
