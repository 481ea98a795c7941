package profile

import (
	"testing"

	"assume-role/internal/fault"
)

func TestNearest(t *testing.T) {
	t.Parallel()
	c := mustLoad(t, "[profile production]\n[profile Prod]\n[profile prod-eu]\n[profile staging]\n[profile dev]\n[profile a]\n[profile ☃☃☃]\n", "[test]\n")
	for _, tc := range []struct {
		typed string
		n     int
		want  []string
	}{
		{"prod", 3, []string{"Prod", "prod-eu", "production"}},
		{"prod", 1, []string{"Prod"}},
		{"prodcution", 3, []string{"production", "Prod"}},
		{"stagign", 3, []string{"staging"}},
		{"stag", 3, []string{"staging"}},
		{"eu", 3, []string{"prod-eu"}},
		{"my-staging", 3, []string{"staging"}},
		{"tset", 3, []string{"test"}},
		{"☃☃", 3, []string{"☃☃☃"}},
		{"zzzzz", 3, []string{}},
		{"", 3, []string{}},
		{"prod", 0, []string{}},
	} {
		diff(t, tc.typed, tc.want, c.nearest(tc.typed, tc.n))
	}
}

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
