package revoke

import (
	"errors"
	"testing"
)

func TestUnreadable(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		err  error
		want bool
	}{
		{nil, false},
		{errMissing, true},
		{errors.New("GetUserPolicy failed with InvalidAction: Could not find operation GetUserPolicy"), true},
		{errors.New("IAM cannot be reached"), false},
	} {
		if unreadable(tc.err) != tc.want {
			t.Errorf("%v", tc.err)
		}
	}
}
