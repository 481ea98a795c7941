package nearest

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestNames(t *testing.T) {
	t.Parallel()
	known := []string{"production", "Prod", "prod-eu", "staging", "dev", "a", "☃☃☃", "test", "test"}
	for typed, want := range map[string][]string{
		"prod":       {"Prod", "prod-eu", "production"},
		"prodcution": {"production", "Prod"},
		"stagign":    {"staging"},
		"stag":       {"staging"},
		"eu":         {"prod-eu"},
		"my-staging": {"staging"},
		"tset":       {"test"},
		"☃☃":         {"☃☃☃"},
		"zzzzz":      {},
		"":           {},
	} {
		if diff := cmp.Diff(want, Names(known, typed)); diff != "" {
			t.Errorf("%q: %s", typed, diff)
		}
	}
}

// TestNamesAreFew: a hint is no list.
func TestNamesAreFew(t *testing.T) {
	t.Parallel()
	if got := Names([]string{"a1", "a2", "a3", "a4", "a5"}, "a"); len(got) != 3 {
		t.Errorf("got %q", got)
	}
}

func TestHint(t *testing.T) {
	t.Parallel()
	known := []string{"exec", "export", "explain"}
	for typed, want := range map[string]string{
		"exce": "did you mean exec?", "exp": "did you mean explain, export?", "zzz": "look around",
	} {
		if got := Hint(known, typed, "look around"); got != want {
			t.Errorf("%q: %q, want %q", typed, got, want)
		}
	}
	if got, want := OneOf(known, "zzz"), "one of exec, export, explain"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got := Hint(nil, "exec", ""); got != "" {
		t.Errorf("of nothing: %q", got)
	}
}

func TestWithin(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		limit      int
		one, other string
		want       bool
	}{
		{0, "role_arn", "role_arn", true}, {1, "role_anr", "role_arn", true}, {1, "role_an", "role_arn", true},
		{1, "rol_an", "role_arn", false}, {2, "rol_an", "role_arn", true}, {2, "", "abc", false}, {3, "", "abc", true},
		{1, "Role_arn", "role_arn", true}, {0, "Role_arn", "role_arn", false},
	} {
		if got := Within(tc.limit, tc.one, tc.other); got != tc.want {
			t.Errorf("%q and %q within %d: %v", tc.one, tc.other, tc.limit, got)
		}
	}
}

// FuzzNames: no word makes it fail, and what it returns is known.
func FuzzNames(f *testing.F) {
	f.Add("prod", "Prod")
	f.Add("\xff", "☃")
	f.Fuzz(func(t *testing.T, typed, known string) {
		for _, name := range Names([]string{known}, typed) {
			if name != known {
				t.Errorf("%q is not known", name)
			}
		}
	})
}
