package awsfake_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"assume-role/internal/awsfake"
	"assume-role/internal/creds"
)

// askGithub makes a request as a job would and returns the answer's status and
// its token.
func askGithub(t *testing.T, method, address, authorization string) (status int, token creds.Secret) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", authorization)
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	var answer struct {
		Value   creds.Secret `json:"value"`
		Message string       `json:"message"`
	}
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil || (answer.Value == "") != (answer.Message != "") {
		t.Errorf("the answer is %+v, %v", answer, err)
	}
	return response.StatusCode, answer.Value
}

func TestGithubJobGetsTokens(t *testing.T) {
	t.Parallel()
	f := start(t)
	role := f.AddRole(awsfake.Role{Name: "ci", Principals: []string{"https://github.test"}})
	address, key := f.AddGithubJob(awsfake.WebIdentity{Issuer: "https://github.test", Subject: "repo:me/it:ref:refs/heads/main"})
	status, token := askGithub(t, "GET", address+"&audience=sts.amazonaws.com", "bearer "+key.Reveal())
	if status != 200 {
		t.Fatalf("status %d", status)
	}
	out, err := client(f, keys{}).AssumeRoleWithWebIdentity(t.Context(), &sts.AssumeRoleWithWebIdentityInput{
		RoleArn: &role, RoleSessionName: aws.String("job"), WebIdentityToken: aws.String(token.Reveal()),
	})
	if err != nil || *out.SubjectFromWebIdentityToken != "repo:me/it:ref:refs/heads/main" {
		t.Fatalf("%+v %v", out, err)
	}
	if _, again := askGithub(t, "GET", address+"&audience=sts.amazonaws.com", "Bearer "+key.Reveal()); again == token {
		t.Error("the same token twice")
	}
	if f.Count("GithubIDToken") != 2 {
		t.Errorf("%d requests were noted", f.Count("GithubIDToken"))
	}
	if secrets := strings.Join(f.Secrets(), " "); !strings.Contains(secrets, key.Reveal()) || !strings.Contains(secrets, token.Reveal()) {
		t.Error("the job's key or its token is not among the secrets")
	}
	_, foreign := askGithub(t, "GET", address+"&audience=api", "bearer "+key.Reveal())
	_, err = client(f, keys{}).AssumeRoleWithWebIdentity(t.Context(), &sts.AssumeRoleWithWebIdentityInput{
		RoleArn: &role, RoleSessionName: aws.String("job"), WebIdentityToken: aws.String(foreign.Reveal()),
	})
	refused(t, err, 400, "InvalidIdentityToken", "Incorrect token audience")
}

func TestGithubRefuses(t *testing.T) {
	t.Parallel()
	f := start(t)
	address, key := f.AddGithubJob(awsfake.WebIdentity{})
	good, bearer := address+"&audience=sts.amazonaws.com", "bearer "+key.Reveal()
	for _, tc := range []struct {
		method, address, authorization string
		status                         int
	}{
		{"POST", good, bearer, 405},
		{"GET", good, "", 401},
		{"GET", good, "bearer else", 401},
		{"GET", good, "Basic " + key.Reveal(), 401},
		{"GET", good, key.Reveal(), 401},
		{"GET", address, bearer, 400},
		{"GET", address + "&audience=", bearer, 400},
		{"GET", good + "&audience=b", bearer, 400},
		{"GET", strings.Replace(good, "api-version=2.0&", "", 1), bearer, 400},
	} {
		if status, token := askGithub(t, tc.method, tc.address, tc.authorization); status != tc.status || token != "" {
			t.Errorf("%s %s: status %d", tc.method, tc.address, status)
		}
	}
}
