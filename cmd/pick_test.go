package cmd

import (
	"slices"
	"testing"

	"assume-role/internal/creds"
	"assume-role/internal/profile"
)

// TestEndOfChain: what the list says of every kind of profile.
func TestEndOfChain(t *testing.T) {
	role := profile.Call{Kind: profile.AssumeRole, RoleARN: "arn:aws-cn:iam::123456789012:role/a/path/admin"}
	token := profile.Call{Kind: profile.SessionToken}
	for _, tc := range []struct {
		chain         profile.Chain
		account, role string
	}{
		{profile.Chain{Source: profile.Source{Kind: profile.Static}, Calls: []profile.Call{token, role}}, "123456789012", "admin"},
		{profile.Chain{Source: profile.Source{Kind: profile.Keyring}, Calls: []profile.Call{token}}, "", "keyring"},
		{profile.Chain{Source: profile.Source{Kind: profile.WebIdentity, Role: &role}}, "123456789012", "admin"},
		{profile.Chain{Source: profile.Source{Kind: profile.SSO, Settings: map[string]profile.Value{
			"sso_account_id": {Text: "210987654321"}, "sso_role_name": {Text: "ReadOnly"},
		}}}, "210987654321", "ReadOnly"},
		{profile.Chain{Source: profile.Source{Kind: profile.Static, Keys: creds.Credentials{AccountID: "210987654321"}}}, "210987654321", "static"},
		{profile.Chain{Source: profile.Source{Kind: profile.Process}}, "", "process"},
		{profile.Chain{Calls: []profile.Call{{RoleARN: "no ARN"}}}, "", "no ARN"},
	} {
		if account, role := endOfChain(&tc.chain); account != tc.account || role != tc.role {
			t.Errorf("%+v: %q, %q", tc.chain, account, role)
		}
	}
}

// TestMayPick: who is asked where no profile is given.
func TestMayPick(t *testing.T) {
	free := Settings{AgentVariables: []string{"AN_AGENT"}}
	never := free
	never.Prompt = "never"
	for name, tc := range map[string]struct {
		flags    credentialFlags
		settings Settings
		environ  []string
		want     bool
	}{
		"a person":               {credentialFlags{asks: true}, free, nil, true},
		"a command of programs":  {credentialFlags{}, free, nil, false},
		"a variable names one":   {credentialFlags{asks: true}, free, []string{"AWS_DEFAULT_PROFILE=dev"}, false},
		"inside a session":       {credentialFlags{asks: true}, free, []string{"ASSUME_ROLE_PROFILE=dev"}, false},
		"no prompts":             {credentialFlags{asks: true}, never, nil, false},
		"a job":                  {credentialFlags{asks: true}, free, []string{"CI=1"}, false},
		"an agent":               {credentialFlags{asks: true}, free, []string{"AN_AGENT=1"}, false},
		"a credential_process":   {credentialFlags{asks: true}, free, []string{profile.VariableResolving + "=dev"}, false},
		"--pick over a variable": {credentialFlags{asks: true, pick: true}, free, []string{"AWS_PROFILE=dev", "CI=1"}, true},
	} {
		a := newApp(Host{Environ: slices.Clone(tc.environ)})
		if got := a.mayPick(&tc.flags, tc.settings); got != tc.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
