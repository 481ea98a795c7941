package nodbus

import (
	"os"
	"path/filepath"
	"testing"
)

func TestNamesBus(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "dbus-session")
	if namesBus(path) || exists(path) {
		t.Error("a missing file names no bus")
	}
	for content, want := range map[string]bool{
		"": false, "nonsense": false, variable + "=\n": false,
		variable + "=unix:abstract=/tmp/dbus-x\n": true, variable + "=unix:path=/x": true,
	} {
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		if namesBus(path) != want || !exists(path) {
			t.Errorf("%q: %v, want %v", content, !want, want)
		}
	}
}

func TestAnAddressIsLeftAlone(t *testing.T) {
	t.Parallel()
	if wouldLaunch("unix:path=/nonexistent") {
		t.Error("the library launches nothing when it is given an address")
	}
}
