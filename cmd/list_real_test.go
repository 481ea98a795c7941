package cmd

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"assume-role/internal/profile"
)

// realReading is what want.json of a real config says of a profile.
type realReading struct {
	Error    string
	Profiles map[string]struct {
		Kind, Source profile.Kind
		Error        string
		Settings     map[string]any
	}
	SSOSessions map[string]map[string]any `json:"sso_sessions"`
}

// TestListReadsRealConfigs: `list --json` says of every real config what the
// profiles' own tests, and the comparison with botocore, are held to.
func TestListReadsRealConfigs(t *testing.T) {
	t.Parallel()
	wants, err := filepath.Glob("../internal/profile/testdata/real/*/want.json")
	if err != nil || len(wants) < 30 {
		t.Fatalf("%d real configs, %v", len(wants), err)
	}
	for _, want := range wants {
		t.Run(filepath.Base(filepath.Dir(want)), func(t *testing.T) {
			t.Parallel()
			var reading realReading
			text, err := os.ReadFile(want)
			if err != nil {
				t.Fatal(err)
			}
			if err := json.Unmarshal(text, &reading); err != nil {
				t.Fatal(err)
			}
			checkListing(t, filepath.Dir(want), reading)
		})
	}
}

func checkListing(t *testing.T, folder string, want realReading) {
	t.Helper()
	got, err := newApp(listHost(t, folder)).listing(true)
	if want.Error != "" {
		if shape := errorJSON(err); err == nil || listedCode(&shape) != want.Error {
			t.Errorf("%v, not %s", err, want.Error)
		}
		return
	}
	if err != nil || len(got.Profiles) != len(want.Profiles) || len(got.SSOSessions) != len(want.SSOSessions) {
		t.Fatalf("%d profiles and %d sessions, %v", len(got.Profiles), len(got.SSOSessions), err)
	}
	for _, p := range got.Profiles {
		expected := want.Profiles[p.Name]
		if code := listedCode(p.Error); code != expected.Error {
			t.Errorf("%s: error %q, not %q", p.Name, code, expected.Error)
		}
		if p.Error == nil && (p.Kind != expected.Kind || p.Source != expected.Source) {
			t.Errorf("%s: %s of %s, not %s of %s", p.Name, p.Kind, p.Source, expected.Kind, expected.Source)
		}
		sameJSON(t, p.Name, expected.Settings, p.Settings)
	}
	for _, s := range got.SSOSessions {
		sameJSON(t, s.Name, want.SSOSessions[s.Name], s.Settings)
	}
}

// listHost is a machine with the folder's AWS files and nothing else.
func listHost(t *testing.T, folder string) Host {
	t.Helper()
	home := t.TempDir()
	return Host{
		GOOS: "linux", Now: time.Now, Out: os.Stdout, Err: os.Stderr,
		Environ: []string{"HOME=" + home, "AWS_CONFIG_FILE=" + folder + "/config", "AWS_SHARED_CREDENTIALS_FILE=" + folder + "/credentials"},
	}
}

func listedCode(e *jsonError) string {
	if e == nil {
		return ""
	}
	return fmt.Sprintf("%s %s:%d", e.Code, e.File, e.Line)
}

func sameJSON(t *testing.T, what string, want, got any) {
	t.Helper()
	var back any
	text, err := json.Marshal(got)
	if err == nil {
		err = json.Unmarshal(text, &back)
	}
	if diff := cmp.Diff(want, back); diff != "" || err != nil {
		t.Errorf("%s: %v\n%s", what, err, diff)
	}
}
