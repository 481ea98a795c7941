package profile

import (
	"fmt"
	"strings"
	"testing"

	"assume-role/internal/fault"
)

func TestIncludeThatLeadsNowhere(t *testing.T) {
	t.Parallel()
	const config = `[profile self]
include_profile = self
[profile a]
include_profile = b
region = r
[profile b]
include_profile = c
[profile c]
include_profile = b
[profile lost]
region = r
include_profile = sefl
`
	c := mustLoad(t, config, "")
	for _, tc := range []struct {
		profile string
		code    fault.Code
		words   string
	}{
		{"self", fault.InfiniteLoop, `profile "self": include_profile goes round in a circle: self → self (~/config:2)`},
		{"a", fault.InfiniteLoop, "b → c → b (~/config:9)"},
		{"b", fault.InfiniteLoop, "b → c → b (~/config:9)"},
		{"lost", fault.ProfileNotFound, `include_profile names "sefl", which is not a profile (~/config:12): did you mean self?`},
	} {
		p, err := c.Profile(tc.profile)
		checkFault(t, err, tc.code, tc.words)
		if p == nil || p.Name != tc.profile {
			t.Errorf("%s does not come back", tc.profile)
		}
	}
	if p, _ := c.Profile("lost"); p != nil {
		if v, _ := p.Get("region"); v.Text != "r" {
			t.Errorf("its own settings are gone: %v", p.Keys())
		}
	}
}

// TestDeepIncludes: as many as anyone needs, and no more.
func TestDeepIncludes(t *testing.T) {
	t.Parallel()
	var config strings.Builder
	for i := range 3 * maxIncludes {
		fmt.Fprintf(&config, "[profile p%d]\ninclude_profile = p%d\n", i, i+1)
	}
	fmt.Fprintf(&config, "[profile p%d]\nregion = r\n", 3*maxIncludes)
	c := mustLoad(t, config.String(), "")
	if p, err := c.Profile(fmt.Sprintf("p%d", 2*maxIncludes)); err != nil {
		t.Error(err)
	} else if v, _ := p.Get("region"); v.Text != "r" {
		t.Errorf("the last one's region is %q", v.Text)
	}
	_, err := c.Profile("p0")
	checkFault(t, err, fault.InvalidValue, `profile "p0": include_profile goes through more than 32 profiles (~/config:66)`)
}

func TestLongCirclesLoseTheirMiddle(t *testing.T) {
	t.Parallel()
	var path []string
	for i := range 3000 {
		path = append(path, fmt.Sprint("p", i))
	}
	got := cycle(path, "p0")
	if len(got) > 250 || !strings.HasPrefix(got, "p0 → p1 → ") || !strings.HasSuffix(got, " → p2999 → p0") || !strings.Contains(got, "2983 more") {
		t.Errorf("got %s", got)
	}
	if got := cycle([]string{"x", "a", "b"}, "a"); got != "a → b → a" {
		t.Errorf("got %s", got)
	}
}
