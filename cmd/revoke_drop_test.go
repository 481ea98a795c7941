package cmd

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"assume-role/internal/cache"
	"assume-role/internal/creds"
)

// The roles of a config in which one is the hub of two others.
const (
	hubRole   = "arn:aws:iam::123456789012:role/team/hub"
	spokeRole = "arn:aws:iam::210987654321:role/spoke"
	leafRole  = "arn:aws:iam::310987654321:role/leaf"
	asideRole = "arn:aws:iam::123456789012:role/aside"
)

const hubConfig = `
[profile hub]
role_arn = arn:aws:iam::123456789012:role/hub
source_profile = base
[profile spoke]
role_arn = ` + spokeRole + `
source_profile = hub
[profile leaf]
role_arn = ` + leafRole + `
source_profile = spoke
[profile aside]
role_arn = ` + asideRole + `
source_profile = base
`

// homeWith is an app in a home of its own, with that config and a file store.
func homeWith(t testing.TB, config string, environ ...string) (*app, string) {
	t.Helper()
	home := t.TempDir()
	lay(t, filepath.Join(home, ".aws", "config"), config)
	lay(t, filepath.Join(home, ".aws", "credentials"), "[base]\naws_access_key_id = AKIABASE\naws_secret_access_key = s\n")
	a := newApp(Host{
		GOOS: "linux", Now: func() time.Time { return noon }, Out: &strings.Builder{}, Err: &strings.Builder{},
		Environ: slices.Concat(environ, []string{
			"HOME=" + home, "XDG_STATE_HOME=" + filepath.Join(home, "state"), "XDG_CONFIG_HOME=" + filepath.Join(home, "settings"),
			"ASSUME_ROLE_KEYRING_BACKEND=file", "ASSUME_ROLE_KEYRING_FILE_DIR=" + filepath.Join(home, "keys"),
			"ASSUME_ROLE_KEYRING_FILE_PASSPHRASE=phrase", "ASSUME_ROLE_KEYRING_FILE_UNLOCK_TTL=0",
		}),
	})
	a.locks = func() (string, error) { return home, nil }
	return a, home
}

func lay(t testing.TB, path, text string) {
	t.Helper()
	err := os.MkdirAll(filepath.Dir(path), 0o700)
	if err == nil {
		err = os.WriteFile(path, []byte(text), 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// cached stores sessions that last for an hour and more, the longest the last
// one in the order of names.
func cached(t *testing.T, a *app, entries map[string]cache.Entry) *cache.Cache {
	t.Helper()
	sessions, err := a.sessionCache(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	names := make([]string, 0, len(entries))
	for name := range entries {
		names = append(names, name)
	}
	slices.Sort(names)
	for i, name := range names {
		e := entries[name]
		e.Credentials = creds.Credentials{
			AccessKeyID: name, SecretAccessKey: "s", SessionToken: "t", Expiration: ending(time.Hour + time.Duration(i)*time.Minute),
		}
		if _, err := sessions.Obtain(t.Context(), cache.Request{Key: cache.Key(map[string]any{"name": name})},
			func(context.Context) (cache.Entry, error) { return e, nil }); err != nil {
			t.Fatal(err)
		}
	}
	return sessions
}

// left names the sessions that are still in the cache.
func left(t *testing.T, sessions *cache.Cache, names ...string) string {
	t.Helper()
	var found []string
	for _, name := range names {
		for e := range sessions.Peek(cache.Filter{Keys: []string{cache.Key(map[string]any{"name": name})}}) {
			found = append(found, e.Credentials.AccessKeyID)
		}
	}
	return strings.Join(found, " ")
}

// everySort is a cache with one session of each sort.
func everySort() map[string]cache.Entry {
	return map[string]cache.Entry{
		"hub":       {Profile: "hub", Kind: "assume-role", RoleARN: hubRole, SourceKey: "AKIABASE"},
		"chained":   {Profile: "gone", Kind: "assume-role", RoleARN: leafRole, Via: []string{hubRole, spokeRole}},
		"unmarked":  {Profile: "leaf", Kind: "assume-role", RoleARN: leafRole},
		"aside":     {Profile: "aside", Kind: "assume-role", RoleARN: asideRole, SourceKey: "AKIABASE"},
		"mfa":       {Profile: "base", Kind: "session-token", SourceKey: "AKIABASE"},
		"federated": {Profile: "fed", Kind: "federation-token", SourceKey: "AKIABASE"},
		"another":   {Profile: "other", Kind: "session-token", SourceKey: "AKIAOTHER"},
		"elsewhere": {Profile: "leaf", Kind: "assume-role", RoleARN: leafRole, Via: []string{asideRole}},
	}
}

func TestDropRevoked(t *testing.T) {
	t.Parallel()
	names := []string{"hub", "chained", "unmarked", "aside", "mfa", "federated", "another", "elsewhere"}
	for name, tc := range map[string]struct {
		what revoked
		left string
	}{
		"nothing":            {revoked{}, "hub chained unmarked aside mfa federated another elsewhere"},
		"a hub":              {revoked{roles: []string{hubRole}}, "aside mfa federated another elsewhere"},
		"a hub by name":      {revoked{roles: []string{"arn:aws:iam::123456789012:role/hub"}}, "aside mfa federated another elsewhere"},
		"its spoke":          {revoked{roles: []string{spokeRole}}, "hub aside mfa federated another elsewhere"},
		"the leaf":           {revoked{roles: []string{leafRole}}, "hub aside mfa federated another"},
		"one aside":          {revoked{roles: []string{asideRole}}, "hub chained unmarked mfa federated another"},
		"a user":             {revoked{users: []string{"AKIABASE"}}, "hub chained unmarked aside another elsewhere"},
		"a role and a user":  {revoked{roles: []string{asideRole}, users: []string{"AKIAOTHER"}}, "hub chained unmarked mfa federated"},
		"one of nobody here": {revoked{roles: []string{"arn:aws:iam::123456789012:role/none"}}, "hub chained unmarked aside mfa federated another elsewhere"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a, _ := homeWith(t, hubConfig)
			sessions := cached(t, a, everySort())
			before := sessions.Index.Generation()
			done := a.dropRevoked(t.Context(), tc.what)
			if got := left(t, sessions, names...); got != tc.left || len(done.stayed) > 0 {
				t.Errorf("left %q, want %q; %q stayed", got, tc.left, done.stayed)
			}
			if want := len(names) - len(strings.Fields(tc.left)); done.sessions != want || done.until.IsZero() != (want == 0) {
				t.Errorf("%d sessions until %s, want %d", done.sessions, done.until, want)
			}
			if sessions.Index.Generation() <= before {
				t.Error("nobody is told")
			}
		})
	}
}

// The index is made anew where it was lost: sessions of an earlier version go
// all the same.
func TestDropRevokedWithoutAnIndex(t *testing.T) {
	t.Parallel()
	a, _ := homeWith(t, hubConfig)
	sessions := cached(t, a, everySort())
	if err := os.Remove(sessions.Index.Path); err != nil {
		t.Fatal(err)
	}
	done := a.dropRevoked(t.Context(), revoked{roles: []string{spokeRole}})
	if got := left(t, sessions, "unmarked", "chained", "hub"); got != "hub" || done.sessions != 2 {
		t.Errorf("left %q, dropped %+v", got, done)
	}
}

// cliSession is a file of the AWS CLI's role cache.
func cliSession(account, role, ends string) string {
	return fmt.Sprintf(`{"Credentials":{"Expiration":"%s"},"AssumedRoleUser":{"Arn":"arn:aws:sts::%s:assumed-role/%s/me"}}`, ends, account, role)
}

func cliFiles(t *testing.T, home string) string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(home, ".aws", "cli", "cache", "*"))
	if err != nil {
		t.Fatal(err)
	}
	for i := range paths {
		paths[i] = filepath.Base(paths[i])
	}
	return strings.Join(paths, " ")
}

func layCLI(t *testing.T, home string) {
	t.Helper()
	for name, text := range map[string]string{
		"hub.json":   cliSession("123456789012", "hub", "2099-01-01T00:00:00UTC"),
		"leaf.json":  cliSession("310987654321", "leaf", "2098-01-01T00:00:00UTC"),
		"aside.json": cliSession("123456789012", "aside", "2099-06-01T00:00:00UTC"),
		"old.json":   cliSession("210987654321", "spoke", "2001-01-01T00:00:00UTC"),
		"sso.json":   `{"ProviderType":"sso","Credentials":{"Expiration":"2099-01-01T00:00:00Z"}}`,
		"session.db": "x",
	} {
		lay(t, filepath.Join(home, ".aws", "cli", "cache", name), text)
	}
}

// The AWS CLI's files go whatever the setting of clear-cache says: they are
// worth nothing any more.
func TestDropRevokedFilesOfTheAWSCLI(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		what  revoked
		left  string
		until string
	}{
		"nothing": {revoked{}, "aside.json hub.json leaf.json old.json session.db sso.json", "0001"},
		"a user":  {revoked{users: []string{"AKIABASE"}}, "aside.json hub.json leaf.json old.json session.db sso.json", "0001"},
		"a hub":   {revoked{roles: []string{hubRole}}, "aside.json session.db sso.json", "2099-01"},
		"a spoke": {revoked{roles: []string{spokeRole}}, "aside.json hub.json session.db sso.json", "2098-01"},
		"the old": {revoked{roles: []string{"arn:aws:iam::210987654321:role/x/spoke"}}, "aside.json hub.json session.db sso.json", "2098-01"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a, home := homeWith(t, hubConfig, "ASSUME_ROLE_CLEAR_CACHE_AWS_CLI=false")
			layCLI(t, home)
			done := a.dropRevoked(t.Context(), tc.what)
			if got := cliFiles(t, home); got != tc.left || len(done.stayed) > 0 {
				t.Errorf("left %q, want %q; %q stayed", got, tc.left, done.stayed)
			}
			if got := 6 - len(strings.Fields(tc.left)); done.files != got || !strings.HasPrefix(done.until.String(), tc.until) {
				t.Errorf("%d files until %s, want %d", done.files, done.until, got)
			}
		})
	}
}

func TestDropRevokedSaysWhatStayed(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" || os.Geteuid() == 0 {
		t.Skip("no folder is closed to this user")
	}
	a, home := homeWith(t, hubConfig)
	sessions := cached(t, a, everySort())
	layCLI(t, home)
	for _, dir := range []string{filepath.Join(home, ".aws", "cli", "cache"), filepath.Dir(sessions.Index.Path), filepath.Join(home, "keys")} {
		if err := os.Chmod(dir, 0o500); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = os.Chmod(dir, 0o700) })
	}
	done := a.dropRevoked(t.Context(), revoked{roles: []string{leafRole}})
	told := strings.Join(done.stayed, "\n")
	for _, want := range []string{"programs that hold sessions could not be told", `a session of profile "leaf" stayed`, "leaf.json stayed: permission denied"} {
		if !strings.Contains(told, want) {
			t.Errorf("%q is not in\n%s", want, told)
		}
	}
	if done.sessions+done.files > 0 || !done.until.IsZero() {
		t.Errorf("%+v", done)
	}
}

func TestDropRevokedWithNothingToReadFrom(t *testing.T) {
	t.Parallel()
	a, _ := homeWith(t, "broken", "ASSUME_ROLE_KEYRING_BACKEND=wincred")
	done := a.dropRevoked(t.Context(), revoked{roles: []string{hubRole}})
	if told := strings.Join(done.stayed, "\n"); runtime.GOOS != "windows" && (len(done.stayed) != 1 || !strings.Contains(told, "wincred")) {
		t.Errorf("%+v", done)
	}
}

// behindIn is what a config has behind a role.
func behindIn(t *testing.T, config string) (profiles []string) {
	t.Helper()
	a, _ := homeWith(t, config)
	for name := range a.behind([]string{hubRole}).profiles {
		profiles = append(profiles, name)
	}
	slices.Sort(profiles)
	return profiles
}

func TestBehind(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		config string
		want   []string
	}{
		"spokes":          {hubConfig, []string{"leaf", "spoke"}},
		"nothing":         {"[profile a]\nregion = eu-west-1\n", nil},
		"a broken config": {"broken", nil},
		"the hub again":   {"[profile a]\nrole_arn = " + hubRole + "\nsource_profile = b\n[profile b]\nrole_arn = " + hubRole + "\nsource_profile = base\n", []string{"a"}},
		"its own source":  {"[profile a]\nrole_arn = " + hubRole + "\nsource_profile = a\naws_access_key_id = AKIA\naws_secret_access_key = s\n[profile b]\nrole_arn = " + leafRole + "\nsource_profile = a\n", []string{"b"}},
		"a loop":          {"[profile a]\nrole_arn = " + leafRole + "\nsource_profile = b\n[profile b]\nrole_arn = " + spokeRole + "\nsource_profile = a\n", nil},
		"a loop with it":  {"[profile a]\nrole_arn = " + hubRole + "\nsource_profile = b\n[profile b]\nrole_arn = " + spokeRole + "\nsource_profile = a\n", []string{"a", "b"}},
		"no role in it":   {"[profile a]\nsource_profile = hub\n" + hubConfig, []string{"leaf", "spoke"}},
		"through one":     {"[profile z]\nrole_arn = " + leafRole + "\nsource_profile = a\n[profile a]\nsource_profile = hub\n" + hubConfig, []string{"leaf", "spoke", "z"}},
		"a missing one":   {"[profile a]\nrole_arn = " + leafRole + "\nsource_profile = nobody\n", nil},
	} {
		if diff := cmp.Diff(tc.want, behindIn(t, tc.config)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// BenchmarkBehind follows ten thousand profiles that all come through one hub,
// in files that are loaded already.
func BenchmarkBehind(b *testing.B) {
	var config strings.Builder
	config.WriteString(hubConfig)
	for i := range 10_000 {
		fmt.Fprintf(&config, "[profile p%d]\nrole_arn = arn:aws:iam::123456789012:role/r%d\nsource_profile = %s\n", i, i, []string{"hub", "p0", "base", "nobody"}[i%4])
	}
	a, _ := homeWith(b, config.String())
	if _, err := a.config(); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if got := a.behind([]string{hubRole}); len(got.roles) != 5_002 {
			b.Fatal(len(got.roles))
		}
	}
}
