//go:build unix

package keystore

import "testing"

// openRing opens a store as a command does.
func openRing(t testing.TB, o Options) *Ring {
	t.Helper()
	ring, err := Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	return ring
}
