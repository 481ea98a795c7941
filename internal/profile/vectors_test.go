package profile

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"assume-role/internal/fault"
)

// vector is two files and what the AWS rules read in them.
type vector struct {
	Name                string
	Config, Credentials []string
	// Profiles, SSOSessions and Services hold Settings by name.
	Profiles    map[string]map[string]any
	SSOSessions map[string]map[string]any `json:"sso_sessions"`
	Services    map[string]map[string]any
	// Lines says where "profile.setting" or "profile.setting.sub" was read.
	Lines map[string]string
	// Keys are the names that count as set, by profile.
	Keys map[string][]string
	// Error is "file:line: words".
	Error string
}

// canary stands for every secret in the vectors; no error may show it.
const canary = "s3cr3t"

func TestVectors(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/parse/*.json")
	if err != nil {
		t.Fatal(err)
	}
	run := 0
	for _, file := range files {
		for _, v := range readVectors(t, file) {
			run++
			t.Run(filepath.Base(file)+"/"+v.Name, v.check)
		}
	}
	if run < 80 {
		t.Fatalf("only %d vectors were read", run)
	}
}

func readVectors(t testing.TB, file string) []vector {
	t.Helper()
	data, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer data.Close()
	d := json.NewDecoder(data)
	d.DisallowUnknownFields()
	var vectors []vector
	if err := d.Decode(&vectors); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	return vectors
}

// check reads the vector with both kinds of line ends, and with and without
// one at the end and a byte-order mark at the start.
func (v vector) check(t *testing.T) {
	for _, form := range []struct{ name, mark, newline, end string }{
		{"unix", "", "\n", "\n"},
		{"no last newline", "", "\n", ""},
		{"windows", "\ufeff", "\r\n", "\r\n"},
	} {
		text := func(lines []string) string { return form.mark + strings.Join(lines, form.newline) + form.end }
		c, err := load2(t, text(v.Config), text(v.Credentials))
		if v.Error != "" {
			checkError(t, form.name, err, v.Error)
			continue
		}
		if err != nil {
			t.Fatalf("%s: %v", form.name, err)
		}
		v.checkConfig(t, c)
	}
}

func checkError(t *testing.T, form string, err error, want string) {
	t.Helper()
	var e *fault.Error
	if !errors.As(err, &e) {
		t.Fatalf("%s: got %v, want %s", form, err, want)
	}
	at, words, _ := strings.Cut(want, ": ")
	if got := e.Origin.File + ":" + strconv.Itoa(e.Origin.Line); got != at {
		t.Errorf("%s: at %s, want %s", form, got, at)
	}
	if !strings.Contains(e.Message, words) || e.Code != fault.ParseError || e.Hint == "" {
		t.Errorf("%s: got %s %v, want %q", form, e.Code, e, words)
	}
	if strings.Contains(err.Error(), canary) {
		t.Errorf("%s: the error quotes the file: %v", form, err)
	}
}

func (v vector) checkConfig(t *testing.T, c *Config) {
	t.Helper()
	got := map[string]map[string]any{}
	for _, name := range c.Names() {
		got[name] = profileOf(t, c, name).Settings()
		if !c.Has(name) {
			t.Errorf("Has(%q) is false", name)
		}
	}
	diff(t, "profiles", v.Profiles, got)
	v.checkSections(t, c)
	for name, want := range v.Keys {
		diff(t, name, want, profileOf(t, c, name).Keys())
	}
	for path, want := range v.Lines {
		diff(t, path, want, lineOf(t, c, path))
	}
}

func (v vector) checkSections(t *testing.T, c *Config) {
	t.Helper()
	sessions := map[string]map[string]any{}
	for _, name := range c.SSOSessions() {
		p, ok := c.SSOSession(name)
		if !ok {
			t.Fatalf("SSOSession(%q) is missing", name)
		}
		sessions[name] = p.Settings()
	}
	if v.SSOSessions != nil {
		diff(t, "sso sessions", v.SSOSessions, sessions)
	}
	for name, want := range v.Services {
		p, ok := c.Services(name)
		if !ok {
			t.Fatalf("Services(%q) is missing", name)
		}
		diff(t, name, want, p.Settings())
	}
}

func profileOf(t *testing.T, c *Config, name string) *Profile {
	t.Helper()
	p, err := c.Profile(name)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func lineOf(t *testing.T, c *Config, path string) string {
	t.Helper()
	parts := strings.Split(path, ".")
	p := profileOf(t, c, parts[0])
	v, _ := p.Get(parts[1])
	if len(parts) == 3 {
		v = p.Sub(parts[1])[parts[2]]
	}
	return v.Origin.File + ":" + strconv.Itoa(v.Origin.Line)
}

// diff compares as JSON, so that both sides hold the same kinds of values.
func diff(t *testing.T, what string, want, got any) {
	t.Helper()
	if d := cmp.Diff(viaJSON(t, want), viaJSON(t, got)); d != "" {
		t.Errorf("%s (-want +got):\n%s", what, d)
	}
}

func viaJSON(t *testing.T, v any) any {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	var back any
	if err := json.Unmarshal(data, &back); err != nil {
		t.Fatal(err)
	}
	return back
}
