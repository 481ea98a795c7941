package exec

import (
	"slices"
	"strings"

	"assume-role/internal/creds"
)

// Named is what a child is given that names its profiles itself: files in which
// they are, and no credentials.
type Named struct {
	// Files are AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE.
	Files []creds.Variable
	// Profiles are the names in them. A caller's AWS_PROFILE stays where it is
	// one of them.
	Profiles []string
	// Region is the child's region whatever the profiles say, or empty.
	Region string
}

// profileVariables choose a profile for the SDKs, botocore's old name of the
// variable included.
func profileVariables() []string { return []string{"AWS_PROFILE", "AWS_DEFAULT_PROFILE"} }

// loadConfig makes SDKs that predate it read the config file
// (https://docs.aws.amazon.com/sdk-for-go/v1/developer-guide/sessions.html).
const loadConfig = "AWS_SDK_LOAD_CONFIG"

// HandoverNamed returns what changes in the caller's environment for a child
// that names its profiles itself. It is in no session of this tool: what an
// outer one set is taken away, and ASSUME_ROLE_SET has what is set here.
func HandoverNamed(caller []string, n Named) Changes {
	env := newEnvironment(caller)
	set := Grant{Files: n.Files}.copies(env)
	if n.Region != "" {
		set = append(set, creds.Variable{Name: region, Value: creds.Secret(n.Region)}, creds.Variable{Name: defaultRegion, Value: creds.Secret(n.Region)})
	}
	if !env.own(loadConfig) {
		set = append(set, creds.Variable{Name: loadConfig, Value: "1"})
	}
	removed := append(contradicting(), accessKeyID, secretAccessKey, profileMarker)
	removed = slices.DeleteFunc(removed, func(name string) bool {
		return slices.Contains(profileVariables(), name) && env.own(name) && slices.Contains(n.Profiles, env.value(name))
	})
	set = append(set, creds.Variable{Name: setMarker, Value: creds.Secret(env.changed(set))})
	return Changes{Set: set, Unset: env.without(set, removed, env.borrowed())}
}

// Reading returns an environment in which the AWS files are those given,
// whatever copies a session of this tool has put in their place.
func Reading(environ []string, files []creds.Variable) []string {
	env := newEnvironment(environ)
	gone := []string{setMarker}
	for _, v := range files {
		gone = append(gone, v.Name, ownPrefix+v.Name)
	}
	left := slices.DeleteFunc(env.borrowed(), func(name string) bool { return slices.Contains(gone, name) })
	reading := env.remove(gone)
	for _, v := range files {
		reading = append(reading, v.Name+"="+v.Value.Reveal())
	}
	return append(reading, setMarker+"="+strings.Join(left, ","))
}
