package iamkeys

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func aRecord(profile string) record {
	return record{
		Profile: profile, Others: []string{profile + "-too"}, Backend: "file", User: "arn:aws:iam::1:user/alice",
		Old: "AKIAOLD", New: "AKIANEW", Asked: time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC),
	}
}

func TestRecords(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "not", "yet", "rotations.json")
	for _, profile := range []string{"a", "b", "a"} {
		if err := aRecord(profile).write(path); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"a", "a-too", "b", "b-too"} {
		got, found, err := findRecord(path, name)
		if diff := cmp.Diff(aRecord(strings.TrimSuffix(name, "-too")), got); !found || err != nil || diff != "" {
			t.Errorf("%s: %v, %v\n%s", name, found, err, diff)
		}
	}
	if all, err := AllUnfinished(path); err != nil || !slices.Equal(all, []string{"b", "a"}) {
		t.Errorf("all: %q, %v", all, err)
	}
	if err := aRecord("a").drop(path); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]bool{"a": false, "a-too": false, "b": true} {
		fresh, begun, err := Unfinished(path, name)
		if begun != want || err != nil || begun != (fresh == "AKIANEW") {
			t.Errorf("%s: %q, %v, %v", name, fresh, begun, err)
		}
	}
}

// Records that cannot be understood stop every rotation: they may be about a
// key at IAM.
func TestRecordsAreDamaged(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "{", "[]", `{"version":2,"rotations":[]}`, `{"version":1,"rotations":[{"profile":"a"}]}`} {
		path := filepath.Join(t.TempDir(), "rotations.json")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		_, _, err := Unfinished(path, "a")
		if err == nil || !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), "see at IAM which keys there are") {
			t.Errorf("%q: %v", text, err)
		}
		if err := aRecord("a").write(path); err == nil {
			t.Errorf("%q was written over", text)
		}
	}
}

func FuzzRecords(f *testing.F) {
	f.Add([]byte(`{"version":1,"rotations":[{"profile":"base","others":["x"],"backend":"file","user":"arn:aws:iam::1:user/a","old_access_key_id":"AKIA","asked":"2026-11-22T10:00:00Z"}]}`))
	f.Add([]byte(`{"version":1,"rotations":null}`))
	f.Add([]byte(`{"version":1,"rotations":[{"profile":"","asked":"x"}]}`))
	f.Add([]byte("\x00"))
	f.Fuzz(func(t *testing.T, data []byte) {
		file, err := parseRecords(data)
		if err != nil {
			return
		}
		for _, r := range file.Rotations {
			if r.Profile == "" || r.Old == "" || r.User == "" || r.Backend == "" {
				t.Errorf("half a record: %+v", r)
			}
		}
	})
}
