package picker

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestMatches(t *testing.T) {
	t.Parallel()
	names := []string{"dev", "platform-prod", "prod", "prod-admin", "p-r-o-d", "shop Prod", "日本語", "x\\u202ey"}
	for query, want := range map[string]string{
		"":           "dev platform-prod prod prod-admin p-r-o-d shop Prod 日本語 x\\u202ey",
		"  ":         "dev platform-prod prod prod-admin p-r-o-d shop Prod 日本語 x\\u202ey",
		"prod":       "prod prod-admin shop Prod platform-prod p-r-o-d",
		"PROD":       "prod prod-admin shop Prod platform-prod p-r-o-d",
		"pa":         "prod-admin platform-prod",
		"admin prod": "prod-admin",
		"本":          "日本語",
		"202e":       "x\\u202ey",
		"zzz":        "",
		"prod zzz":   "",
		"dev dev":    "dev",
	} {
		var got []string
		for _, i := range matches(names, query) {
			got = append(got, names[i])
		}
		if d := cmp.Diff(strings.Join(got, " "), want); d != "" {
			t.Errorf("%q: %s", query, d)
		}
	}
}

// What is equally good stays in its order: the newest used first.
func TestMatchesKeepTheOrder(t *testing.T) {
	t.Parallel()
	names := []string{"b-admin", "a-admin", "c-admin"}
	if got, want := matches(names, "admin"), []int{0, 1, 2}; !cmp.Equal(got, want) {
		t.Errorf("%v", got)
	}
}

// FuzzMatches holds the matching to its promise: exactly the names that have
// the letters of each word in their order, each once.
func FuzzMatches(f *testing.F) {
	f.Add("platform-prod", "pp")
	f.Add("a\x00b", "b")
	f.Add("aab", "ab")
	f.Add("\xff", "\xff")
	f.Fuzz(func(t *testing.T, name, query string) {
		names := List{Names: []string{name, name + "x"}}.visibleNames()
		query = printable([]byte(query))
		seen := map[int]bool{}
		for _, i := range matches(names, query) {
			if seen[i] {
				t.Errorf("%d is there twice", i)
			}
			seen[i] = true
		}
		for i, name := range names {
			if isASCII(name+query) && seen[i] != holds(name, query) {
				t.Errorf("%q in %q: %v", query, name, seen[i])
			}
		}
	})
}

func isASCII(text string) bool {
	return strings.IndexFunc(text, func(r rune) bool { return r > 127 }) < 0
}

// holds is the promise, in the plainest words.
func holds(name, query string) bool {
	for _, word := range strings.Fields(strings.ToLower(query)) {
		rest := strings.ToLower(name)
		for _, letter := range word {
			at := strings.IndexRune(rest, letter)
			if at < 0 {
				return false
			}
			rest = rest[at+1:]
		}
	}
	return true
}

func BenchmarkMatches(b *testing.B) {
	names := make([]string, 10_000)
	for i := range names {
		names[i] = fmt.Sprintf("company-team-%04d-production-AdministratorAccess", i)
	}
	for b.Loop() {
		matches(names, "prodadm 42")
	}
}
