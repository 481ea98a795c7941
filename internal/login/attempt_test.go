package login

import (
	"crypto/sha256"
	"encoding/base64"
	"net/url"
	"strings"
	"testing"

	"assume-role/internal/creds"
	"assume-role/internal/profile"
)

// TestAttemptsDiffer: nothing of one sign-in serves another.
func TestAttemptsDiffer(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for range 20 {
		a, err := begin(crossDevice, "r", creds.Secret(random(32)))
		if err != nil {
			t.Fatal(err)
		}
		public, err := publicOf(a.key)
		if err != nil {
			t.Fatal(err)
		}
		for _, text := range []string{a.state.Reveal(), a.verifier.Reveal(), public.X} {
			if seen[text] || len(text) < 43 {
				t.Errorf("again, or short: %q", text)
			}
			seen[text] = true
		}
	}
}

// TestAddress: the parameters that AWS Sign-In wants, and no verifier.
func TestAddress(t *testing.T) {
	t.Parallel()
	a, err := begin(sameDevice, "http://127.0.0.1:1/oauth/callback", "st ate&")
	if err != nil {
		t.Fatal(err)
	}
	address := a.address("https://eu-west-1.signin.aws.amazon.com/")
	u, err := url.Parse(address)
	if err != nil || u.Scheme+"://"+u.Host+u.Path != "https://eu-west-1.signin.aws.amazon.com/v1/authorize" || strings.Contains(address, a.verifier.Reveal()) {
		t.Fatalf("%v %s", err, address)
	}
	sum := sha256.Sum256([]byte(a.verifier.Reveal()))
	for name, want := range map[string]string{
		"response_type": "code", "client_id": "arn:aws:signin:::devtools/same-device", "state": "st ate&", "code_challenge_method": "SHA-256",
		"scope": "openid", "redirect_uri": "http://127.0.0.1:1/oauth/callback", "code_challenge": base64.RawURLEncoding.EncodeToString(sum[:]),
	} {
		if got := u.Query()[name]; len(got) != 1 || got[0] != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	if len(u.Query()) != 7 {
		t.Errorf("more than that: %s", u.RawQuery)
	}
}

// FuzzPasted: whatever a person pastes, a code comes out of a text with the
// right state only, and no error repeats what was pasted.
func FuzzPasted(f *testing.F) {
	for _, seed := range []string{
		"", " ", "x", "====", base64.StdEncoding.EncodeToString([]byte("state=right&code=sesame")), "\n" + base64.StdEncoding.EncodeToString([]byte("code=sesame&state=right")) + " ",
		base64.StdEncoding.EncodeToString([]byte("state=wrong&code=sesame")), base64.RawURLEncoding.EncodeToString([]byte("state=right&code=ses?ame~")),
		base64.StdEncoding.EncodeToString([]byte("state=right&code=%00")), base64.StdEncoding.EncodeToString([]byte("state=right&code=a&code=b")),
		base64.StdEncoding.EncodeToString([]byte("%zz")), base64.StdEncoding.EncodeToString([]byte("state=right&code=" + strings.Repeat("x", 513))),
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		a := &attempt{state: "right"}
		code, err := a.pasted(creds.Secret(text))
		plain, _ := base64.StdEncoding.DecodeString(strings.TrimSpace(text))
		switch {
		case err == nil && (code == "" || len(code) > longestCode || !strings.Contains(string(plain), "right") && !strings.Contains(string(plain), "%")):
			t.Errorf("%q gave %q", text, code.Reveal())
		case err != nil && (code != "" || len(text) > 40 && strings.Contains(err.Error(), text)):
			t.Errorf("%q: %v", text, err)
		}
	})
}

// FuzzSubject: what an id token says becomes a line of the config file.
func FuzzSubject(f *testing.F) {
	token := func(claims string) string { return "h." + base64.RawURLEncoding.EncodeToString([]byte(claims)) + ".s" }
	for _, seed := range []string{
		"", "..", "a.b.c", token(`{}`), token(`{"sub":1}`), token(`{"sub":"arn:aws:iam::123456789012:root"}`),
		token(`{"sub":"arn:aws:sts::123456789012:assumed-role/Admin/a+b=c,d.e@f-g"}`) + "=", token(`{"sub":"arn:aws:iam::123456789012:user/x\n[default]"}`),
		token(`{"sub":"arn:aws:iam::123456789012:user/x ; y"}`), token(`{"sub":"arn:aws:iam::123456789012:user/\u202ex"}`),
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, token string) {
		identity, err := subject(token)
		if err != nil {
			if identity != "" {
				t.Errorf("%q beside %v", identity, err)
			}
			return
		}
		if profile.AccountOf(identity) == "" || strings.ContainsAny(identity, "\r\n\t #;") {
			t.Errorf("%q", identity)
		}
	})
}
