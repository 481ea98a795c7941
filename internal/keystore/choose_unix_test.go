//go:build unix

package keystore

import (
	"os"
	"strings"
	"syscall"
	"testing"
)

// A pipe in place of Auto's record would hold up whoever opened it.
func TestAutoIsNotHeldUpByAPipe(t *testing.T) {
	t.Parallel()
	o := bare(t)
	if err := os.MkdirAll(o.StateDir, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mkfifo(recordPath(o.StateDir), 0o600); err != nil {
		t.Skip(err)
	}
	if _, err := Open(t.Context(), o); err == nil || !strings.Contains(err.Error(), recordPath(o.StateDir)) {
		t.Errorf("got %v", err)
	}
}

// A user without a home (HOME=/dev/null) has no record, and no error of it.
func TestAutoBelowWhatIsNoFolder(t *testing.T) {
	t.Parallel()
	o := bare(t)
	o.StateDir = os.DevNull + "/state"
	if ring, err := Open(t.Context(), o); err != nil || ring.Backend() != file {
		t.Errorf("got %v, %v", ring, err)
	}
}
