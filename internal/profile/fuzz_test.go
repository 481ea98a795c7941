package profile

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"assume-role/internal/fault"
)

// addVectors seeds a fuzz target with the files of every vector.
func addVectors(f *testing.F) {
	f.Helper()
	files, err := filepath.Glob("testdata/parse/*.json")
	if err != nil || len(files) == 0 {
		f.Fatalf("no vectors: %v", err)
	}
	for _, file := range files {
		for _, v := range readVectors(f, file) {
			f.Add(strings.Join(v.Config, "\n"), strings.Join(v.Credentials, "\r\n"))
		}
	}
	for _, v := range lintVectors(f) {
		f.Add(strings.Join(v.Config, "\n"), strings.Join(v.Credentials, "\n"))
	}
	for _, folder := range realFolders(f) {
		f.Add(fileText(f, folder+"/config"), fileText(f, folder+"/credentials"))
	}
}

// fileText is empty where there is no file.
func fileText(t testing.TB, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	return string(text)
}

// FuzzLoad holds that no files make Load or what it returns panic, and that
// every origin is a line of its file that holds the value's name.
func FuzzLoad(f *testing.F) {
	addVectors(f)
	f.Fuzz(func(t *testing.T, config, credentials string) {
		c, err := parseTexts(config, credentials)
		if err != nil {
			return
		}
		for _, name := range c.Names() {
			p, err := c.Profile(name)
			if p == nil {
				t.Fatalf("%q is in Names: %v", name, err)
			}
			p.Settings()
			for _, key := range p.Keys() {
				checkOrigin(t, c, p, key)
			}
		}
		c.suggest(config, "")
		for _, l := range c.Lints() {
			checkLintPlace(t, c, l)
		}
		for _, name := range c.SSOSessions() {
			if _, ok := c.SSOSession(name); !ok {
				t.Fatalf("no sso-session %q", name)
			}
		}
	})
}

func checkOrigin(t *testing.T, c *Config, p *Profile, key string) {
	t.Helper()
	v, ok := p.Get(key)
	if !ok {
		t.Fatalf("%q is in Keys, but not set", key)
	}
	checkLine(t, c, v, key)
	for name, sub := range p.Sub(key) {
		checkLine(t, c, sub, name)
	}
}

func checkLintPlace(t *testing.T, c *Config, l Lint) {
	t.Helper()
	d := c.config
	if l.Origin.File == inCredentialsFile {
		d = c.credentials
	}
	if lines := 1 + strings.Count(d.text, "\n"); l.Origin.Line < 1 || l.Origin.Line > lines || l.Message == "" {
		t.Fatalf("%+v, in %d lines", l, lines)
	}
}

func checkLine(t *testing.T, c *Config, v Value, name string) {
	t.Helper()
	d := c.config
	if v.Origin.File == "credentials" {
		d = c.credentials
	}
	all := strings.Split(d.text, "\n")
	if v.Origin.Line < 1 || v.Origin.Line > len(all) {
		t.Fatalf("%q at %v", name, v.Origin)
	}
	if line := all[v.Origin.Line-1]; !strings.Contains(strings.ToLower(line), strings.ToLower(name)) {
		t.Fatalf("%q is not on line %d: %q", name, v.Origin.Line, line)
	}
}

// parseTexts is Load without the file system.
func parseTexts(config, credentials string) (*Config, error) {
	c, err := newDocument(config, fault.Origin{File: "config"}, configSection)
	if err != nil {
		return nil, err
	}
	d, err := newDocument(credentials, fault.Origin{File: "credentials"}, credentialsSection)
	if err != nil {
		return nil, err
	}
	return &Config{config: c, credentials: d}, nil
}

// FuzzAgainstReference holds that the scan and the reader together
// read what the grammar's plainest form reads.
func FuzzAgainstReference(f *testing.F) {
	addVectors(f)
	f.Fuzz(func(t *testing.T, config, credentials string) {
		for _, file := range []struct {
			text        string
			credentials bool
			read        readHeader
		}{{config, false, configSection}, {credentials, true, credentialsSection}} {
			if !utf8.ValidString(file.text) || strings.ContainsRune(file.text, 0) || strings.HasPrefix(file.text, "\ufeff") {
				continue
			}
			want, ok := readReference(file.text, file.credentials)
			d, err := newDocument(file.text, fault.Origin{}, file.read)
			if ok != (err == nil) {
				t.Fatalf("%q: got %v, want it accepted: %v", file.text, err, ok)
			}
			if ok {
				compare(t, file.text, want, d)
			}
		}
	})
}

func compare(t *testing.T, text string, want map[string]map[string]string, d *document) {
	t.Helper()
	got := map[string]map[string]string{}
	names := d.profiles()
	alone := &document{origin: d.origin, text: d.text, sections: d.sections}
	for _, name := range names {
		values, err := alone.parse(alone.profile(name))
		if err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		among, err := d.parse(d.profile(name))
		if diff := cmp.Diff(values, among, cmp.AllowUnexported(setting{})); diff != "" || err != nil {
			t.Errorf("%q: profile %q is read otherwise among all (-alone +among): %v\n%s", text, name, err, diff)
		}
		got[name] = map[string]string{}
		for key, s := range values {
			got[name][key] = s.Text
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%q (-want +got):\n%s", text, diff)
	}
}
