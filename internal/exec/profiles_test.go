package exec

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"assume-role/internal/creds"
)

func made() []creds.Variable {
	return []creds.Variable{{Name: "AWS_CONFIG_FILE", Value: "/made/config"}, {Name: "AWS_SHARED_CREDENTIALS_FILE", Value: "/made/credentials"}}
}

func TestHandoverNamed(t *testing.T) {
	t.Parallel()
	caller := []string{
		"HOME=/h", "AWS_PROFILE=dev", "AWS_DEFAULT_PROFILE=gone", "AWS_CONFIG_FILE=/own/config", "AWS_REGION=eu-west-1",
		"AWS_ACCESS_KEY_ID=A", "AWS_SECRET_ACCESS_KEY=B", "AWS_SESSION_TOKEN=C", "AWS_CONTAINER_CREDENTIALS_FULL_URI=http://x", "AWS_ROLE_ARN=r",
		"ASSUME_ROLE_PROFILE=outer", "ASSUME_ROLE_KEYRING_FILE_PASSPHRASE=secret",
	}
	want := []string{
		"HOME=/h", "AWS_PROFILE=dev", "AWS_REGION=eu-west-1",
		"AWS_CONFIG_FILE=/made/config", "AWS_SHARED_CREDENTIALS_FILE=/made/credentials", "ASSUME_ROLE_AWS_CONFIG_FILE=/own/config", "AWS_SDK_LOAD_CONFIG=1",
		"ASSUME_ROLE_SET=AWS_CONFIG_FILE,AWS_SHARED_CREDENTIALS_FILE,ASSUME_ROLE_AWS_CONFIG_FILE,AWS_SDK_LOAD_CONFIG",
	}
	got := HandoverNamed(caller, Named{Files: made(), Profiles: []string{"dev", "prod"}}).Environ(caller)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// A session inside keeps none of it, and the user's own file comes back.
func TestLeaveNamed(t *testing.T) {
	t.Parallel()
	caller := []string{"AWS_CONFIG_FILE=/own/config", "AWS_SDK_LOAD_CONFIG=0", "AWS_REGION=eu-west-1"}
	inside := HandoverNamed(caller, Named{Files: made(), Profiles: []string{"dev"}}).Environ(caller)
	if got := Leave(inside).Environ(inside); !slices.Equal(sorted(got), sorted(caller)) {
		t.Errorf("got %q", got)
	}
	if got := OwnFile(inside, "AWS_CONFIG_FILE"); got != "/own/config" {
		t.Errorf("own file %q", got)
	}
}

func TestHandoverNamedRegion(t *testing.T) {
	t.Parallel()
	caller := []string{"AWS_REGION=eu-west-1", "AWS_PROFILE=dev"}
	got := HandoverNamed(caller, Named{Profiles: []string{"prod"}, Region: "us-east-2"}).Environ(caller)
	want := []string{"AWS_REGION=us-east-2", "AWS_DEFAULT_REGION=us-east-2", "AWS_SDK_LOAD_CONFIG=1", "ASSUME_ROLE_SET=AWS_REGION,AWS_DEFAULT_REGION,AWS_SDK_LOAD_CONFIG"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// AWS_PROFILE of an outer session is not the caller's own.
func TestHandoverNamedInside(t *testing.T) {
	t.Parallel()
	caller := []string{"AWS_PROFILE=dev", "AWS_VAULT=dev", "ASSUME_ROLE_SET=AWS_PROFILE,AWS_VAULT"}
	got := HandoverNamed(caller, Named{Profiles: []string{"dev"}}).Environ(caller)
	if diff := cmp.Diff([]string{"AWS_SDK_LOAD_CONFIG=1", "ASSUME_ROLE_SET=AWS_SDK_LOAD_CONFIG"}, got); diff != "" {
		t.Error(diff)
	}
}

// TestReading: what a session put in place of the user's files counts no more,
// whether or not its marks are still there.
func TestReading(t *testing.T) {
	t.Parallel()
	own := []creds.Variable{{Name: "AWS_CONFIG_FILE", Value: "/own/config"}, {Name: "AWS_SHARED_CREDENTIALS_FILE", Value: "/dev/null"}}
	caller := []string{"HOME=/h", "AWS_REGION=r"}
	inside := HandoverNamed(caller, Named{Files: made(), Region: "x"}).Environ(caller)
	for name, environ := range map[string][]string{"with marks": inside, "without": {"HOME=/h", "AWS_CONFIG_FILE=/made/config"}, "bare": {}} {
		reading := Reading(environ, own)
		for _, v := range own {
			if got := OwnFile(reading, v.Name); got != v.Value.Reveal() {
				t.Errorf("%s: %s is %q", name, v.Name, got)
			}
			if got := newEnvironment(Scrub(reading)).value(v.Name); got != v.Value.Reveal() {
				t.Errorf("%s: a helper's %s is %q", name, v.Name, got)
			}
		}
	}
	if got := newEnvironment(Reading(inside, own)).borrowed(); !slices.Equal(got, []string{"AWS_DEFAULT_REGION", "AWS_REGION", "AWS_SDK_LOAD_CONFIG"}) {
		t.Errorf("the session's other variables: %q", got)
	}
}

func sorted(list []string) []string {
	list = slices.Clone(list)
	slices.Sort(list)
	return list
}
