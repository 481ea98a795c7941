package exec

import (
	"slices"

	"assume-role/internal/creds"
)

// ownPrefix makes the name of the variable that keeps what the user's own
// variable of an AWS file was, while a copy of the file stands in its place.
const ownPrefix = "ASSUME_ROLE_"

// fileVariables name the AWS files
// (https://docs.aws.amazon.com/sdkref/latest/guide/file-location.html).
func fileVariables() []string { return []string{"AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"} }

// OwnFile returns the value of a variable in which a session of this tool may
// have put a copy: then that which the user's own had before, or "".
func OwnFile(environ []string, name string) string {
	env := newEnvironment(environ)
	if env.covered(name) {
		return env.value(ownPrefix + name)
	}
	return env.value(name)
}

// covered reports whether a copy stands in place of the user's own file.
func (e environment) covered(name string) bool {
	return slices.Contains(fileVariables(), name) && slices.Contains(e.borrowed(), e.key(name))
}

// copies returns the variables of the grant's copies, each with what keeps the
// user's own value.
func (g Grant) copies(env environment) []creds.Variable {
	set := slices.Clone(g.Files)
	for _, v := range g.Files {
		if own := OwnFile(env.entries, v.Name); own != "" {
			set = append(set, creds.Variable{Name: ownPrefix + v.Name, Value: creds.Secret(own)})
		}
	}
	return set
}

// returned are the user's own values of the variables that a session had
// covered, unless they are covered again.
func (e environment) returned(set []creds.Variable) []creds.Variable {
	var back []creds.Variable
	for _, name := range fileVariables() {
		again := slices.ContainsFunc(set, func(v creds.Variable) bool { return v.Name == name })
		if own := e.value(ownPrefix + name); own != "" && e.covered(name) && !again {
			back = append(back, creds.Variable{Name: name, Value: creds.Secret(own)})
		}
	}
	return back
}

// uncovered is an environment in which the user's own files are back in place,
// for helpers that this tool runs.
func (e environment) uncovered() environment {
	for _, name := range fileVariables() {
		if !e.covered(name) {
			continue
		}
		own := e.value(ownPrefix + name)
		e.entries = e.remove([]string{name})
		if own != "" {
			e.entries = append(e.entries, name+"="+own)
		}
	}
	return e
}
