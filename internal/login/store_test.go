package login

import (
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestWhatCouldNotBeSaved: the credentials are good, and when they end a new
// sign-in is needed; that is said at once, with no secret.
func TestWhatCouldNotBeSaved(t *testing.T) {
	t.Parallel()
	r := decodeSample(t, sample)
	var notes []string
	s := &Session{
		Profile: "dev", Identity: "arn", Folder: filepath.Join(t.TempDir(), "gone"), SignIn: "assume-role login dev",
		Now: func() time.Time { return r.expires().Add(-14 * time.Minute) }, Note: func(line string) { notes = append(notes, line) },
	}
	s.save(r)
	if len(notes) != 1 {
		t.Fatalf("%q", notes)
	}
	for _, word := range []string{`profile "dev"`, "could not be saved", "end in 14m0s", "assume-role login dev"} {
		if !strings.Contains(notes[0], word) {
			t.Errorf("%q is not in %s", word, notes[0])
		}
	}
	for _, secret := range []string{"old/secret+", "oldtoken", "oldrefresh"} {
		if strings.Contains(notes[0], secret) {
			t.Errorf("a secret is in %s", notes[0])
		}
	}
	s.Note = nil
	s.save(r) // nobody to tell
}
