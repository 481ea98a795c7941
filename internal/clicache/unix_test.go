//go:build unix

package clicache

import (
	"path/filepath"
	"syscall"
	"testing"
)

// A pipe without a writer would hold up whoever opened it.
func TestListPassesOverPipes(t *testing.T) {
	t.Parallel()
	dir := lay(t, map[string]string{"a.json": roleSession})
	if err := syscall.Mkfifo(filepath.Join(dir, "b.json"), 0o600); err != nil {
		t.Skip(err)
	}
	if got := list(t, dir); len(got) != 1 {
		t.Errorf("listed %v", got)
	}
}
