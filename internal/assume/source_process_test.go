package assume

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"assume-role/internal/awsfake"
	"assume-role/internal/creds"
	"assume-role/internal/profile"
)

// printing is a source whose credential_process prints c.
func (w *world) printing(c creds.Credentials) profile.Source {
	w.Helper()
	answer := map[string]any{"Version": 1, "AccessKeyId": c.AccessKeyID, "SecretAccessKey": c.SecretAccessKey.Reveal()}
	if c.Temporary() {
		answer["SessionToken"], answer["Expiration"] = c.SessionToken.Reveal(), c.Expiration
	}
	text, err := json.Marshal(answer)
	if err != nil {
		w.Fatal(err)
	}
	path := filepath.Join(w.TempDir(), "answer.json")
	if err := os.WriteFile(path, text, 0o600); err != nil {
		w.Fatal(err)
	}
	return profile.Source{Kind: profile.Process, Profile: "base", Settings: map[string]profile.Value{
		"credential_process": {Text: fmt.Sprintf("cat '%s'", path)},
	}}
}

// session is a role's session, as another program may have made it.
func (w *world) session() creds.Credentials {
	w.Helper()
	return w.get(w.chain(w.role(awsfake.Role{Name: "outer"})))
}

// TestProcessSessionLimitsTheRole: only the program's answer tells that the
// role is chained, and a role's duration of more than an hour would fail.
func TestProcessSessionLimitsTheRole(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	role := w.role(awsfake.Role{Name: "long", MaxDuration: 12 * time.Hour})
	role.Duration = 2 * time.Hour
	chain := w.chain(role)
	chain.Source = w.printing(w.session())
	got := w.get(chain)
	if left := time.Until(got.Expiration).Round(time.Minute); left != time.Hour {
		t.Errorf("a session of %s", left)
	}
	if notes := w.notes.String(); !strings.Contains(notes, `"dev"`) || !strings.Contains(notes, "3600") {
		t.Errorf("notes: %q", notes)
	}
	if got != w.get(chain) || strings.Count(w.notes.String(), "3600") != 1 {
		t.Errorf("the cached session is not used in silence: %s", w.notes)
	}
	chain.Calls[0].DurationGiven = true
	w.fails(chain, "--duration", "1h")
}

// TestProcessSessionRefusesTheFlag: a duration of the command line is not
// lowered.
func TestProcessSessionRefusesTheFlag(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	role := w.role(awsfake.Role{Name: "long", MaxDuration: 12 * time.Hour})
	role.Duration, role.DurationGiven = 2*time.Hour, true
	chain := w.chain(role)
	chain.Source = w.printing(w.session())
	before := w.aws.Count("")
	w.fails(chain, `profile "dev"`, "--duration", "1h")
	if w.aws.Count("") != before {
		t.Error("a call was made")
	}
}

// TestProcessKeysKeepTheDuration: long-lived keys have no such limit.
func TestProcessKeysKeepTheDuration(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	role := w.role(awsfake.Role{Name: "long", MaxDuration: 12 * time.Hour})
	role.Duration, role.DurationGiven = 2*time.Hour, true
	chain := w.chain(role)
	chain.Source = w.printing(w.keys)
	if left := time.Until(w.get(chain).Expiration).Round(time.Minute); left != 2*time.Hour {
		t.Errorf("a session of %s", left)
	}
	if w.notes.String() != "" {
		t.Errorf("notes: %s", w.notes)
	}
}
