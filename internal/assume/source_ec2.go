package assume

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"

	"assume-role/internal/creds"
	"assume-role/internal/fault"
	"assume-role/internal/profile"
)

// instance is the EC2 instance that this runs on: the role of its instance
// profile. Asking is a matter of milliseconds, and EC2 renews what it gives,
// so it is asked every time.
// See https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-metadata-security-credentials.html.
func instance() source {
	return source{kind: profile.EC2, identity: instanceIdentity, credentials: lasting(fromInstance)}
}

// instanceIdentity tells machines apart, which may share a home folder and so
// a session cache; finding out the role itself would take a call on every run.
// So an instance that was given another role goes on with the sessions that
// the old one assumed until they expire, an hour at most. AWS lets them live
// on as well.
func instanceIdentity(w *walk) map[string]any {
	return map[string]any{"kind": profile.EC2, "endpoint": metadataEndpoint(w.chain.Source), "machine": w.Machine()}
}

// rolePath is where the metadata has the name of the instance's role and,
// under it, the role's credentials.
const rolePath = "iam/security-credentials/"

// fromInstance asks for the role's name and then for its credentials. The
// SDK's own provider is not used: it extends the expiry of what has expired.
func fromInstance(ctx context.Context, w *walk) (creds.Credentials, error) {
	m := w.metadata()
	defer m.close()
	limited, cancel := context.WithTimeout(ctx, m.total)
	defer cancel()
	role, err := m.role(limited)
	if err != nil {
		return creds.Credentials{}, err
	}
	text, err := m.get(limited, rolePath+role)
	if err != nil {
		return creds.Credentials{}, m.failed(err)
	}
	return m.read(text)
}

// role is the name of the instance's role: the first line of a list of one.
func (m *metadata) role(ctx context.Context) (string, error) {
	text, err := m.get(ctx, rolePath)
	switch {
	case err != nil && m.watch.status == http.StatusNotFound:
		return "", m.noRole()
	case err != nil:
		return "", m.failed(err)
	}
	name, _, _ := strings.Cut(strings.TrimSpace(string(text)), "\n")
	name = strings.TrimSpace(name)
	odd := func(c rune) bool {
		return (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && !strings.ContainsRune("_+=,.@-", c)
	}
	switch {
	case name == "":
		return "", m.noRole()
	case len(name) > 64 || strings.ContainsFunc(name, odd):
		return "", m.fault("", "answered with what is no role's name").Fix("see that what answers there is EC2's metadata service")
	}
	return name, nil
}

func (m *metadata) noRole() error {
	return m.fault(fault.NoCredentials, "has no role for the instance").
		Fix("attach an instance profile: aws ec2 associate-iam-instance-profile --instance-id ID --iam-instance-profile Name=NAME")
}

// read makes credentials of the document, which tells of failures in its Code.
func (m *metadata) read(text []byte) (creds.Credentials, error) {
	var document metadataDocument
	if err := json.Unmarshal(text, &document); err != nil {
		return creds.Credentials{}, m.fault("", "answered with what is not JSON").Fix("see that what answers there is EC2's metadata service")
	}
	if document.Code != "Success" && document.Code != "" {
		return creds.Credentials{}, m.fault("", "has no credentials for the instance: %s", fault.OneLine(document.Code+" "+document.Message)).
			Fix("see that the instance profile's role exists and that its trust policy names ec2.amazonaws.com; what was changed takes some minutes")
	}
	c, why := document.credentials(m.now())
	if why != "" {
		return creds.Credentials{}, m.fault("", "gave %s", why).Fix("see that this machine's clock is right, and try again in a minute")
	}
	return c, nil
}
