package revoke

import (
	"fmt"
	"strings"
	"testing"

	"assume-role/internal/profile"
)

func assumes(names ...string) []profile.Call {
	var calls []profile.Call
	for _, name := range names {
		if name == "session" {
			calls = append(calls, profile.Call{Kind: profile.SessionToken})
			continue
		}
		calls = append(calls, profile.Call{Kind: profile.AssumeRole, RoleARN: "arn:aws:iam::123456789012:role/" + name})
	}
	return calls
}

func web(role string) profile.Source {
	return profile.Source{Kind: profile.WebIdentity, Role: &profile.Call{RoleARN: role}}
}

func TestChainRoles(t *testing.T) {
	t.Parallel()
	static, token := profile.Source{Kind: profile.Static}, web("arn:aws:iam::123456789012:role/first")
	for _, tc := range []struct {
		source profile.Source
		calls  []profile.Call
		last   string
		all    string
	}{
		{static, assumes("a"), "a 0", "a 0"},
		{static, assumes("session", "a", "path/b"), "b 2", "b 2, a 1"},
		{static, assumes("a", "b", "a"), "a 2", "b 1, a 0"},
		{token, nil, "first -1", "first -1"},
		{token, assumes("a"), "a 0", "a 0, first -1"},
		{profile.Source{Kind: profile.SSO}, assumes("a"), "a 0", "a 0"},
	} {
		chain := &profile.Chain{Profile: "p", Source: tc.source, Calls: tc.calls}
		last, err := Last(chain)
		if got := fmt.Sprint(last.Role.Name, " ", last.Call); err != nil || got != tc.last {
			t.Errorf("the last of %+v: %s, %v", tc.calls, got, err)
		}
		steps, err := All(chain)
		var got []string
		for _, s := range steps {
			got = append(got, fmt.Sprint(s.Role.Name, " ", s.Call))
		}
		if joined := strings.Join(got, ", "); err != nil || joined != tc.all {
			t.Errorf("all of %+v: %s, %v", tc.calls, joined, err)
		}
	}
}

func TestChainsWithoutARole(t *testing.T) {
	t.Parallel()
	sso := profile.Source{Kind: profile.SSO, Settings: map[string]profile.Value{"sso_role_name": {Text: "Admins"}, "sso_account_id": {Text: "123456789012"}}}
	for _, tc := range []struct {
		source profile.Source
		calls  []profile.Call
		want   string
	}{
		{profile.Source{Kind: profile.Static}, nil, `no role is assumed at its end (static): end the sessions made with its keys: assume-role revoke p --user`},
		{profile.Source{Kind: profile.Keyring}, assumes("session"), `(session-token): end the sessions made with its keys: assume-role revoke p --user`},
		{profile.Source{Kind: profile.Process}, nil, "see with `assume-role whoami p` whose credentials it gives"},
		{profile.Source{Kind: profile.EC2}, nil, "assume-role revoke ROLE-ARN --using PROFILE"},
		{profile.Source{Kind: profile.SAML, Role: &profile.Call{}}, nil, "which role it gives shows only when it is asked"},
		{sso, nil, "the permission set Admins in account 123456789012 (AWSReservedSSO_Admins_…)"},
	} {
		chain := &profile.Chain{Profile: "p", Source: tc.source, Calls: tc.calls}
		if _, err := Last(chain); err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("the last of %s: %v", tc.source.Kind, err)
		}
		if _, err := All(chain); err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("all of %s: %v", tc.source.Kind, err)
		}
	}
}

func TestUsersKeys(t *testing.T) {
	t.Parallel()
	for kind, refused := range map[profile.Kind]bool{
		profile.Static: false, profile.Keyring: false, profile.Environment: false, profile.Process: false, profile.Login: false,
		profile.SSO: true, profile.EC2: true, profile.Container: true, profile.WebIdentity: true, profile.SAML: true,
	} {
		if err := UsersKeys(&profile.Chain{Source: profile.Source{Kind: kind}}); (err != nil) != refused {
			t.Errorf("%s: %v", kind, err)
		}
	}
}
