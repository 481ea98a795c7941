package cmd

import (
	"testing"

	"assume-role/internal/profile"
)

// The warning is for sessions that certainly are made from keys without a
// code: what a program gives may be a role's session.
func TestWithoutMFA(t *testing.T) {
	for _, tc := range []struct {
		last profile.Call
		want bool
	}{
		{profile.Call{Kind: profile.SessionToken}, true},
		{profile.Call{Kind: profile.SessionToken, Device: &profile.Device{}}, false},
		{profile.Call{Kind: profile.SessionToken, Conditional: true}, false},
		{profile.Call{Kind: profile.AssumeRole}, false},
	} {
		if got := withoutMFA(tc.last); got != tc.want {
			t.Errorf("%+v: %v", tc.last, got)
		}
	}
}
