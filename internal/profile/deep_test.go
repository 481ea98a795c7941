package profile

import (
	"fmt"
	"strings"
	"testing"

	"assume-role/internal/fault"
)

// TestDeepChains: a chain may be longer than anyone needs, and no longer, so
// that a list of ten thousand profiles in one row ends.
func TestDeepChains(t *testing.T) {
	t.Parallel()
	var config strings.Builder
	last := 2 * maxHops
	for i := range last {
		fmt.Fprintf(&config, "[profile p%d]\nrole_arn = arn:aws:iam::123456789012:role/r\nsource_profile = p%d\n", i, i+1)
	}
	c := mustLoad(t, config.String(), fmt.Sprintf("[p%d]\naws_access_key_id = AKIA\naws_secret_access_key = s\n", last))
	if chain, err := Resolve(c, Request{Profile: fmt.Sprintf("p%d", last-maxHops)}); err != nil || len(chain.Calls) != maxHops {
		t.Errorf("%d hops are refused: %v", maxHops, err)
	}
	_, err := Resolve(c, Request{Profile: "p0"})
	checkFault(t, err, fault.InvalidValue, `profile "p64": source_profile goes through more than 64 profiles (~/config:195)`)
}
