package picker

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func newHistory(t *testing.T) History {
	t.Helper()
	return History{Path: filepath.Join(t.TempDir(), "state", "picked.json")}
}

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

func TestHistory(t *testing.T) {
	t.Parallel()
	h := newHistory(t)
	if chosen, err := h.Read(); len(chosen) != 0 || err != nil {
		t.Errorf("of none: %v, %v", chosen, err)
	}
	for i, name := range []string{"dev", "prod", "dev"} {
		if err := h.Add(name, noon.Add(time.Duration(i)*time.Minute)); err != nil {
			t.Fatal(err)
		}
	}
	chosen, err := h.Read()
	if err != nil || len(chosen) != 2 || !chosen["dev"].Equal(noon.Add(2*time.Minute)) || !chosen["prod"].Equal(noon.Add(time.Minute)) {
		t.Errorf("%v, %v", chosen, err)
	}
}

// TestHistoryIsBounded: the oldest go.
func TestHistoryIsBounded(t *testing.T) {
	t.Parallel()
	h := newHistory(t)
	for i := range longestHistory + 5 {
		if err := h.Add(fmt.Sprint("p", i), noon.Add(time.Duration(i)*time.Second)); err != nil {
			t.Fatal(err)
		}
	}
	chosen, err := h.Read()
	if err != nil || len(chosen) != longestHistory || !chosen["p4"].IsZero() || chosen["p5"].IsZero() {
		t.Errorf("%d, %v", len(chosen), err)
	}
}

// TestHistoryThatIsNone: what is corrupt, foreign or too big is empty, says why,
// and is replaced.
func TestHistoryThatIsNone(t *testing.T) {
	t.Parallel()
	for name, content := range map[string]string{
		"empty": "", "cut": `{"version":1,"choices":[{"na`, "foreign": `{"version":9}`, "list": `[]`,
		"big": `{"version":1,"choices":[]}` + strings.Repeat(" ", historyLimit),
	} {
		h := newHistory(t)
		if err := os.MkdirAll(filepath.Dir(h.Path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(h.Path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		if chosen, err := h.Read(); len(chosen) != 0 || err == nil {
			t.Errorf("%s: %v, %v", name, chosen, err)
		}
		if err := h.Add("dev", noon); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if chosen, err := h.Read(); len(chosen) != 1 || err != nil {
			t.Errorf("%s: afterwards %v, %v", name, chosen, err)
		}
	}
}

func TestHistoryWithoutAPlace(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := (History{Path: filepath.Join(file, "picked.json")}).Add("dev", noon); err == nil {
		t.Error("it was written below a file")
	}
}

// TestHistoryNowhere: without a path nothing is read, and nothing is written
// into the folder where the command runs.
func TestHistoryNowhere(t *testing.T) {
	t.Chdir(t.TempDir())
	if chosen, err := (History{}).Read(); len(chosen) != 0 || err != nil {
		t.Errorf("%v, %v", chosen, err)
	}
	if err := (History{}).Add("prod", time.Now()); err == nil {
		t.Error("it is said to be remembered")
	}
	if made, err := os.ReadDir("."); len(made) != 0 || err != nil {
		t.Errorf("%v, %v", made, err)
	}
}
