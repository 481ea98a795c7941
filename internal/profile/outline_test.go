package profile

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// checkOutlines holds an Outliner's answers to those of Resolve, whatever it
// was asked before.
func checkOutlines(t *testing.T, cfg *Config, env func(string) string) {
	t.Helper()
	names := append(cfg.Names(), "", "nobody", "arn:aws:iam::123456789012:role/x")
	for _, req := range fuzzRequests("") {
		req.Env = env
		o := NewOutliner(cfg, req)
		for _, name := range names {
			req.Profile = name
			got, err := o.Outline(name)
			if want := resolved(cfg, req); outlined(got, err) != want {
				t.Fatalf("profile %q: %s, and Resolve says %s", name, outlined(got, err), want)
			}
		}
	}
}

func resolved(cfg *Config, req Request) string {
	chain, err := Resolve(cfg, req)
	if err != nil {
		return outlined(Outline{}, err)
	}
	return outlined(chain.outline(), nil)
}

func outlined(o Outline, err error) string { return fmt.Sprintf("%s of %s, %v", o.Kind, o.Source, err) }

// TestOutlineIsResolves: profiles that are alike, or nearly.
func TestOutlineIsResolves(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		config := randomProfiles(random)
		cfg := inMemory(config, "[base]\naws_access_key_id = AKIA\naws_secret_access_key = s\n")
		if cfg == nil {
			t.Fatalf("the profiles do not load:\n%s", config)
		}
		checkOutlines(t, cfg, func(string) string { return "" })
		checkOutlines(t, cfg, func(name string) string { return variable(VariableResolving+"=p2", name) })
	}
}

// randomProfiles makes profiles that all have the same settings but for one or
// two of each.
func randomProfiles(random *rand.Rand) string {
	kind := random.IntN(2) // roles of base, or accounts of SSO
	var b strings.Builder
	b.WriteString("[sso-session s]\nsso_start_url = https://x.awsapps.com/start\nsso_region = eu-west-1\n")
	for _, name := range [...]string{"arn:aws:iam::123456789012:role/named", "p1", "p2", "p3", "pp4", "pp5", "pp6", "pp7", "default"} {
		fmt.Fprintf(&b, "[profile %s]\n", name)
		for _, choice := range [...][2][]string{
			{
				{"role_arn = arn:aws:iam::123456789012:role/a", "role_arn = arn:aws:iam::210987654321:role/b", "role_arn = arn:aws-cn:iam::210987654321:role/b", "role_arn = x", "role_arn = arn:aws:iam::1:role/b", ""},
				{"", "role_arn = arn:aws:iam::123456789012:role/a\nsource_profile = base"},
			},
			{
				{"source_profile = base", "source_profile = p1", "source_profile = pp4", "source_profile = pp5", "source_profile = gone", ""},
				{"", "source_profile = pp4", "source_profile = base"},
			},
			{
				{"", "sso_session = s\nsso_account_id = 123456789012\nsso_role_name = r", "aws_access_key_id = AKIA", "aws_access_key_id = AKIA\naws_secret_access_key = s"},
				{"sso_session = s\nsso_account_id = 123456789012\nsso_role_name = r", "sso_session = s\nsso_account_id = 12345678901\nsso_role_name = r", "sso_session = s\nsso_role_name = r", "sso_session = t\nsso_account_id = 123456789012\nsso_role_name = r", "sso_session = s"},
			},
			{
				{"", "mfa_serial = GAHT12345678", "mfa_serial = GAHT12345679", "mfa_serial = !", "sso_session = s"},
				{"", "sso_region = eu-west-1", "sso_region = eu-central-1", "sso_start_url = https://y.awsapps.com/start", "mfa_serial = GAHT12345678"},
			},
			{{"region = eu-west-1", "region = cn-north-1", "region = UP", ""}, {"region = eu-west-1", "region = cn-north-1", "region = UP", ""}},
			{{"", "duration_seconds = 7200", "duration_seconds = x", "role_session_name = me", "role_session_name = !", "external_id = id", "external_id = !"}, {"", "duration_seconds = 900", "external_id = id", "role_session_name = !"}},
			{{"", "output = json", "credential_source = Environment", "session_token = always", "policy_arns = arn:aws:iam::123456789012:policy/p", "include_profile = p1"}, {"output = json", "credential_process = x", "include_profile = pp4"}},
		} {
			b.WriteString(mostlyFirst(random, choice[kind]) + "\n")
		}
	}
	return b.String()
}

// mostlyFirst chooses a value, the first one five times of six.
func mostlyFirst(random *rand.Rand, values []string) string {
	if random.IntN(6) > 0 {
		return values[0]
	}
	return values[random.IntN(len(values))]
}

// TestOutlineOfAStoredKey: the key store tells two profiles apart that are alike
// in the files.
func TestOutlineOfAStoredKey(t *testing.T) {
	t.Parallel()
	cfg := inMemory("[profile a]\nregion = eu-west-1\n[profile b]\nregion = eu-west-1\n", "")
	o := NewOutliner(cfg, Request{StoredKey: func(name string) (string, bool) { return "AKIA", name == "a" }})
	if got, err := o.Outline("a"); err != nil || got.Kind != Keyring {
		t.Errorf("with a key: %+v, %v", got, err)
	}
	if got, err := o.Outline("b"); err == nil {
		t.Errorf("without one: %+v", got)
	}
}

// TestOutlinerResolvesOnce: profiles that are alike cost one chain.
func TestOutlinerResolvesOnce(t *testing.T) {
	t.Parallel()
	var config strings.Builder
	for i := range 40 {
		fmt.Fprintf(&config, "[profile p%d]\nrole_arn = arn:aws:iam::%012d:role/r%d\nsource_profile = base\n", i, i, i)
		fmt.Fprintf(&config, "[profile s%d]\nsso_account_id = %012d\nsso_role_name = r\nsso_start_url = https://x.awsapps.com/start\nsso_region = eu-west-1\n", i, i)
	}
	cfg := inMemory(config.String(), "[base]\naws_access_key_id = AKIA\naws_secret_access_key = s\n")
	o := NewOutliner(cfg, Request{})
	for _, name := range cfg.Names() {
		if _, err := o.Outline(name); err != nil {
			t.Fatal(err)
		}
	}
	if len(o.seen) != 2 {
		t.Errorf("%d chains were resolved for two kinds of profiles", len(o.seen))
	}
}
