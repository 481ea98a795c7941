package request

import (
	"encoding/base64"
	"encoding/json"
	"net/url"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestAWSCLIMakesTheSameToken: at one moment, the token of the AWS CLI's `eks
// get-token` and ours are the same call with the same signature.
func TestAWSCLIMakesTheSameToken(t *testing.T) {
	t.Parallel()
	python := withBotocore(t)
	if exec.Command(python, "-c", "import awscli").Run() != nil {
		t.Skip("needs the AWS CLI")
	}
	c := exec.Command(python, "-m", "awscli", "eks", "get-token", "--cluster-name", "blue", "--region", "eu-west-1")
	theirEnviron := slices.DeleteFunc(c.Environ(), func(entry string) bool {
		return strings.HasPrefix(entry, "AWS_") || strings.HasPrefix(entry, "KUBERNETES_")
	})
	c.Env = append(theirEnviron, "AWS_ACCESS_KEY_ID=ASIAEXAMPLE", "AWS_SECRET_ACCESS_KEY=wJalr/secret", "AWS_SESSION_TOKEN=tok/en+==", "AWS_EC2_METADATA_DISABLED=true",
		"AWS_CONFIG_FILE="+os.DevNull, "AWS_SHARED_CREDENTIALS_FILE="+os.DevNull)
	out, err := c.Output()
	if err != nil {
		t.Fatal(err)
	}
	var theirs struct{ Status struct{ Token string } }
	if err := json.Unmarshal(out, &theirs); err != nil {
		t.Fatal(err)
	}
	want := callOf(t, theirs.Status.Token)
	s := at(Scope{"sts", "eu-west-1"}, "ASIAEXAMPLE", "wJalr/secret", "tok/en+==", want.Query().Get("X-Amz-Date"))
	token, err := s.ClusterToken(t.Context(), "https://sts.eu-west-1.amazonaws.com", "blue")
	if err != nil {
		t.Fatal(err)
	}
	got := callOf(t, token.Reveal())
	if got.Host != want.Host || got.Path != want.Path || got.Scheme != want.Scheme {
		t.Errorf("%s, not %s", got, want)
	}
	if d := cmp.Diff(want.Query(), got.Query()); d != "" {
		t.Error(d)
	}
}

// callOf is the presigned call that a token holds.
func callOf(t *testing.T, token string) *url.URL {
	t.Helper()
	text, ok := strings.CutPrefix(token, "k8s-aws-v1.")
	address, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || !ok {
		t.Fatalf("%s: %v", token, err)
	}
	u, err := url.Parse(string(address))
	if err != nil {
		t.Fatal(err)
	}
	return u
}
