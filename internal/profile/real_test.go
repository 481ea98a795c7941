package profile

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"assume-role/internal/fault"
)

// realFolders are the pairs of files as people have them.
func realFolders(t testing.TB) []string {
	t.Helper()
	folders, err := filepath.Glob("testdata/real/*/config")
	if err != nil || len(folders) < 30 {
		t.Fatalf("only %d real configs: %v", len(folders), err)
	}
	for i, config := range folders {
		folders[i] = filepath.Dir(config)
	}
	return folders
}

// reading is what this tool makes of two files.
type reading struct {
	// Error is why it reads nothing of them: "code file:line".
	Error       string                    `json:"error,omitempty"`
	Profiles    map[string]readProfile    `json:"profiles,omitempty"`
	SSOSessions map[string]map[string]any `json:"sso_sessions,omitempty"`
	// Lints are "file:line rule".
	Lints []string `json:"lints,omitempty"`
}

type readProfile struct {
	Kind     Kind           `json:"kind,omitempty"`
	Source   Kind           `json:"source,omitempty"`
	Error    string         `json:"error,omitempty"`
	Settings map[string]any `json:"settings"`
}

func loadFolder(folder string) (*Config, error) {
	return Load(Files{Config: File{Path: folder + "/config"}, Credentials: File{Path: folder + "/credentials"}})
}

func read(t *testing.T, folder string) reading {
	t.Helper()
	c, err := loadFolder(folder)
	if err != nil {
		return reading{Error: codeAndPlace(t, err)}
	}
	r := reading{Profiles: map[string]readProfile{}, SSOSessions: map[string]map[string]any{}}
	for _, name := range c.Names() {
		r.Profiles[name] = readOne(t, c, name)
	}
	for _, name := range c.SSOSessions() {
		session, _ := c.SSOSession(name)
		r.SSOSessions[name] = session.Settings()
	}
	for _, l := range c.Lints() {
		checkLint(t, l)
		r.Lints = append(r.Lints, fmt.Sprintf("%s:%d %s", l.Origin.File, l.Origin.Line, l.Rule))
	}
	return r
}

func readOne(t *testing.T, c *Config, name string) readProfile {
	t.Helper()
	read := readProfile{Settings: profileOf(t, c, name).Settings()}
	chain, err := Resolve(c, Request{Profile: name})
	if err != nil {
		read.Error = codeAndPlace(t, err)
		return read
	}
	read.Kind, read.Source = chain.Source.Kind, chain.Source.Kind
	for _, call := range chain.Calls {
		if call.Kind == AssumeRole {
			read.Kind = AssumeRole
		}
	}
	return read
}

func codeAndPlace(t *testing.T, err error) string {
	t.Helper()
	var e *fault.Error
	if !errors.As(err, &e) {
		t.Fatalf("not an error of ours: %v", err)
	}
	return fmt.Sprintf("%s %s:%d", e.Code, e.Origin.File, e.Origin.Line)
}

// TestRealConfigs holds what is made of files as people have them: those that
// AWS's documentation shows, that other tools write, and broken ones.
func TestRealConfigs(t *testing.T) {
	t.Parallel()
	for _, folder := range realFolders(t) {
		t.Run(filepath.Base(folder), func(t *testing.T) {
			got, err := json.MarshalIndent(read(t, folder), "", " ")
			if err != nil {
				t.Fatal(err)
			}
			golden(t, folder+"/want.json", append(got, '\n'))
		})
	}
}

// golden compares with a file, or writes it under -update.
func golden(t *testing.T, path string, got []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	diff(t, path, string(want), string(got))
}
