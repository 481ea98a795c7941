package profile

import (
	"fmt"
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
// environment, else, as the name "", what the environment itself offers. With
// none of these the error lists what was looked for. A person's choice from a
// list comes between the first and the second: it is the caller's to offer
// where Named finds nothing.
func Select(cfg *Config, req Request) (name, how string, err error) {
	r := newResolver(cfg, req)
	if name, how = Named(r.req.Env); name != "" {
		return name, how, nil
	}
	if r.defaultComes() {
		return defaultProfile, byDefault, nil
	}
	if o, ok := r.firstOffer(); ok {
		return "", o.what, nil
	}
	return "", "", r.nothingOffered()
}

// byDefault is how the profile default is chosen.
const byDefault = "the profile " + defaultProfile

// noteChoice warns where a profile that nobody named on the command line has
// been chosen and AWS's own programs would use something else.
func (r *resolver) noteChoice() {
	if r.req.Chosen == "AWS_PROFILE" {
		if other := r.callersEnv("AWS_DEFAULT_PROFILE").Text; other != "" && other != r.req.Profile {
			r.note(r.req.Profile, fmt.Sprintf("AWS_PROFILE names it, and AWS_DEFAULT_PROFILE names %q, which boto3 would use: unset one of the two", other))
		}
	}
	reasons := map[string]string{"AWS_PROFILE": "AWS_PROFILE names it", "AWS_DEFAULT_PROFILE": "AWS_DEFAULT_PROFILE names it", byDefault: "nothing names another"}
	reason, unasked := reasons[r.req.Chosen]
	if id, secret := r.keyVariables(); unasked && id.isSet() && secret.isSet() && !r.borrowedKeys() {
		r.note(r.req.Profile, fmt.Sprintf("it is used because %s, but AWS's own programs would use the key in %s: name the profile, or unset the key", reason, id.name))
	}
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
		err := fault.New(fault.NoSource, "nothing gives credentials to assume the role with: looked for %s", strings.Join(looked, ", "))
		if r.req.Inside != "" && r.env(variableAccessKeyID).isSet() {
			return err.Fix("give --source-profile NAME; the keys in the environment are the session of profile %q", r.req.Inside)
		}
		return err.Fix("give --source-profile NAME")
	}
	return fault.New(fault.NoCredentials, "no profile is named and nothing else gives credentials: looked for %s", strings.Join(looked, ", ")).
		Fix("name a profile; list them with: assume-role list")
}
