package profile

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func configOf(t testing.TB, config, credentials string) *Config {
	t.Helper()
	home := t.TempDir()
	files := Files{Config: File{Path: home + "/config"}, Credentials: File{Path: home + "/credentials"}, Home: home}
	write(t, files.Config.Path, config)
	write(t, files.Credentials.Path, credentials)
	c, err := Load(files)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestNamesWhere(t *testing.T) {
	t.Parallel()
	c := configOf(t, "[profile b]\n[default]\n[profile a]\n[sso-session a2]\n[services a3]\n[a4]\n[profile a]\n", "[a]\n[a5]\n[profile a6]\n")
	if diff := cmp.Diff([]string{"a", "a5"}, c.NamesWhere(func(name string) bool { return strings.HasPrefix(name, "a") })); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(c.Names(), c.NamesWhere(func(string) bool { return true })); diff != "" {
		t.Errorf("all of them (-Names +NamesWhere):\n%s", diff)
	}
	if names := c.NamesWhere(func(string) bool { return false }); len(names) > 0 {
		t.Errorf("none of them: %v", names)
	}
}

// TestGlanceIsTheProfile: on real files a glance has the values that the whole
// reading has, but for what is included.
func TestGlanceIsTheProfile(t *testing.T) {
	t.Parallel()
	folders, err := filepath.Glob("testdata/real/*")
	if err != nil || len(folders) == 0 {
		t.Fatalf("no real files: %v", err)
	}
	compared := 0
	for _, folder := range folders {
		c, err := Load(Files{Config: File{Path: folder + "/config"}, Credentials: File{Path: folder + "/credentials"}})
		if err != nil {
			continue // that it is refused is another test's
		}
		for _, p := range c.Glance(c.Names()) {
			whole, err := c.own(p.Name)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(texts(whole), texts(p)); diff != "" {
				t.Errorf("%s, profile %q (-whole +glance):\n%s", folder, p.Name, diff)
			}
			if p.Attempted() != whole.Attempted() {
				t.Errorf("%s, profile %q: attempted %q, not %q", folder, p.Name, p.Attempted(), whole.Attempted())
			}
			compared++
		}
	}
	if compared < 20 {
		t.Errorf("only %d profiles were compared", compared)
	}
}

func texts(p *Profile) map[string]string {
	all := map[string]string{}
	for _, key := range p.Keys() {
		value, _ := p.Get(key)
		all[key] = value.Text
	}
	return all
}

func TestGlanceMerges(t *testing.T) {
	t.Parallel()
	c := configOf(t, "[default]\nregion = never\n[profile default]\nregion = one # near\n[profile a]\naws_access_key_id = OLD\nREGION = two\nREGION = three\nx =\n  k = v\n", "[a]\naws_access_key_id = NEW\naws_secret_access_key = s\n")
	got := c.Glance([]string{"a", "nosuch", "default"})
	if len(got) != 2 || got[0].Name != "a" || got[1].Name != "default" {
		t.Fatalf("%v", got)
	}
	want := map[string]string{"aws_access_key_id": "NEW", "aws_secret_access_key": "s", "region": "three", "x": "\nk = v"}
	if diff := cmp.Diff(want, texts(got[0])); diff != "" {
		t.Errorf("a (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[string]string{"region": "one"}, texts(got[1])); diff != "" {
		t.Errorf("default (-want +got):\n%s", diff)
	}
}

func TestValues(t *testing.T) {
	t.Parallel()
	c := configOf(t, "[profile b]\nmfa_serial = two\n[profile a]\nMFA_serial = one ; mine\n[profile c]\nmfa_serial = two\n[sso-session s]\nmfa_serial = no\n[profile d]\nmfa_serial =\n", "[b]\nmfa_serial = three\n")
	if diff := cmp.Diff([]string{"one", "three", "two"}, c.Values("mfa_serial")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := c.Values("region"); len(got) > 0 {
		t.Errorf("nobody's: %v", got)
	}
}

func BenchmarkNamesWhere10000(b *testing.B) {
	c := configOf(b, manyProfiles(10_000), "")
	b.ReportAllocs()
	for b.Loop() {
		if got := c.NamesWhere(func(string) bool { return true }); len(got) != 10_001 {
			b.Fatal(len(got))
		}
	}
}
