package cmd

import (
	"strings"
	"testing"
	"time"

	"assume-role/internal/console"
	"assume-role/internal/profile"
)

// planned is a chain of a source and the kinds of its calls; chained ones begin
// with a +, conditional ones with a ?.
func planned(source profile.Source, calls ...string) *profile.Chain {
	chain := &profile.Chain{Profile: "p", Source: source, STS: profile.Endpoint{Partition: "aws"}}
	for _, kind := range calls {
		call := profile.Call{Chained: strings.HasPrefix(kind, "+"), Conditional: strings.HasPrefix(kind, "?")}
		call.Kind = profile.Kind(strings.TrimLeft(kind, "+?"))
		if call.Kind == profile.AssumeRole {
			call.RoleARN = "arn:aws-cn:iam::123456789012:role/x"
		}
		chain.Calls = append(chain.Calls, call)
	}
	return chain
}

// TestConsoleDuration is the table of what AWS lets a console's session last
// longer than the credentials.
func TestConsoleDuration(t *testing.T) {
	t.Parallel()
	keys, own := profile.Source{Kind: profile.Keyring}, &profile.Call{}
	for name, tc := range map[string]struct {
		chain *profile.Chain
		takes bool
		hint  string
	}{
		"a role of keys":           {planned(keys, "assume-role"), true, ""},
		"a role of a session":      {planned(keys, "session-token", "assume-role"), false, "--no-session-token"},
		"a role of a role":         {planned(keys, "assume-role", "+assume-role"), false, "leave it out"},
		"a chain with a session":   {planned(keys, "session-token", "assume-role", "+assume-role"), false, "leave it out"},
		"federated":                {planned(keys, "federation-token"), false, "--duration"},
		"a session":                {planned(keys, "?session-token"), false, "leave it out"},
		"SSO":                      {planned(profile.Source{Kind: profile.SSO}), true, ""},
		"a role over SSO":          {planned(profile.Source{Kind: profile.SSO}, "+assume-role"), false, "leave it out"},
		"web identity":             {planned(profile.Source{Kind: profile.WebIdentity, Role: own}), true, ""},
		"a role over web identity": {planned(profile.Source{Kind: profile.WebIdentity, Role: own}, "+assume-role"), false, "leave it out"},
		"SAML":                     {planned(profile.Source{Kind: profile.SAML, Role: own}), true, ""},
		"an instance's":            {planned(profile.Source{Kind: profile.EC2}), false, "leave it out"},
		"a task's":                 {planned(profile.Source{Kind: profile.Container}), false, "leave it out"},
		"a sign-in's":              {planned(profile.Source{Kind: profile.Login}), false, "leave it out"},
		"a program's":              {planned(profile.Source{Kind: profile.Process}), false, "leave it out"},
		"a role of a program's":    {planned(profile.Source{Kind: profile.Process}, "assume-role"), true, ""},
		"a session in a file":      {planned(profile.Source{Kind: profile.Static}), false, "leave it out"},
	} {
		var byDefault, given consolePlan
		if err := byDefault.last("", tc.chain); err != nil || byDefault.duration != map[bool]time.Duration{true: console.MaxDuration}[tc.takes] {
			t.Errorf("%s: %v %v", name, byDefault.duration, err)
		}
		err := given.last("1h", tc.chain)
		switch {
		case tc.takes && (err != nil || given.duration != time.Hour || !given.durationGiven):
			t.Errorf("%s: %v %v", name, given.duration, err)
		case !tc.takes && (err == nil || !strings.Contains(err.Error(), tc.hint)):
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestExpectedPartition(t *testing.T) {
	t.Parallel()
	if got := expectedPartition(planned(profile.Source{}, "assume-role")); got != "aws-cn" {
		t.Error(got)
	}
	if got := expectedPartition(planned(profile.Source{}, "session-token")); got != "aws" {
		t.Error(got)
	}
}

// TestConsoleRegion: no region of another partition gets into a link.
func TestConsoleRegion(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ region, sts, partition, want string }{
		{"eu-west-1", "aws", "aws", "eu-west-1"}, {"eu-west-1", "aws", "aws-cn", ""}, {"aws-global", "aws", "aws", ""}, {"", "aws", "aws", ""}, {"cn-north-1", "aws-cn", "aws-cn", "cn-north-1"},
	} {
		if got := consoleRegion(&profile.Chain{Region: tc.region, STS: profile.Endpoint{Partition: tc.sts}}, tc.partition); got != tc.want {
			t.Errorf("%+v: %q", tc, got)
		}
	}
}

// TestChromeFolder: each profile has a folder of its own, that every file
// system takes, and none that a browser made.
func TestChromeFolder(t *testing.T) {
	t.Parallel()
	seen := map[string]string{}
	for _, name := range []string{"prod", "Prod", "PROD", "a/b", "a-b", "a_b", "a b", "default", "Default", "..", "", "arn:aws:iam::123456789012:role/x", strings.Repeat("x", 40), strings.Repeat("x", 41), strings.Repeat("x", 300), "ünïcode"} {
		folder := chromeFolder(name)
		low := strings.ToLower(folder)
		if other, ok := seen[low]; ok {
			t.Errorf("%q and %q share %s", name, other, folder)
		}
		seen[low] = name
		if len(folder) > 64 || !strings.HasPrefix(folder, "aws-") || strings.ContainsAny(folder, "/\\:*?\"<>| %") || strings.HasPrefix(low, "profile ") {
			t.Errorf("%q: %s", name, folder)
		}
	}
	if chromeFolder("prod") != "aws-prod" {
		t.Error(chromeFolder("prod"))
	}
}
