package assume

import (
	"context"
	"net/http"
	"strings"

	"assume-role/internal/bearer"
	"assume-role/internal/creds"
	"assume-role/internal/fault"
	"assume-role/internal/profile"
	"assume-role/internal/securefile"
)

// container is the container that this runs in: an ECS task, an EKS pod, or
// whatever else speaks ECS's protocol. Asking costs little, and what it gives
// is renewed there, so it is asked every time.
// See https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html.
func container() source {
	return source{kind: profile.Container, identity: containerIdentity, credentials: lasting(fromContainer)}
}

// containerIdentity tells endpoints apart, and the machines on which the same
// address means another one. On ECS the path is the task's own. On EKS every
// pod has the same address and token file, so only the pod's host name is
// left: pods that share a home folder, a host name and a keyring, one after
// the other, share the sessions of the roles that they assume, until those
// expire. Whoever can read that keyring can read them anyway.
func containerIdentity(w *walk) map[string]any {
	token := ""
	if containerTokenFile(w.chain.Source) == "" {
		token = w.Getenv(containerTokenVariable)
	}
	return map[string]any{
		"kind": profile.Container, "endpoint": cacheText(w.containerURL()),
		"token": cacheText(token), "token_file": containerTokenFile(w.chain.Source), "machine": w.Machine(),
	}
}

// containerURL is the endpoint; the plan says which variable has it.
func (w *walk) containerURL() string {
	if _, ok := w.chain.Source.Settings[profile.ContainerPath]; ok {
		return "http://" + profile.ContainerHost + w.Getenv(profile.ContainerPath)
	}
	return w.Getenv(profile.ContainerURL)
}

// containerTokenVariable is the token itself, which a file comes before.
const containerTokenVariable = "AWS_CONTAINER_AUTHORIZATION_TOKEN"

func containerTokenFile(s profile.Source) string { return s.Settings[profile.ContainerTokenFile].Text }

// fromContainer asks the endpoint.
func fromContainer(ctx context.Context, w *walk) (creds.Credentials, error) {
	token, err := w.containerToken()
	if err != nil {
		return creds.Credentials{}, err
	}
	client, refused := w.containerClient()
	if refused != nil {
		return creds.Credentials{}, inProfile(*refused, w.chain.Source.Profile)
	}
	request := bearer.Request{Method: http.MethodGet, URL: w.containerURL(), Header: http.Header{}}
	if token != "" {
		request.Header.Set("Authorization", token.Reveal())
	}
	var document metadataDocument
	if err := client.JSON(ctx, request, &document); err != nil {
		return creds.Credentials{}, w.containerFailed(err)
	}
	c, why := document.credentials(w.Now())
	if why != "" {
		return creds.Credentials{}, w.containerFault("gave " + why).
			Fix("see that what answers there speaks the protocol of ECS's credentials, and that this machine's clock is right")
	}
	return c, nil
}

// tokenLimit is more than a web server takes in a header, in bytes.
const tokenLimit = 64 << 10

// containerToken is what the endpoint wants in the Authorization header, if it
// wants anything. A file is read every time, because its token changes. One
// that cannot be read is an error: to ask without it might give another role.
func (w *walk) containerToken() (creds.Secret, error) {
	s := w.chain.Source
	path := containerTokenFile(s)
	if path == "" {
		return w.sendable(w.Getenv(containerTokenVariable), containerTokenVariable)
	}
	text, err := securefile.Read(path, tokenLimit)
	if err != nil {
		return "", fault.New(fault.FileUnreadable, "the token file %s cannot be read: %v", path, securefile.Cause(err)).
			In(s.Profile).At(s.Origin).Fix("correct %s", profile.ContainerTokenFile).Because(err)
	}
	token := strings.TrimRight(string(text), "\r\n")
	if token == "" {
		return "", fault.New(fault.InvalidValue, "the token file %s is empty", path).
			In(s.Profile).At(s.Origin).Fix("correct %s", profile.ContainerTokenFile)
	}
	return w.sendable(token, path)
}

// sendable refuses a token that could not be one header.
func (w *walk) sendable(token, from string) (creds.Secret, error) {
	control := func(c rune) bool { return c < ' ' || c == 0x7f }
	if strings.ContainsFunc(token, control) {
		return "", fault.New(fault.InvalidValue, "the token in %s holds a line break or another control character", from).
			In(w.chain.Source.Profile).At(w.chain.Source.Origin).Fix("write the token alone")
	}
	return creds.Secret(token), nil
}
