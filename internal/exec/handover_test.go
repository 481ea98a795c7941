package exec

import (
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"assume-role/internal/creds"
)

func temporary() creds.Credentials {
	return creds.Credentials{
		AccessKeyID: "ASIAEXAMPLE", SecretAccessKey: "secret", SessionToken: "token", AccountID: "123456789012",
		Expiration: time.Date(2030, 1, 2, 3, 4, 5, 678_000_000, time.FixedZone("", 3600)),
	}
}

func grant() Grant {
	return Grant{Credentials: temporary(), Profile: "dev", Region: "eu-west-1", AccountVariable: true, VaultVariable: true}
}

// lines returns what is set as NAME=VALUE.
func lines(set []creds.Variable) []string {
	var list []string
	for _, v := range set {
		list = append(list, v.Name+"="+v.Value.Reveal())
	}
	return list
}

// full is what a plain grant sets, in order.
func full() []string {
	return []string{
		"AWS_ACCESS_KEY_ID=ASIAEXAMPLE", "AWS_SECRET_ACCESS_KEY=secret", "AWS_SESSION_TOKEN=token",
		"AWS_CREDENTIAL_EXPIRATION=2030-01-02T02:04:05Z", "AWS_REGION=eu-west-1", "AWS_DEFAULT_REGION=eu-west-1",
		"AWS_ACCOUNT_ID=123456789012", "ASSUME_ROLE_PROFILE=dev", "AWS_VAULT=dev",
		"ASSUME_ROLE_SET=AWS_ACCESS_KEY_ID,AWS_SECRET_ACCESS_KEY,AWS_SESSION_TOKEN,AWS_CREDENTIAL_EXPIRATION,AWS_REGION,AWS_DEFAULT_REGION,AWS_ACCOUNT_ID,ASSUME_ROLE_PROFILE,AWS_VAULT",
	}
}

func TestHandoverSets(t *testing.T) {
	t.Parallel()
	if diff := cmp.Diff(full(), lines(Handover(nil, grant()).Set)); diff != "" {
		t.Error(diff)
	}
}

// TestHandoverRemoves has one case for each variable that must not reach a
// child, each in an environment of its own.
func TestHandoverRemoves(t *testing.T) {
	t.Parallel()
	removed := strings.Fields(`AWS_PROFILE AWS_DEFAULT_PROFILE AWS_ACCESS_KEY AWS_SECRET_KEY AWS_CREDENTIAL_FILE
		AWS_SECURITY_TOKEN AWS_SESSION_EXPIRATION AWS_WEB_IDENTITY_TOKEN_FILE AWS_ROLE_ARN AWS_ROLE_SESSION_NAME
		AWS_IAM_ROLE_ARN AWS_IAM_ROLE_SESSION_NAME AWS_CONTAINER_CREDENTIALS_RELATIVE_URI AWS_CONTAINER_CREDENTIALS_FULL_URI
		AWS_CONTAINER_AUTHORIZATION_TOKEN AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE`)
	slices.Sort(removed)
	for _, name := range removed {
		caller := []string{"A=1", name + "=x", "B=2", name + "=y"}
		want := append([]string{"A=1", "B=2"}, full()...)
		if diff := cmp.Diff(want, Handover(caller, grant()).Environ(caller)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	if diff := cmp.Diff(removed, Handover(nil, grant()).Unset); diff != "" {
		t.Error(diff)
	}
}

// TestLongLivedKeys: a stale token or expiry beside long-lived keys would make
// every call fail.
func TestLongLivedKeys(t *testing.T) {
	t.Parallel()
	g := Grant{Credentials: creds.Credentials{AccessKeyID: "AKIAEXAMPLE", SecretAccessKey: "secret"}, Profile: "keys"}
	caller := []string{"AWS_SESSION_TOKEN=stale", "AWS_CREDENTIAL_EXPIRATION=2001-01-01T00:00:00Z", "AWS_ACCOUNT_ID=999", "AWS_REGION="}
	c := Handover(caller, g)
	want := []string{
		"AWS_REGION=", "AWS_ACCESS_KEY_ID=AKIAEXAMPLE", "AWS_SECRET_ACCESS_KEY=secret", "ASSUME_ROLE_PROFILE=keys",
		"ASSUME_ROLE_SET=AWS_ACCESS_KEY_ID,AWS_SECRET_ACCESS_KEY,ASSUME_ROLE_PROFILE",
	}
	if diff := cmp.Diff(want, c.Environ(caller)); diff != "" {
		t.Error(diff)
	}
	for _, name := range []string{"AWS_SESSION_TOKEN", "AWS_CREDENTIAL_EXPIRATION", "AWS_ACCOUNT_ID"} {
		if !slices.Contains(c.Unset, name) {
			t.Errorf("a shell would keep %s", name)
		}
	}
}

func TestOwnSecretsReachNoProgram(t *testing.T) {
	t.Parallel()
	caller := []string{"ASSUME_ROLE_KEYRING_FILE_PASSPHRASE=p", "ASSUME_ROLE_KEYRING_FILE_NEW_PASSPHRASE=n", "ASSUME_ROLE_MFA_TOKEN=123456", "ASSUME_ROLE_MFA_SECRET=s", "ASSUME_ROLE_KEYRING_BACKEND=file", "AWS_PROFILE=x"}
	if diff := cmp.Diff([]string{"ASSUME_ROLE_KEYRING_BACKEND=file", "AWS_PROFILE=x"}, Scrub(caller)); diff != "" {
		t.Error(diff)
	}
	c := Handover(caller, grant())
	if diff := cmp.Diff(append([]string{"ASSUME_ROLE_KEYRING_BACKEND=file"}, full()...), c.Environ(caller)); diff != "" {
		t.Error(diff)
	}
	if slices.ContainsFunc(c.Unset, func(s string) bool { return strings.HasPrefix(s, "ASSUME_ROLE_") }) {
		t.Error("the user's own shell would lose its pass-phrase")
	}
	if diff := cmp.Diff([]string{"ASSUME_ROLE_KEYRING_BACKEND=file", "AWS_PROFILE=x"}, Leave(caller).Environ(caller)); diff != "" {
		t.Error(diff)
	}
}

// TestChildSettings: a profile's setting is set where the caller itself sets
// none; an outer session's is not the caller's.
func TestChildSettings(t *testing.T) {
	t.Parallel()
	g := grant()
	g.Child = []creds.Variable{{Name: "AWS_CA_BUNDLE", Value: "/ca"}, {Name: "AWS_ENDPOINT_URL", Value: "http://new"}, {Name: "AWS_MAX_ATTEMPTS", Value: ""}, {Name: "AWS_RETRY_MODE", Value: "standard"}}
	caller := []string{"AWS_CA_BUNDLE=/mine", "AWS_RETRY_MODE=", "AWS_ENDPOINT_URL=http://outer", "AWS_USE_FIPS_ENDPOINT=true", "ASSUME_ROLE_SET=AWS_ENDPOINT_URL,AWS_USE_FIPS_ENDPOINT"}
	got := Handover(caller, g).Environ(caller)
	want := slices.Concat([]string{"AWS_CA_BUNDLE=/mine"}, full()[:9],
		[]string{"AWS_ENDPOINT_URL=http://new", "AWS_RETRY_MODE=standard", full()[9] + ",AWS_ENDPOINT_URL,AWS_RETRY_MODE"})
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestAccountVariable(t *testing.T) {
	t.Parallel()
	known, unknown := temporary(), temporary()
	unknown.AccountID = ""
	for _, tc := range []struct {
		name, caller string
		creds        creds.Credentials
		on           bool
		want, note   string
	}{
		{"set", "", known, true, "123456789012", ""},
		{"the same", "AWS_ACCOUNT_ID=123456789012", known, true, "123456789012", ""},
		{"another", "AWS_ACCOUNT_ID=999999999999", known, true, "123456789012", `"999999999999" and is replaced with 123456789012`},
		{"another, unknown now", "AWS_ACCOUNT_ID=999999999999", unknown, true, "", "is removed"},
		{"off", "", known, false, "", ""},
		{"off, the same", "AWS_ACCOUNT_ID=123456789012", known, false, "123456789012", ""},
		{"off, another", "AWS_ACCOUNT_ID=999999999999", known, false, "", "is removed"},
		{"odd text", "AWS_ACCOUNT_ID=\x1b[2J\n", known, true, "123456789012", `"\x1b[2J\n"`},
	} {
		g := grant()
		g.Credentials, g.AccountVariable = tc.creds, tc.on
		c := Handover([]string{tc.caller}, g)
		child := newEnvironment(c.Environ([]string{tc.caller}))
		if got := child.value("AWS_ACCOUNT_ID"); got != tc.want {
			t.Errorf("%s: AWS_ACCOUNT_ID=%q", tc.name, got)
		}
		notes := strings.Join(c.Notes, "\n")
		if (notes == "") != (tc.note == "") || !strings.Contains(notes, tc.note) || strings.ContainsAny(notes, "\n\x1b") {
			t.Errorf("%s: notes %q", tc.name, notes)
		}
	}
}

func TestVaultVariable(t *testing.T) {
	t.Parallel()
	g := grant()
	g.VaultVariable = false
	caller := []string{"AWS_VAULT=mine"}
	if got := newEnvironment(Handover(caller, g).Environ(caller)).value("AWS_VAULT"); got != "mine" {
		t.Errorf("AWS_VAULT=%q", got)
	}
}

// TestNested: inside a session, another one starts from what the caller had.
func TestNested(t *testing.T) {
	t.Parallel()
	mine := []string{"HOME=/h", "AWS_REGION=eu-west-1", "AWS_PAGER="}
	a := grant()
	a.Child = []creds.Variable{{Name: "AWS_ENDPOINT_URL_S3", Value: "http://s3"}}
	inside := Handover(mine, a).Environ(mine)
	b := Grant{Credentials: creds.Credentials{AccessKeyID: "AKIAB", SecretAccessKey: "b"}, Profile: "b"}
	c := Handover(inside, b)
	want := []string{"HOME=/h", "AWS_REGION=eu-west-1", "AWS_PAGER=", "AWS_ACCESS_KEY_ID=AKIAB", "AWS_SECRET_ACCESS_KEY=b", "ASSUME_ROLE_PROFILE=b",
		"ASSUME_ROLE_SET=AWS_ACCESS_KEY_ID,AWS_SECRET_ACCESS_KEY,ASSUME_ROLE_PROFILE"}
	got := c.Environ(inside)
	slices.Sort(got)
	slices.Sort(want)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if len(c.Notes) > 0 {
		t.Errorf("the outer session's account is no concern of the user's: %q", c.Notes)
	}
}

// TestAgain: a session that is renewed inside itself still knows what it set.
func TestAgain(t *testing.T) {
	t.Parallel()
	once := Handover(nil, grant()).Environ(nil)
	if diff := cmp.Diff(once, Handover(once, grant()).Environ(once)); diff != "" {
		t.Error(diff)
	}
}

// TestLeave: what a session set goes, what was the caller's stays.
func TestLeave(t *testing.T) {
	t.Parallel()
	mine := []string{"AWS_REGION=eu-west-1", "AWS_CA_BUNDLE=/mine", "OTHER=1"}
	g := grant()
	g.Child = []creds.Variable{{Name: "AWS_MAX_ATTEMPTS", Value: "5"}}
	inside := Handover(mine, g).Environ(mine)
	left := Leave(inside)
	slices.Sort(mine)
	got := left.Environ(inside)
	slices.Sort(got)
	if diff := cmp.Diff(mine, got); diff != "" {
		t.Error(diff)
	}
	if len(left.Set) > 0 || !slices.IsSorted(left.Unset) {
		t.Errorf("%+v", left)
	}
	if outside := Leave(nil).Unset; !slices.Contains(outside, "AWS_ACCESS_KEY_ID") || slices.Contains(outside, "AWS_REGION") {
		t.Errorf("outside a session: %q", outside)
	}
}

// TestHostileMarker: ASSUME_ROLE_SET is the environment's, so anything may be
// in it, and its names are printed for a shell to run.
func TestHostileMarker(t *testing.T) {
	t.Parallel()
	caller := []string{"PATH=/bin", "HOME=/h", "LD_PRELOAD=x", "ASSUME_ROLE_KEYRING_BACKEND=file", "AWS_OK=1",
		"ASSUME_ROLE_SET=PATH,HOME, AWS_X,LD_PRELOAD,ASSUME_ROLE_KEYRING_BACKEND,AWS_;touch PWNED,AWS_$(id),AWS_é,aws_x,,AWS_OK,AWS_OK,AWS_A B"}
	if diff := cmp.Diff([]string{"AWS_OK"}, newEnvironment(caller).borrowed()); diff != "" {
		t.Error(diff)
	}
	want := []string{"PATH=/bin", "HOME=/h", "LD_PRELOAD=x", "ASSUME_ROLE_KEYRING_BACKEND=file"}
	if diff := cmp.Diff(want, Leave(caller).Environ(caller)); diff != "" {
		t.Error(diff)
	}
}

// TestEnvironUntouched: what is not ours keeps its bytes and its order.
func TestEnvironUntouched(t *testing.T) {
	t.Parallel()
	odd := []string{"B=2", "A=1", "", "novalue", "=x", "=C:=C:\\dir", "weird.name=x", "NL=a\nb\n", "A=again", "ÜNÍ=ç", "BAD=\xff", "E=", "E==", "AWS_PROFILES=x"}
	if runtime.GOOS != "windows" {
		odd = append(odd, "aws_profile=lower")
	}
	c := Changes{Unset: []string{"AWS_PROFILE"}, Set: []creds.Variable{{Name: "AWS_Z", Value: "1"}, {Name: "AWS_Y", Value: "2"}}}
	got := c.Environ(slices.Insert(slices.Clone(odd), 3, "AWS_PROFILE=x", "AWS_Z=old", "AWS_PROFILE="))
	if diff := cmp.Diff(append(slices.Clone(odd), "AWS_Z=1", "AWS_Y=2"), got); diff != "" {
		t.Error(diff)
	}
}

// TestFoldedNames: Windows' names have no case.
func TestFoldedNames(t *testing.T) {
	t.Parallel()
	env := environment{entries: []string{"=C:=C:\\dir", "Aws_Profile=x", "Path=p"}, fold: true}
	if got := env.value("PATH"); got != "p" {
		t.Errorf("Path is %q", got)
	}
	if diff := cmp.Diff([]string{"=C:=C:\\dir", "Path=p"}, env.remove([]string{"AWS_PROFILE"})); diff != "" {
		t.Error(diff)
	}
}

func TestShell(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		goos, want string
		env        []string
	}{
		{"linux", "/bin/zsh", []string{"SHELL=/bin/zsh", "COMSPEC=x"}},
		{"linux", "/bin/sh", []string{"SHELL=", "shell=x"}},
		{"darwin", "/bin/sh", nil},
		{"windows", `C:\cmd.exe`, []string{"SHELL=/usr/bin/bash", `ComSpec=C:\cmd.exe`}},
		{"windows", "cmd.exe", nil},
	} {
		if got := Shell(tc.env, tc.goos); got != tc.want {
			t.Errorf("%s %q: %q", tc.goos, tc.env, got)
		}
	}
}

// FuzzEnviron holds, for any environment, that a child has exactly what is
// set, nothing of what is removed, and all else as it was.
func FuzzEnviron(f *testing.F) {
	f.Add("A=1\x00AWS_PROFILE=x\x00AWS_ACCESS_KEY_ID=old", "AWS_Q")
	f.Add("=\x00==\x00\x00AWS_ACCOUNT_ID=9\x00ASSUME_ROLE_SET=AWS_A,AWS_B\x00AWS_A=1", "AWS_A")
	f.Add("ASSUME_ROLE_SET=PATH\x00PATH=/bin\x00AWS_VAULT", "AWS_RETRY_MODE")
	f.Fuzz(func(t *testing.T, joined, child string) {
		if !settable(child) {
			t.Skip("no variable of the tool")
		}
		caller := strings.Split(joined, "\x00")
		g := grant()
		g.Child = []creds.Variable{{Name: child, Value: "v"}}
		c := Handover(caller, g)
		got := c.Environ(caller)
		kept := len(got) - len(c.Set)
		if diff := cmp.Diff(lines(c.Set), got[kept:]); diff != "" {
			t.Error(diff)
		}
		touched := func(entry string) bool {
			name := nameOf(entry)
			return slices.Contains(c.Unset, name) || slices.Contains(ownSecrets(), name) ||
				slices.ContainsFunc(c.Set, func(v creds.Variable) bool { return v.Name == name })
		}
		if diff := cmp.Diff(slices.DeleteFunc(slices.Clone(caller), touched), got[:kept]); diff != "" && kept > 0 {
			t.Error(diff)
		}
		for _, name := range c.Unset {
			if !settable(name) || slices.ContainsFunc(c.Set, func(v creds.Variable) bool { return v.Name == name }) {
				t.Errorf("%q is unset", name)
			}
		}
	})
}

// BenchmarkHandover is the environment of a child whose caller has 200 variables.
func BenchmarkHandover(b *testing.B) {
	caller := make([]string, 200)
	for i := range caller {
		caller[i] = "VARIABLE_" + strings.Repeat("x", i%20) + "=" + strings.Repeat("v", i)
	}
	for b.Loop() {
		Handover(caller, grant()).Environ(caller)
	}
}
