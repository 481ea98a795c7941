package profile

import (
	"testing"

	"assume-role/internal/fault"
)

func TestUnknownProfile(t *testing.T) {
	t.Parallel()
	c := mustLoad(t, "[profile prod]\n", "")
	_, err := c.Profile("prdo")
	checkFault(t, err, fault.ProfileNotFound, `profile "prdo": there is no such profile in ~/config or ~/credentials: did you mean prod?`)
	_, err = c.Profile("zzzz")
	checkFault(t, err, fault.ProfileNotFound, "assume-role list")
	if _, ok := c.SSOSession("prod"); ok {
		t.Error("a profile is no sso-session")
	}
	if _, ok := c.Services("prod"); ok {
		t.Error("a profile is no services section")
	}
}

// TestSuggestRemembers: what is missing many times is looked for once, and
// each caller gets its own advice where nothing is near.
func TestSuggestRemembers(t *testing.T) {
	t.Parallel()
	c := mustLoad(t, "[profile prod]\n[profile staging]\n", "")
	for range 2 {
		for name, want := range map[string]string{"prdo": "did you mean prod?", "zzzzzz": "look"} {
			if got := c.suggest(name, "look"); got != want {
				t.Errorf("%s: %q, want %q", name, got, want)
			}
		}
		if got := c.suggest("zzzzzz", "elsewhere"); got != "elsewhere" {
			t.Errorf("%q", got)
		}
	}
	if near, ok := c.meant.Load("prdo"); !ok || len(near.([]string)) != 1 {
		t.Errorf("remembered %v, %v", near, ok)
	}
}
