package assume

import (
	"encoding/base64"
	"net/url"
	"strings"
	"testing"

	"assume-role/internal/creds"
	"assume-role/internal/profile"
)

// The name spaces of SAML 2.0, the version that AWS takes.
const (
	samlProtocol  = "urn:oasis:names:tc:SAML:2.0:protocol"
	samlAssertion = "urn:oasis:names:tc:SAML:2.0:assertion"
)

const (
	samlRole     = "arn:aws:iam::123456789012:role/a"
	samlProvider = "arn:aws:iam::123456789012:saml-provider/idp"
)

// response is a SAML response with these attributes, in base64.
func response(attributes string) string {
	return encode(`<?xml version="1.0"?><p:Response xmlns:p="` + samlProtocol + `"><Assertion xmlns="` + samlAssertion + `"><AttributeStatement>` +
		attributes + `</AttributeStatement></Assertion></p:Response>`)
}

func attribute(name string, values ...string) string {
	text := `<Attribute Name="` + name + `">`
	for _, v := range values {
		text += "<AttributeValue>" + v + "</AttributeValue>"
	}
	return text + "</Attribute>"
}

func encode(text string) string { return base64.StdEncoding.EncodeToString([]byte(text)) }

func TestReadAssertion(t *testing.T) {
	t.Parallel()
	plain := response(attribute(roleAttribute, samlRole+","+samlProvider))
	want := []profile.RolePair{{Role: samlRole, Provider: samlProvider}}
	for name, printed := range map[string]string{
		"as posted":     plain,
		"a line's end":  plain + "\r\n",
		"in lines":      plain[:60] + "\n  " + plain[60:120] + "\r\n" + plain[120:],
		"for a URL":     url.QueryEscape(plain),
		"turned round":  response(attribute(roleAttribute, samlProvider+","+samlRole)),
		"with blanks":   response(attribute(roleAttribute, "\n  "+samlProvider+" ,\n "+samlRole+"\n")),
		"as CDATA":      response(attribute(roleAttribute, "<![CDATA["+samlRole+","+samlProvider+"]]>")),
		"twice":         response(attribute(roleAttribute, samlRole+","+samlProvider, samlProvider+","+samlRole)),
		"among others":  response(attribute("https://aws.amazon.com/SAML/Attributes/SessionDuration", "900") + attribute(roleAttribute, "arn:else", samlRole+","+samlProvider)),
		"no name space": encode(`<Response><Attribute Name="` + roleAttribute + `"><AttributeValue>` + samlRole + "," + samlProvider + `</AttributeValue></Attribute></Response>`),
		"with comments": response(attribute(roleAttribute, samlRole+"<!-- x -->,"+samlProvider)),
	} {
		a, why := readAssertion(creds.Secret(printed))
		if why != "" || len(a.pairs) != 1 || a.pairs[0] != want[0] {
			t.Errorf("%s: %v %q", name, a.pairs, why)
		}
		if strings.ContainsAny(a.text.Reveal(), "% \r\n") || !strings.HasPrefix(a.text.Reveal(), "P") {
			t.Errorf("%s: it is not sent as the base64 alone", name)
		}
	}
}

func TestReadAssertionSortsRoles(t *testing.T) {
	t.Parallel()
	a, why := readAssertion(creds.Secret(response(attribute(roleAttribute, samlRole+"2,"+samlProvider, samlRole+"1,"+samlProvider) +
		attribute(roleAttribute, samlRole+"1,"+samlProvider+"0"))))
	want := []profile.RolePair{
		{Role: samlRole + "1", Provider: samlProvider}, {Role: samlRole + "1", Provider: samlProvider + "0"}, {Role: samlRole + "2", Provider: samlProvider},
	}
	if why != "" || len(a.pairs) != 3 || a.pairs[0] != want[0] || a.pairs[1] != want[1] || a.pairs[2] != want[2] {
		t.Errorf("got %v %q", a.pairs, why)
	}
}

// Roles that are not where AWS looks for them are none.
func TestReadAssertionOverlooks(t *testing.T) {
	t.Parallel()
	pair := samlRole + "," + samlProvider
	for name, printed := range map[string]string{
		"another case":       response(attribute(strings.ToLower(roleAttribute), pair)),
		"another document":   encode("<html><body>sign in</body></html>"),
		"an escape sequence": response(attribute(roleAttribute, samlRole+"\u009b2J,"+samlProvider)),
		"an encrypted one":   encode(`<p:Response xmlns:p="` + samlProtocol + `"><EncryptedAssertion/></p:Response>`),
		"a user":             response(attribute(roleAttribute, "arn:aws:iam::123456789012:user/a,"+samlProvider)),
	} {
		if a, why := readAssertion(creds.Secret(printed)); why != "" || len(a.pairs) != 0 {
			t.Errorf("%s: %v %q", name, a.pairs, why)
		}
	}
}

func TestReadAssertionRefuses(t *testing.T) {
	t.Parallel()
	const canary = "c4n4ry"
	long := response(attribute("x", strings.Repeat("x", 75000)))
	for _, tc := range []struct{ name, printed, want string }{
		{"nothing", " \n", "nothing"},
		{"a word", canary + "!", "base64"},
		{"XML", "<Response>" + canary, "XML and not its base64"},
		{"too much", long, "100,000"},
		{"no text", encode(""), "nothing"},
		{"no base64 in a URL", "%zz" + canary, "base64"},
		{"escaped twice", url.QueryEscape(url.QueryEscape(response("") + "+/=")), "base64"},
	} {
		a, why := readAssertion(creds.Secret(tc.printed))
		if !strings.Contains(why, tc.want) || a.text != "" {
			t.Errorf("%s: %q, want %q", tc.name, why, tc.want)
		}
		if strings.Contains(why, canary) {
			t.Errorf("%s: it quotes the answer: %s", tc.name, why)
		}
	}
}

// TestReadAssertionThatShowsNoRoles: AWS may still take it.
func TestReadAssertionThatShowsNoRoles(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, printed, want string }{
		{"a text", encode("c4n4ry"), "no XML"},
		{"half", response("<c4n4ry")[:100], "no XML"},
		{"a document type", encode(`<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><r>&x;</r>`), "document type"},
		{"a laughing one", encode(`<!DOCTYPE r [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><r>&b;</r>`), "document type"},
		{"an entity", response(attribute(roleAttribute, "&x;c4n4ry")), "no XML"},
	} {
		a, why := readAssertion(creds.Secret(tc.printed))
		if why != "" || !strings.Contains(a.flaw, tc.want) || a.text == "" || len(a.pairs) != 0 || strings.Contains(a.flaw, "c4n4ry") {
			t.Errorf("%s: %q %q, want %q", tc.name, why, a.flaw, tc.want)
		}
	}
}

// FuzzReadAssertion: whatever a program prints, what is sent is base64 within
// AWS's limit, and what is shown of it is role pairs.
func FuzzReadAssertion(f *testing.F) {
	f.Add(response(attribute(roleAttribute, samlRole+","+samlProvider)))
	f.Add(url.QueryEscape(response(attribute(roleAttribute, samlProvider+", "+samlRole))))
	f.Add(encode(`<!DOCTYPE r>`))
	f.Add("\ufeff%")
	f.Fuzz(func(t *testing.T, printed string) {
		a, why := readAssertion(creds.Secret(printed))
		if why != "" {
			return
		}
		if _, err := base64.StdEncoding.DecodeString(a.text.Reveal()); err != nil || len(a.text) > longestAssertion {
			t.Errorf("sends %d characters: %v", len(a.text), err)
		}
		for _, pair := range a.pairs {
			if again, ok := profile.ParseRolePair(pair.Role + "," + pair.Provider); !ok || again != pair {
				t.Errorf("offers %+v", pair)
			}
		}
	})
}
