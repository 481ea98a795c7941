//go:build unix

package assume

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"assume-role/internal/awsfake"
	"assume-role/internal/fault"
	"assume-role/internal/profile"
)

// samlWorld is a world with an identity provider, whose program prints the
// assertion in a file and counts its runs in another.
type samlWorld struct {
	*world
	file, runs string
}

func newSAMLWorld(t *testing.T) *samlWorld {
	w := &samlWorld{world: newWorld(t), file: filepath.Join(t.TempDir(), "assertion")}
	w.runs = w.file + ".runs"
	w.options.Choose = func(context.Context, string, []string) (int, error) {
		return 0, errors.New("there is no terminal")
	}
	w.options.Program.Environ = os.Environ()
	return w
}

// issues has the provider issue an assertion for the roles.
func (w *samlWorld) issues(roles ...string) {
	w.issue(awsfake.SAMLAssertion{SessionName: "alice", Provider: samlProvider, Roles: roles})
}

func (w *samlWorld) issue(a awsfake.SAMLAssertion) {
	w.Helper()
	if err := os.WriteFile(w.file, []byte(w.aws.AddSAMLAssertion(a).Reveal()), 0o600); err != nil {
		w.Fatal(err)
	}
}

func (w *samlWorld) role(name string) string {
	return w.aws.AddRole(awsfake.Role{Name: name, Principals: []string{samlProvider}, MaxDuration: 12 * time.Hour})
}

// chain is a plan from the program's assertion; the role and the provider may
// be empty.
func (w *samlWorld) chain(role, provider string) *profile.Chain {
	at := func(line int) fault.Origin { return fault.Origin{Path: "~/.aws/config", Line: line} }
	s := profile.Source{
		Kind: profile.SAML, Profile: "dev", Origin: at(3),
		Settings: map[string]profile.Value{"saml_process": {Text: "echo ran >> " + w.runs + "; cat " + w.file, Origin: at(3)}},
		Role:     &profile.Call{Kind: profile.SAML, Profile: "dev", RoleARN: role, Duration: time.Hour, Settings: map[string]fault.Origin{}},
	}
	if role != "" {
		s.Role.Settings["role_arn"] = at(2)
	}
	if provider != "" {
		s.Settings["saml_principal_arn"] = profile.Value{Text: provider, Origin: at(4)}
	}
	return &profile.Chain{Profile: "dev", Source: s, STS: profile.Endpoint{Region: "eu-west-1", Partition: "aws", URL: w.aws.URL()}}
}

// ran checks how often the program ran and AWS was asked.
func (w *samlWorld) ran(want int) {
	w.Helper()
	marks, _ := os.ReadFile(w.runs)
	if runs, calls := strings.Count(string(marks), "\n"), w.aws.Count("AssumeRoleWithSAML"); runs != want || calls != want {
		w.Errorf("%d runs and %d calls, want %d", runs, calls, want)
	}
}

func TestSAMLSession(t *testing.T) {
	t.Parallel()
	w := newSAMLWorld(t)
	role := w.role("staff")
	w.issues(role)
	for _, chain := range []*profile.Chain{w.chain(role, samlProvider), w.chain(role, ""), w.chain("", samlProvider), w.chain("", "")} {
		c := w.get(chain)
		if c.ARN != "arn:aws:sts::123456789012:assumed-role/staff/alice" || c.AccountID != "123456789012" || c.Expiration.IsZero() {
			t.Errorf("got %+v", c)
		}
		if again := w.get(chain); again.AccessKeyID != c.AccessKeyID {
			t.Error("the session was not kept")
		}
	}
	w.ran(4)
	for _, call := range w.aws.Calls() {
		if call.AccessKeyID != "" || call.Params["PrincipalArn"] != samlProvider || call.Params["DurationSeconds"] != "3600" {
			t.Errorf("sent %+v", call)
		}
	}
}

// What shapes the session is sent, and none serves in place of another.
func TestSAMLSessionsDiffer(t *testing.T) {
	t.Parallel()
	w := newSAMLWorld(t)
	role := w.role("staff")
	w.issues(role, w.role("other"))
	changes := []func(*profile.Chain){
		func(*profile.Chain) {},
		func(c *profile.Chain) { c.Source.Role.Duration = 2 * time.Hour },
		func(c *profile.Chain) { c.Source.Role.Policy = `{"Version":"2012-10-17","Statement":[]}` },
		func(c *profile.Chain) { c.Source.Role.PolicyARNs = []string{"arn:aws:iam::aws:policy/ReadOnlyAccess"} },
		func(c *profile.Chain) {
			c.Source.Settings["saml_process"] = profile.Value{Text: "true; " + c.Source.Settings["saml_process"].Text}
		},
		func(c *profile.Chain) {
			c.Source.Settings["saml_principal_arn"] = profile.Value{Text: samlProvider}
		},
		func(c *profile.Chain) { c.STS.URL = strings.Replace(c.STS.URL, "127.0.0.1", "localhost", 1) },
	}
	seen := map[string]bool{}
	for i, change := range changes {
		chain := w.chain(role, "")
		change(chain)
		c := w.get(chain)
		if seen[c.AccessKeyID] {
			t.Errorf("change %d: an old session was used", i)
		}
		seen[c.AccessKeyID] = true
	}
	w.ran(len(changes))
	if p := w.aws.Calls()[2].Params; p["Policy"] == "" {
		t.Errorf("sent %v", p)
	}
	if p := w.aws.Calls()[3].Params; p["PolicyArns.member.1.arn"] == "" {
		t.Errorf("sent %v", p)
	}
}

// A person chooses once for the profile; another profile's choice is its own.
func TestSAMLRoleIsChosen(t *testing.T) {
	t.Parallel()
	w := newSAMLWorld(t)
	b, a := w.role("b"), w.role("a")
	w.issues(b, a)
	asked := 0
	w.options.Choose = func(_ context.Context, question string, choices []string) (int, error) {
		asked++
		if !strings.Contains(question, `"dev"`) || len(choices) != 2 || choices[0] != a || choices[1] != b {
			t.Errorf("asked %q of %q", question, choices)
		}
		return 1, nil
	}
	for range 2 {
		if c := w.get(w.chain("", "")); !strings.Contains(c.ARN, "assumed-role/b/") {
			t.Errorf("got %s", c.ARN)
		}
	}
	if asked != 1 || !strings.Contains(w.debug.String(), "role/b was chosen") {
		t.Errorf("asked %d times: %s", asked, w.debug)
	}
	other := w.chain("", "")
	other.Source.Profile = "other"
	w.options.Choose = func(context.Context, string, []string) (int, error) { return 0, nil }
	if c := w.get(other); !strings.Contains(c.ARN, "assumed-role/a/") {
		t.Errorf("the other profile got %s", c.ARN)
	}
	w.options.Choose = func(context.Context, string, []string) (int, error) { return 0, fault.ErrInterrupted }
	w.options.Policy.Refresh = true
	if _, err := New(w.options).Credentials(t.Context(), w.chain("", "")); !errors.Is(err, fault.ErrInterrupted) {
		t.Errorf("Ctrl-C is %v", err)
	}
}

func TestSAMLRoleIsNotThere(t *testing.T) {
	t.Parallel()
	w := newSAMLWorld(t)
	a, b := w.role("a"), w.role("b")
	w.issues(b, a)
	w.fails(w.chain("", ""), "offers 2 roles, and none is chosen: "+a+", "+b, "config:3", "set role_arn")
	w.fails(w.chain(a+"2", ""), "is not for "+a+"2", "it offers "+a+", "+b, "config:2")
	w.fails(w.chain(a, samlProvider+"2"), "is not for "+a+" through "+samlProvider+"2", "config:2")
	w.issues()
	w.fails(w.chain("", ""), "offers no role", roleAttribute)
	w.fails(w.chain(a, ""), "offers no role", "saml_principal_arn")
	if n := w.aws.Count(""); n != 0 {
		t.Errorf("%d calls were made", n)
	}
	w.issue(awsfake.SAMLAssertion{SessionName: "alice", Provider: samlProvider, Roles: []string{a}, Encrypted: true})
	w.get(w.chain(a, samlProvider)) // what nobody can read is sent as the profile has it
}

// One role through two providers is told apart by them.
func TestSAMLProvidersAreShown(t *testing.T) {
	t.Parallel()
	pairs := []profile.RolePair{{Role: "a", Provider: "x"}, {Role: "a", Provider: "y"}, {Role: "b", Provider: "x"}}
	if got := listed(pairs); got != "a through x, a through y, b" {
		t.Errorf("got %q", got)
	}
	for range 30 {
		pairs = append(pairs, profile.RolePair{Role: "r", Provider: "x"})
	}
	if got := listed(pairs); !strings.HasSuffix(got, "and 13 more") || strings.Count(got, ",") != mostListed {
		t.Errorf("got %q", got)
	}
}

func TestSAMLRoleOfAnotherPartition(t *testing.T) {
	t.Parallel()
	w := newSAMLWorld(t)
	w.issues("arn:aws-cn:iam::123456789012:role/a")
	chain := w.chain("", "")
	chain.STS.URL = ""
	w.fails(chain, "aws-cn", "eu-west-1", "region of aws-cn")
	w.issue(awsfake.SAMLAssertion{SessionName: "a", Roles: []string{"arn:aws-cn:iam::123456789012:role/a", "arn:aws-cn:iam::123456789012:role/b"}, Provider: samlProvider})
	w.options.Choose = func(context.Context, string, []string) (int, error) { return 1, nil }
	w.fails(chain, "role/b", "aws-cn")
}

func TestSAMLProcessFails(t *testing.T) {
	t.Parallel()
	w := newSAMLWorld(t)
	for _, tc := range []struct{ line, want string }{
		{"exit 3", "saml_process failed: exit status 3"},
		{"echo secret-word", "saml_process did not print base64"},
		{"true", "saml_process printed nothing"},
		{"yes | head -c 2000000", "saml_process failed: it printed too much"},
	} {
		chain := w.chain("", "")
		chain.Source.Settings["saml_process"] = profile.Value{Text: tc.line}
		err := w.fails(chain, tc.want, "config:3", "run it by hand")
		if strings.Contains(err.Error(), "secret-word") {
			t.Errorf("it quotes the program: %v", err)
		}
	}
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := New(w.options).Credentials(cancelled, w.chain("", "")); !errors.Is(err, fault.ErrInterrupted) {
		t.Errorf("Ctrl-C is %v", err)
	}
}

// The program learns what is being resolved, so that this tool in it ends.
func TestSAMLProcessKnowsWhatIsResolved(t *testing.T) {
	t.Parallel()
	w := newSAMLWorld(t)
	role := w.role("staff")
	w.issues(role)
	chain := w.chain(role, "")
	line := `test "$` + profile.VariableResolving + `" = dev && ` + chain.Source.Settings["saml_process"].Text
	chain.Source.Settings["saml_process"] = profile.Value{Text: line}
	w.get(chain)
}

// A session that the assertion ends early is handed out, and said where the
// duration was asked for.
func TestSAMLSessionIsCut(t *testing.T) {
	t.Parallel()
	w := newSAMLWorld(t)
	role := w.role("staff")
	w.issue(awsfake.SAMLAssertion{SessionName: "alice", Provider: samlProvider, Roles: []string{role}, SessionNotOnOrAfter: w.aws.Now().Add(30 * time.Minute)})
	if left := time.Until(w.get(w.chain(role, "")).Expiration); left > 30*time.Minute || w.notes.String() != "" {
		t.Errorf("%s left, said %q", left, w.notes)
	}
	chain := w.chain(role, "")
	chain.Source.Role.DurationGiven, chain.Source.Role.Duration = true, 2*time.Hour
	w.get(chain)
	if !strings.Contains(w.notes.String(), "SessionNotOnOrAfter") {
		t.Errorf("said %q", w.notes)
	}
}

// A role on top is signed by the SAML session, and where that was revoked it
// is made anew.
func TestSAMLSessionSigns(t *testing.T) {
	t.Parallel()
	w := newSAMLWorld(t)
	role := w.role("staff")
	w.issues(role)
	chain := w.chain(role, "")
	chain.Calls = []profile.Call{{Kind: profile.AssumeRole, Profile: "top", Duration: time.Hour, Chained: true, RoleARN: w.aws.AddRole(awsfake.Role{Name: "top", Principals: []string{role}})}}
	first := w.get(chain)
	if !strings.Contains(first.ARN, "assumed-role/top/") {
		t.Errorf("got %s", first.ARN)
	}
	w.options.Policy.Refresh = true
	w.get(chain)
	w.options.Policy.Refresh = false
	w.get(chain)
	w.ran(2)
}

// AWS's errors about assertions, as the fake and the IAM User Guide have them.
func TestSAMLErrors(t *testing.T) {
	t.Parallel()
	w := newSAMLWorld(t)
	role, closed := w.role("staff"), w.aws.AddRole(awsfake.Role{Name: "closed", Principals: []string{"else"}})
	good := awsfake.SAMLAssertion{SessionName: "alice", Provider: samlProvider, Roles: []string{role, closed}}
	with := func(change func(*awsfake.SAMLAssertion)) awsfake.SAMLAssertion {
		a := good
		change(&a)
		return a
	}
	for _, tc := range []struct {
		assertion awsfake.SAMLAssertion
		role      string
		words     []string
	}{
		{with(func(a *awsfake.SAMLAssertion) { a.SessionName = "" }), role, []string{"RoleSessionName, 2 to 64"}},
		{with(func(a *awsfake.SAMLAssertion) { a.StaleKey = true }), role, []string{"update-saml-provider"}},
		{with(func(a *awsfake.SAMLAssertion) { a.Audience = "x" }), role, []string{"not for AWS", "https://signin.aws.amazon.com/saml"}},
		{good, closed, []string{"trust policy", "sts:AssumeRoleWithSAML", "NameID", "role/closed"}},
	} {
		w.issue(tc.assertion)
		w.fails(w.chain(tc.role, ""), append(tc.words, "config:2", "AssumeRoleWithSAML of")...)
	}
	w.issue(good)
	w.aws.Advance(6 * time.Minute)
	w.fails(w.chain(role, ""), "the assertion has expired", "5 minutes")
}

// An assertion is as good as credentials: it does not go out in plain text.
func TestSAMLAssertionIsNotSentInPlainText(t *testing.T) {
	t.Parallel()
	w := newSAMLWorld(t)
	role := w.role("staff")
	w.issues(role)
	chain := w.chain(role, "")
	chain.STS.URL = "http://192.0.2.1"
	w.fails(chain, "192.0.2.1", "endpoints.trusted")
}
