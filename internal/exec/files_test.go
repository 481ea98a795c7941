package exec

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"assume-role/internal/creds"
)

func served() Grant {
	return Grant{
		Credentials: creds.Credentials{AccessKeyID: "ASIA1", SecretAccessKey: "canary", SessionToken: "canary", AccountID: "123456789012"},
		Profile:     "p", Region: "eu-west-1", AccountVariable: true, VaultVariable: true,
		Endpoint: &Endpoint{URL: "http://127.0.0.1:1/role/p", Token: "token"},
	}
}

// A child that fetches its credentials has no others, whatever the caller had.
func TestServedChild(t *testing.T) {
	t.Parallel()
	caller := []string{
		"A=1", "AWS_ACCESS_KEY_ID=old", "AWS_SECRET_ACCESS_KEY=old", "AWS_SESSION_TOKEN=old", "AWS_CREDENTIAL_EXPIRATION=old",
		"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI=/old", "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE=old", "AWS_PROFILE=old", "AWS_EC2_METADATA_DISABLED=true",
	}
	want := []string{
		"A=1", "AWS_EC2_METADATA_DISABLED=true",
		"AWS_CONTAINER_CREDENTIALS_FULL_URI=http://127.0.0.1:1/role/p", "AWS_CONTAINER_AUTHORIZATION_TOKEN=token",
		"AWS_REGION=eu-west-1", "AWS_DEFAULT_REGION=eu-west-1", "AWS_ACCOUNT_ID=123456789012", "ASSUME_ROLE_PROFILE=p", "AWS_VAULT=p",
		"ASSUME_ROLE_SET=AWS_CONTAINER_CREDENTIALS_FULL_URI,AWS_CONTAINER_AUTHORIZATION_TOKEN,AWS_REGION,AWS_DEFAULT_REGION,AWS_ACCOUNT_ID,ASSUME_ROLE_PROFILE,AWS_VAULT",
	}
	if diff := cmp.Diff(want, Handover(caller, served()).Environ(caller)); diff != "" {
		t.Error(diff)
	}
}

// With instance metadata the child is not told to leave it alone.
func TestServedMetadata(t *testing.T) {
	t.Parallel()
	g := served()
	g.Endpoint.Metadata = "http://127.0.0.1:1"
	caller := []string{"AWS_EC2_METADATA_DISABLED=true", "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE=IPv6"}
	got := Handover(caller, g).Environ(caller)
	if slices.ContainsFunc(got, func(e string) bool { return slices.Contains(caller, e) }) ||
		!slices.Contains(got, "AWS_EC2_METADATA_SERVICE_ENDPOINT=http://127.0.0.1:1") {
		t.Errorf("%q", got)
	}
}

// The keys of a session inside a served one come in place of the endpoint.
func TestKeysInsideServed(t *testing.T) {
	t.Parallel()
	inside := Handover(nil, served()).Environ(nil)
	g := grant()
	got := Handover(inside, g).Environ(inside)
	if diff := cmp.Diff(Handover(nil, g).Environ(nil), got); diff != "" {
		t.Error(diff)
	}
}

// Copies stand in place of the user's files for the child alone: this tool,
// its helpers, a session inside and whoever leaves it have the files themselves.
func TestCopiesOfFiles(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ caller, own []string }{
		"in their usual place": {nil, nil},
		"of the user's choice": {[]string{"AWS_CONFIG_FILE=/mine"}, []string{"AWS_CONFIG_FILE=/mine"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := served()
			g.Files = []creds.Variable{{Name: "AWS_CONFIG_FILE", Value: "/copy/1"}, {Name: "AWS_SHARED_CREDENTIALS_FILE", Value: "/copy/2"}}
			child := Handover(tc.caller, g).Environ(tc.caller)
			if !slices.Contains(child, "AWS_CONFIG_FILE=/copy/1") || !slices.Contains(child, "AWS_SHARED_CREDENTIALS_FILE=/copy/2") {
				t.Errorf("no copies: %q", child)
			}
			want := newEnvironment(tc.own).value("AWS_CONFIG_FILE")
			if got := OwnFile(child, "AWS_CONFIG_FILE"); got != want {
				t.Errorf("own file %q, not %q", got, want)
			}
			helper, left := newEnvironment(Scrub(child)), newEnvironment(Leave(child).Environ(child))
			inner := newEnvironment(Handover(child, grant()).Environ(child))
			for who, env := range map[string]environment{"helper": helper, "left": left, "inner": inner} {
				if got := env.value("AWS_CONFIG_FILE"); got != want || env.value("AWS_SHARED_CREDENTIALS_FILE") != "" {
					t.Errorf("%s: %q", who, env.entries)
				}
			}
			if got := OwnFile(inner.entries, "AWS_CONFIG_FILE"); got != want {
				t.Errorf("inner: own file %q, not %q", got, want)
			}
			again := g
			again.Files = []creds.Variable{{Name: "AWS_CONFIG_FILE", Value: "/copy/3"}}
			if nested := Handover(child, again).Environ(child); OwnFile(nested, "AWS_CONFIG_FILE") != want || !slices.Contains(nested, "AWS_CONFIG_FILE=/copy/3") {
				t.Errorf("nested: %q", nested)
			}
		})
	}
}

// What the user sets has nothing to do with copies.
func TestOwnFileOutside(t *testing.T) {
	t.Parallel()
	environ := []string{"AWS_CONFIG_FILE=/mine", "ASSUME_ROLE_AWS_CONFIG_FILE=/other"}
	if got := OwnFile(environ, "AWS_CONFIG_FILE"); got != "/mine" {
		t.Errorf("%q", got)
	}
	if got := OwnFile(nil, "AWS_CONFIG_FILE"); got != "" {
		t.Errorf("%q", got)
	}
}
