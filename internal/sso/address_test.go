package sso

import (
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"assume-role/internal/awsfake"
	"assume-role/internal/terminal"
)

func TestOfAWS(t *testing.T) {
	t.Parallel()
	for host, want := range map[string]bool{
		"d-abc.awsapps.com": true, "D-ABC.AWSAPPS.COM.": true, "start.us-gov-home.awsapps.com": true, "d-abc.awsapps.cn": true,
		"ssoins-1.portal.eu-central-1.app.aws": true, "ssoins-1.eu-central-1.portal.amazonaws.com": true, "ssoins-1.cn-north-1.portal.amazonaws.com.cn": true,
		"identitycenter.amazonaws.com": true, "oidc.eu-central-1.amazonaws.com": true, "oidc-fips.us-gov-west-1.amazonaws.com": true,
		"device.sso.eu-central-1.amazonaws.com": true, "device.sso.cn-north-1.amazonaws.com.cn": true, "oidc.eu-central-1.api.aws": true,
		"": false, "awsapps.com": false, "app.aws": false, "amazonaws.com": false, "example.com": false,
		"evilawsapps.com": false, "d-abc.awsapps.com.evil.example": false, "oidc.evil.example": false, "oidc.a-b.evil.amazonaws.com": false,
		"bucket.s3.eu-central-1.amazonaws.com": false, "ec2-1-2-3-4.eu-central-1.compute.amazonaws.com": false, "x.oidc.eu-central-1.amazonaws.com": false,
	} {
		if ofAWS(host) != want {
			t.Errorf("%q: %v", host, !want)
		}
	}
}

func TestRegionOf(t *testing.T) {
	t.Parallel()
	for host, want := range map[string]string{
		"ssoins-1.portal.eu-central-1.app.aws": "eu-central-1", "ssoins-1.eu-west-1.portal.amazonaws.com": "eu-west-1",
		"ssoins-1.cn-north-1.portal.amazonaws.com.cn": "cn-north-1", "d-abc.awsapps.com": "", "": "",
	} {
		if got := regionOf(host); got != want {
			t.Errorf("%q: %q, not %q", host, got, want)
		}
	}
}

// TestVanityAddress follows one redirect, to AWS only.
func TestVanityAddress(t *testing.T) {
	t.Parallel()
	const own = "https://aws.corp.example/sso"
	for name, tc := range map[string]struct {
		start, to string
		status    int
		want      string
	}{
		"AWS's":             {portal, "", 0, portal},
		"a portal":          {own, portal + "/?a=b#c", 302, portal},
		"a regional portal": {own, "https://ssoins-1.portal." + home + ".app.aws", 301, "https://ssoins-1.portal." + home + ".app.aws"},
		"another region":    {own, "https://ssoins-1.portal.us-east-1.app.aws", 301, "! sso_region is eu-central-1, and " + own + " leads to a portal in us-east-1"},
		"elsewhere":         {own, "https://evil.example/", 302, "! leads to https://evil.example, which is not an access portal of AWS"},
		"twice":             {own, "https://other.corp.example/", 302, "! which is not an access portal"},
		"plain":             {own, "http://d-abc.awsapps.com/start", 302, "! leads to http://d-abc.awsapps.com, which is not"},
		"nowhere":           {own, "", 302, "! redirects to no address"},
		"a page":            {own, "", 200, "! is not an access portal of AWS, and does not lead to one"},
		"an error":          {own, "", 500, "! does not lead to one"},
		"not https":         {"http://d-abc.awsapps.com/start", "", 0, "! is not an https address"},
		"no address":        {"https://", "", 0, "! is not an https address"},
	} {
		w := newWorld(t)
		w.session.StartURL = tc.start
		asked := 0
		w.meddle = func(r *http.Request) *http.Response {
			asked++
			if r.Method == http.MethodHead && tc.status == 301 {
				return respond(r, 405, "")
			}
			response := respond(r, tc.status, "")
			if tc.to != "" {
				response.Header.Set("Location", tc.to)
			}
			return response
		}
		got, err := w.session.resolved(t.Context())
		if words, fails := strings.CutPrefix(tc.want, "! "); fails {
			if err == nil || !strings.Contains(err.Error(), words) {
				t.Errorf("%s: %q %v", name, got, err)
			}
		} else if got != tc.want || err != nil {
			t.Errorf("%s: %q %v", name, got, err)
		}
		if (asked > 0) != (tc.status > 0) || asked > 2 {
			t.Errorf("%s: %d requests", name, asked)
		}
	}
}

// TestVanityTokenIsUsed: the token of what the address leads to is the one.
func TestVanityTokenIsUsed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.session.StartURL = "https://aws.corp.example/sso"
	w.write(w.aws.SSOToken(awsfake.SSOSignIn{User: "alice", StartURL: portal, Region: home, Left: time.Hour}))
	w.gets("Admin")
}

// FuzzPresentable: nothing is told that could not be an address, and nothing
// opened that is not AWS's or on this machine.
func FuzzPresentable(f *testing.F) {
	for _, seed := range []string{"https://d-abc.awsapps.com/start", "http://127.0.0.1:1/", "http://localhost/", "https://[::1]/", "ftp://x/", "https://a b/", "https://\u202eexample.com/", "//x", "https://x@d-abc.awsapps.com/"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, address string) {
		s := Session{Trusted: []string{"trusted.example"}}
		if strings.HasPrefix(strings.ToLower(address), "http://") {
			return // looks a host up
		}
		opens, err := s.presentable(t.Context(), address)
		if err == nil && (!strings.HasPrefix(strings.ToLower(address), "https://") || terminal.Visible(address) != address) {
			t.Errorf("%q is told", address)
		}
		if opens && err == nil && !ofAWS(hostOf(address)) && !strings.Contains(address, "127.") && !strings.Contains(address, "::") && hostOf(address) != "trusted.example" {
			t.Errorf("%q is opened", address)
		}
	})
}

// FuzzReadClient: whatever lies in the folder is a registration or none.
func FuzzReadClient(f *testing.F) {
	for _, seed := range []string{`{"clientId":"x","clientSecret":"y","expiresAt":"2999-01-01T00:00:00Z","scopes":["a"],"grantTypes":["authorization_code"]}`, `{}`, `[`, `{"clientId":1,"scopes":"x"}`, `{"scopes":[1]}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		path := filepath.Join(t.TempDir(), "registration.json")
		read := func(text []byte) (client, bool) {
			if err := os.WriteFile(path, text, 0o600); err != nil {
				t.Fatal(err)
			}
			return readClient(path)
		}
		c, ok := read(text)
		if !ok {
			return
		}
		again, fine := read(c.encode())
		if c.id == "" || c.secret == "" || !fine || again.id != c.id || again.secret != c.secret || !slices.Equal(again.scopes, c.scopes) {
			t.Errorf("%q does not come back", text)
		}
	})
}
