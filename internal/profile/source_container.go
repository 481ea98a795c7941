package profile

import (
	"net/url"
	"strings"

	"assume-role/internal/fault"
)

// The variables that lead to a container's credentials: a path at
// ContainerHost or a whole address, and a file with the token to send
// (https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html).
const (
	ContainerPath      = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"
	ContainerURL       = "AWS_CONTAINER_CREDENTIALS_FULL_URI"
	ContainerTokenFile = "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"
)

// ContainerHost is where ECS answers for a path in ContainerPath.
const ContainerHost = "169.254.170.2"

// containerSource finds the container's credentials endpoint. The path comes
// before the whole address, as in the SDKs. On ECS the path is the proof of
// who asks, so the plan holds the variable's name and the host only; who walks
// it reads the variable again.
func (r *resolver) containerSource(by given) (*Source, error) {
	s := &Source{Kind: Container, Profile: by.profile, Origin: by.Origin, Settings: asSettings(by)}
	where := firstSet(r.env(ContainerPath), r.env(ContainerURL))
	if !where.isSet() {
		s.Unavailable = by.wrong(fault.NoCredentials, "finds neither %s nor %s in the environment", ContainerPath, ContainerURL).
			Fix("run it in a container that has a role")
		if r.req.Inside != "" {
			s.Unavailable.Fix("the session of profile %q around it takes the variables away: run it outside", r.req.Inside)
		}
		return s, nil
	}
	shown, err := containerAddress(where)
	if err != nil {
		return nil, err
	}
	s.Settings[where.name] = Value{Text: shown}
	if file := r.env(ContainerTokenFile); file.isSet() {
		s.Settings[file.name] = file.Value
	}
	return s, nil
}

// containerAddress checks the form of the address and returns as much of it as
// may be shown.
func containerAddress(where given) (string, error) {
	if where.name == ContainerPath {
		if u, err := url.Parse("http://" + ContainerHost + where.Text); err != nil || u.Host != ContainerHost || !strings.HasPrefix(where.Text, "/") {
			return "", where.invalid("is not a path").Fix("the container's own value begins with /: unset the variable, or correct it")
		}
		return "http://" + ContainerHost + "/…", nil
	}
	u, err := parseAddress(where) // a query is the endpoint's own affair
	if err != nil {
		return "", err
	}
	return u.Scheme + "://" + u.Host + "/…", nil
}
