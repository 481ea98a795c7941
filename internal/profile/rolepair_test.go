package profile

import (
	"slices"
	"strings"
	"testing"
)

func TestParseRolePair(t *testing.T) {
	t.Parallel()
	const (
		role     = "arn:aws-cn:iam::123456789012:role/team/a,b"
		provider = "arn:aws-cn:iam::123456789012:saml-provider/idp"
	)
	for _, text := range []string{
		role + "," + provider, provider + "," + role, "  " + role + " ,\n\t" + provider + " ", provider + ", " + role,
	} {
		pair, ok := ParseRolePair(text)
		if !ok || pair != (RolePair{Role: role, Provider: provider}) || pair.Partition() != "aws-cn" {
			t.Errorf("%q: %+v %v", text, pair, ok)
		}
	}
}

func TestParseRolePairRefuses(t *testing.T) {
	t.Parallel()
	const (
		role     = "arn:aws:iam::123456789012:role/a"
		provider = "arn:aws:iam::123456789012:saml-provider/idp"
	)
	for _, text := range []string{
		"", ",", role, provider, role + "," + role, provider + "," + provider, role + ";" + provider,
		role + "," + provider + "," + role, "arn:aws:iam::1:role/a," + provider, role + "\x1b[2J," + provider,
		"arn:aws:iam::123456789012:user/a," + provider, strings.Repeat(role+",", 3),
	} {
		if pair, ok := ParseRolePair(text); ok {
			t.Errorf("%q: %+v", text, pair)
		}
	}
}

func TestSplitARNs(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]string{
		"":                       nil,
		" , ,":                   nil,
		"arn:a,arn:b":            {"arn:a", "arn:b"},
		" arn:a , arn:b ,":       {"arn:a", "arn:b"},
		"arn:a,b,arn:c":          {"arn:a,b", "arn:c"},
		"arn:a, b":               {"arn:a", "b"},
		"x,arn:b":                {"x", "arn:b"},
		"arn:a,b ,\n\tarn:c,d,e": {"arn:a,b", "arn:c,d,e"},
	} {
		if got := splitARNs(text); !slices.Equal(got, want) {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

// FuzzParseRolePair holds what is taken for a pair to what STS takes for one.
func FuzzParseRolePair(f *testing.F) {
	f.Add("arn:aws:iam::123456789012:role/a,arn:aws:iam::123456789012:saml-provider/b")
	f.Add("arn:aws:iam::123456789012:saml-provider/b , arn:aws:iam::123456789012:role/p/a,b")
	f.Fuzz(func(t *testing.T, text string) {
		pair, ok := ParseRolePair(text)
		if !ok {
			return
		}
		for _, arn := range []string{pair.Role, pair.Provider} {
			if len(arn) > 2048 || strings.ContainsFunc(arn, func(r rune) bool { return r < '!' || r > '~' }) {
				t.Errorf("took %q", arn)
			}
		}
		if again, ok := ParseRolePair(pair.Provider + "," + pair.Role); !ok || again != pair {
			t.Errorf("%+v turned round is %+v", pair, again)
		}
	})
}
