package exec

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"assume-role/internal/creds"
)

// What Handover puts into an environment, InsideOf reads back.
func TestInsideIsWhatWasHandedOver(t *testing.T) {
	t.Parallel()
	ends := time.Date(2026, 11, 1, 6, 30, 0, 0, time.UTC)
	for name, tc := range map[string]struct {
		grant Grant
		want  Inside
	}{
		"a session": {
			Grant{
				Profile: "prod", AccountVariable: true, VaultVariable: true,
				Credentials: creds.Credentials{AccessKeyID: "ASIA1", SecretAccessKey: "s", SessionToken: "t", Expiration: ends, AccountID: "123456789012"},
			},
			Inside{Profile: "prod", AccountID: "123456789012", AccessKeyID: "ASIA1", Temporary: true, Expires: ends},
		},
		"long-lived keys": {
			Grant{Profile: "base", Credentials: creds.Credentials{AccessKeyID: "AKIA1", SecretAccessKey: "s"}},
			Inside{Profile: "base", AccessKeyID: "AKIA1"},
		},
		"an expiry in local time": {
			Grant{Profile: "p", Credentials: creds.Credentials{AccessKeyID: "A", SecretAccessKey: "s", SessionToken: "t", Expiration: ends.In(time.FixedZone("EST", -5*3600))}},
			Inside{Profile: "p", AccessKeyID: "A", Temporary: true, Expires: ends},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			caller := []string{"AWS_SESSION_TOKEN=outer", "AWS_CREDENTIAL_EXPIRATION=2020-01-01T00:00:00Z", "ASSUME_ROLE_PROFILE=outer"}
			got, ok := InsideOf(Handover(caller, tc.grant).Environ(caller))
			if diff := cmp.Diff(tc.want, got); diff != "" || !ok {
				t.Error(ok, diff)
			}
		})
	}
}

func TestInsideOfOddEnvironments(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		environ []string
		want    Inside
		in      bool
	}{
		"nothing":              {nil, Inside{}, false},
		"keys of another tool": {[]string{"AWS_ACCESS_KEY_ID=ASIA1", "AWS_VAULT=x"}, Inside{AccessKeyID: "ASIA1"}, false},
		"an empty marker":      {[]string{"ASSUME_ROLE_PROFILE="}, Inside{}, false},
		"the marker alone":     {[]string{"ASSUME_ROLE_PROFILE=p"}, Inside{Profile: "p"}, true},
		"no time": {
			[]string{"ASSUME_ROLE_PROFILE=p", "AWS_CREDENTIAL_EXPIRATION=soon", "AWS_SESSION_TOKEN=t"},
			Inside{Profile: "p", Temporary: true}, true,
		},
		"another zone": {
			[]string{"ASSUME_ROLE_PROFILE=p", "AWS_CREDENTIAL_EXPIRATION=2026-11-01T01:30:00-05:00"},
			Inside{Profile: "p", Expires: time.Date(2026, 11, 1, 6, 30, 0, 0, time.UTC)}, true,
		},
		"the first of two": {[]string{"ASSUME_ROLE_PROFILE=a", "ASSUME_ROLE_PROFILE=b"}, Inside{Profile: "a"}, true},
	} {
		got, in := InsideOf(tc.environ)
		if diff := cmp.Diff(tc.want, got); diff != "" || in != tc.in {
			t.Errorf("%s: %v %s", name, in, diff)
		}
	}
}

// A shell that has left its session is in none.
func TestLeftIsOutside(t *testing.T) {
	t.Parallel()
	caller := []string{"HOME=/home/a"}
	inside := Handover(caller, Grant{Profile: "p", Credentials: creds.Credentials{AccessKeyID: "A", SecretAccessKey: "s"}}).Environ(caller)
	if _, in := InsideOf(Leave(inside).Environ(inside)); in {
		t.Error("still inside")
	}
}
