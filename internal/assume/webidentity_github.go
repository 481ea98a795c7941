package assume

import (
	"context"
	"errors"
	"net/http"
	"net/url"

	"assume-role/internal/bearer"
	"assume-role/internal/creds"
	"assume-role/internal/fault"
	"assume-role/internal/profile"
)

// A job of GitHub Actions that may ask for a token finds these variables
// (https://docs.github.com/en/actions/reference/security/oidc).
const (
	githubRequestURL = "ACTIONS_ID_TOKEN_REQUEST_URL"
	githubRequestKey = "ACTIONS_ID_TOKEN_REQUEST_TOKEN"
)

// githubAudience is whom the token is for: AWS's name where GitHub is an
// identity provider in IAM.
const githubAudience = "sts.amazonaws.com"

// githubToken asks GitHub for a token of the job that this runs in.
func githubToken(ctx context.Context, w *walk, _ string) (creds.Secret, error) {
	address, err := w.githubAddress()
	if err != nil {
		return "", err
	}
	// The CA bundle of the profile is for AWS, and this is not AWS.
	client, err := w.BearerClient(profile.Endpoint{})
	if err != nil {
		return "", err
	}
	var answer struct {
		Value creds.Secret `json:"value"`
	}
	header := http.Header{"Authorization": {"bearer " + w.Getenv(githubRequestKey)}}
	if err := client.JSON(ctx, bearer.Request{Method: http.MethodGet, URL: address.String(), Header: header}, &answer); err != nil {
		return "", w.githubFailed(address.Host, err)
	}
	return fit(answer.Value, "the token in GitHub's answer", "check the proxy, and leave "+githubRequestURL+" as GitHub sets it")
}

// githubAddress is where the token is asked for.
func (w *walk) githubAddress() (*url.URL, error) {
	for _, name := range []string{githubRequestURL, githubRequestKey} {
		if w.Getenv(name) == "" {
			return nil, fault.New(fault.NoCredentials, "GitHub gives no web identity token here: the variable %s is not set", name).
				Fix("run it in a job of GitHub Actions, and give the job permissions: id-token: write")
		}
	}
	address, err := url.Parse(w.Getenv(githubRequestURL))
	if err != nil || address.Host == "" || address.User != nil {
		return nil, fault.New(fault.InvalidValue, "the variable %s is not an https address", githubRequestURL).Fix("leave it as GitHub sets it")
	}
	query := address.Query()
	query.Set("audience", githubAudience)
	address.RawQuery = query.Encode()
	return address, nil
}

// githubFailed says why there is no token.
func (w *walk) githubFailed(host string, err error) error {
	var refusal *bearer.Refusal
	var unreachable *bearer.Unreachable
	switch {
	case errors.As(err, &refusal):
		return fault.New("", "GitHub refused a web identity token: %s", refusal).
			Fix("give the job permissions: id-token: write; the permission ends with the job").Because(err)
	case errors.As(err, &unreachable) && unreachable.Status != 0 && unreachable.Status < http.StatusInternalServerError:
		return fault.New("", "%s answered %d and gave no web identity token", host, unreachable.Status).
			Fix("check the proxy, and leave %s as GitHub sets it", githubRequestURL).Because(err)
	case errors.As(err, &unreachable):
		return w.unanswered("the request to GitHub for a web identity token", profile.Endpoint{}, observed{host: host}, unreachable).
			Fix("check the network and the proxy, and try again")
	}
	return err
}

// githubTokenIdentity tells one job from another by the key that it asks with.
func githubTokenIdentity(w *walk, _ string) any {
	return map[string]string{"url": w.Getenv(githubRequestURL), "key": holder(creds.Secret(w.Getenv(githubRequestKey)))}
}
