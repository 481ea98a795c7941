package assume

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/smithy-go"

	"assume-role/internal/awsfake"
	"assume-role/internal/cache"
	"assume-role/internal/creds"
	"assume-role/internal/fault"
	"assume-role/internal/profile"
)

// tokenChain is a plan that begins with a web identity token for a role.
func (w *world) tokenChain(setting, text string, calls ...profile.Call) *profile.Chain {
	w.Helper()
	line := func(n int) fault.Origin { return fault.Origin{File: "config", Path: "~/.aws/config", Line: n} }
	chain := w.chain(calls...)
	chain.Source = profile.Source{
		Kind: profile.WebIdentity, Profile: "ci", Origin: line(4),
		Settings: map[string]profile.Value{setting: {Text: text, Origin: line(4)}},
		Role: &profile.Call{
			Kind: profile.WebIdentity, Profile: "ci", Duration: time.Hour, RoleARN: w.aws.AddRole(awsfake.Role{Name: "ci", MaxDuration: 12 * time.Hour}),
			Settings: map[string]fault.Origin{"role_arn": line(3)},
		},
	}
	return chain
}

// tokenFile writes a file with a text and a newline.
func (w *world) tokenFile(text string) (path string) {
	w.Helper()
	path = filepath.Join(w.TempDir(), "token")
	if err := os.WriteFile(path, []byte(text+"\n"), 0o600); err != nil {
		w.Fatal(err)
	}
	return path
}

// web counts AssumeRoleWithWebIdentity.
func (w *world) web(want int) {
	w.Helper()
	if got := w.aws.Count("AssumeRoleWithWebIdentity"); got != want {
		w.Errorf("%d calls of AssumeRoleWithWebIdentity, want %d", got, want)
	}
}

func (w *world) token() string { return w.aws.AddWebIdentity(awsfake.WebIdentity{}).Reveal() }

func TestWebIdentityFromAFile(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	chain := w.tokenChain("web_identity_token_file", w.tokenFile(w.token()))
	role := chain.Source.Role
	role.SessionName, role.Duration = "job-1", 2*time.Hour
	role.Policy, role.PolicyARNs = `{"Version":"2012-10-17","Statement":[]}`, []string{"arn:aws:iam::aws:policy/ReadOnlyAccess"}
	got := w.get(chain)
	if got.ARN != "arn:aws:sts::123456789012:assumed-role/ci/job-1" || got.AccountID != "123456789012" {
		t.Errorf("credentials of %s in %s", got.ARN, got.AccountID)
	}
	call := w.aws.Calls()[0]
	for name, want := range map[string]string{
		"RoleArn": role.RoleARN, "RoleSessionName": "job-1", "DurationSeconds": "7200", "Policy": role.Policy,
		"PolicyArns.member.1.arn": "arn:aws:iam::aws:policy/ReadOnlyAccess", "WebIdentityToken": "***",
	} {
		if call.Params[name] != want {
			t.Errorf("%s is %q", name, call.Params[name])
		}
	}
	if call.AccessKeyID != "" {
		t.Errorf("signed with %s", call.AccessKeyID)
	}
	if again := w.get(chain); again != got {
		t.Error("the session was not kept")
	}
	w.web(1)
}

// TestWebIdentityIsNamed: the name is required, and the caller's where nobody
// set one.
func TestWebIdentityIsNamed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.get(w.tokenChain("web_identity_token_file", w.tokenFile(w.token())))
	if name := w.aws.Calls()[0].Params["RoleSessionName"]; name != "alice@laptop" {
		t.Errorf("named %q", name)
	}
}

func TestWebIdentityFromAProgram(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("the programs are shell scripts")
	}
	w := newWorld(t)
	w.options.Program.Environ = []string{"TOKEN_FILE=" + w.tokenFile(w.token()), profile.VariableResolving + "=outer", "PATH=" + os.Getenv("PATH")}
	w.get(w.tokenChain("web_identity_token_process", `test "$ASSUME_ROLE_RESOLVING" = "$(printf 'outer\ndev\nci')" && cat "$TOKEN_FILE"`))
	w.web(1)
	err := w.fails(w.tokenChain("web_identity_token_process", "echo not-for-you-TOKEN; exit 3"), "web_identity_token_process failed: exit status 3", "config:4", "by hand")
	if strings.Contains(err.Error(), "TOKEN;") || strings.Contains(err.Error(), "not-for-you-TOKEN ") {
		t.Error(err)
	}
	w.fails(w.tokenChain("web_identity_token_process", "true"), "what web_identity_token_process prints is empty", "print the identity provider's token and nothing else")
	w.fails(w.tokenChain("web_identity_token_process", "head -c 2000000 /dev/zero | tr '\\0' a"), "web_identity_token_process failed: it printed too much")
}

func TestWebIdentityFromAVariable(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token := w.token()
	w.options.Getenv = func(name string) string { return map[string]string{"ID_TOKEN": token + "\n", "SHORT": "abc"}[name] }
	w.get(w.tokenChain("web_identity_token_env", "ID_TOKEN"))
	w.web(1)
	w.fails(w.tokenChain("web_identity_token_env", "OTHER"), "variable OTHER", "not set", "config:4", "id_tokens")
	w.fails(w.tokenChain("web_identity_token_env", "SHORT"), "the variable SHORT is no web identity token", "put the identity provider's token there")
}

func TestWebIdentityFromGithub(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	address, key := w.aws.AddGithubJob(awsfake.WebIdentity{Subject: "repo:me/it"})
	env := map[string]string{"ACTIONS_ID_TOKEN_REQUEST_URL": address, "ACTIONS_ID_TOKEN_REQUEST_TOKEN": key.Reveal()}
	w.options.Getenv = func(name string) string { return env[name] }
	chain := w.tokenChain("web_identity_token_source", "github")
	w.get(chain)
	w.get(chain)
	w.web(1)
	if asked := w.aws.Calls()[0]; asked.Action != "GithubIDToken" || asked.Params["audience"] != "sts.amazonaws.com" || asked.Params["api-version"] != "2.0" {
		t.Errorf("GitHub was asked %+v", asked)
	}
	if n := w.aws.Count("GithubIDToken"); n != 1 {
		t.Errorf("GitHub was asked %d times", n)
	}
	// Another job is not given this one's session, and has no permission.
	env["ACTIONS_ID_TOKEN_REQUEST_TOKEN"] = "another-job-without-it"
	err := w.fails(chain, `profile "ci"`, "GitHub refused a web identity token", "401", "permissions: id-token: write", "config:4")
	if strings.Contains(err.Error(), "another-job") {
		t.Error(err)
	}
	for _, name := range []string{"ACTIONS_ID_TOKEN_REQUEST_TOKEN", "ACTIONS_ID_TOKEN_REQUEST_URL"} {
		env[name] = ""
		w.fails(chain, "variable "+name+" is not set", "permissions: id-token: write")
	}
	w.web(1)
}

func TestGithubThatCannotBeReached(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	address, key := w.aws.AddGithubJob(awsfake.WebIdentity{})
	env := map[string]string{"ACTIONS_ID_TOKEN_REQUEST_TOKEN": key.Reveal()}
	w.options.Getenv = func(name string) string { return env[name] }
	chain := w.tokenChain("web_identity_token_source", "github")
	for wrong, words := range map[string][]string{
		"http://192.0.2.1/x?api-version=2.0": {"plain http to 192.0.2.1", "https", "endpoints.trusted"},
		"ftp:/x":                             {"ACTIONS_ID_TOKEN_REQUEST_URL is not an https address"},
		"https://u:p@github.test/x":          {"ACTIONS_ID_TOKEN_REQUEST_URL is not an https address"},
		"https://github.invalid/x":           {"the request to GitHub for a web identity token failed", "github.invalid"},
	} {
		env["ACTIONS_ID_TOKEN_REQUEST_URL"] = wrong
		w.fails(chain, words...)
	}
	env["ACTIONS_ID_TOKEN_REQUEST_URL"] = address
	w.aws.Inject(awsfake.Fault{Mode: awsfake.InternalError, Action: "GithubIDToken"})
	err := w.fails(chain, "the request to GitHub for a web identity token failed", "500 Internal Server Error", "check the network and the proxy, and try again")
	if !errors.Is(err, cache.ErrUnreachable) {
		t.Error("a valid session would not serve")
	}
	w.aws.ClearFaults()
	foreign := httptest.NewServer(http.HandlerFunc(func(out http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(out, `{"count":0}`) }))
	defer foreign.Close()
	env["ACTIONS_ID_TOKEN_REQUEST_URL"] = foreign.URL
	w.fails(chain, "the token in GitHub's answer is empty", "leave ACTIONS_ID_TOKEN_REQUEST_URL")
	w.web(0)
}

// TestWebIdentityTokenIsReadAnew for every session, and only for one.
func TestWebIdentityTokenIsReadAnew(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	path := w.tokenFile(w.token())
	chain := w.tokenChain("web_identity_token_file", path)
	first := w.get(chain)
	if err := os.WriteFile(path, []byte(w.token()), 0o600); err != nil {
		t.Fatal(err)
	}
	if w.get(chain) != first {
		t.Error("a renewed token of the same holder costs a session")
	}
	w.web(1)
	w.aws.Advance(2 * time.Hour)
	late := func() time.Time { return time.Now().Add(2 * time.Hour) }
	w.options.Now, w.options.Cache.Now = late, late
	w.fails(chain, "AssumeRoleWithWebIdentity of", "ExpiredTokenException", "config:4", "the token has expired: get a new one")
	if err := os.WriteFile(path, []byte(w.token()), 0o600); err != nil {
		t.Fatal(err)
	}
	if w.get(chain) == first {
		t.Error("the expired session was handed out")
	}
}

// TestWebIdentityOfAnotherHolderIsAnother: a shared cache must not give one
// job's session to the next.
func TestWebIdentityOfAnotherHolderIsAnother(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	path := w.tokenFile(w.token())
	chain := w.tokenChain("web_identity_token_file", path)
	first := w.get(chain)
	other := w.aws.AddWebIdentity(awsfake.WebIdentity{Subject: "repo:someone/else"})
	if err := os.WriteFile(path, []byte(other.Reveal()), 0o600); err != nil {
		t.Fatal(err)
	}
	if w.get(chain) == first {
		t.Error("one job got another's session")
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	w.fails(chain, "there is no web identity token file "+path, "config:4")
}

func TestWebIdentityFilesThatHoldNoToken(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	dir := t.TempDir()
	for text, words := range map[string]string{
		"":                         "is empty",
		"\r\n\n":                   "is empty",
		"abc":                      "is no web identity token",
		"two tokens":               "is no web identity token",
		"two\ntokens":              "is no web identity token",
		"\x00\x01\x02\x03\x04":     "is no web identity token",
		"t\u00f6ken":               "is no web identity token",
		strings.Repeat("a", 20001): "longer than the 20,000 characters",
		strings.Repeat("a", 2<<20): "not a regular file within the limit",
	} {
		path := w.tokenFile(text)
		w.fails(w.tokenChain("web_identity_token_file", path), "the web identity token file "+path, words, "config:4")
	}
	w.fails(w.tokenChain("web_identity_token_file", dir), "the web identity token file "+dir, "not a regular file")
	w.fails(w.tokenChain("web_identity_token_file", filepath.Join(dir, "x")), "there is no web identity token file", "x")
	w.fails(w.tokenChain("carrier_pigeon", "x"), "where the web identity token comes from")
	w.web(0)
}

// TestWebIdentityTakesTheLongestToken that AWS does, newline or not.
func TestWebIdentityTakesTheLongestToken(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"abcd", strings.Repeat("a", 20000), "Atza|IQEBLjAsAhRmHjNgHpi0U-Dme37rR6CuUpSR"} {
		for _, end := range []string{"", "\n", "\r\n", "\n\n"} {
			if got, err := fit(creds.Secret(text+end), "it", "mend it"); err != nil || got.Reveal() != text {
				t.Errorf("%d characters and %q: %v", len(text), end, err)
			}
		}
	}
}

// TestChainFromAWebIdentity: the kept session signs the next role.
func TestChainFromAWebIdentity(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	next := w.role(awsfake.Role{Name: "next"})
	next.Chained = true
	chain := w.tokenChain("web_identity_token_file", w.tokenFile(w.token()), next)
	w.get(chain)
	other := w.role(awsfake.Role{Name: "other"})
	chain.Calls = []profile.Call{other}
	w.get(chain)
	w.web(1)
	w.counts(0, 2, 0)
	if signer := w.aws.Calls()[2].Caller; signer != "arn:aws:sts::123456789012:assumed-role/ci/alice@laptop" {
		t.Errorf("signed by %s", signer)
	}
}

// TestKeysHaveTheSourcesOwn: what is kept can be cleared.
func TestKeysHaveTheSourcesOwn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	store := &memory{items: map[string][]byte{}}
	w.options.Cache.Store = store
	chain := w.tokenChain("web_identity_token_file", w.tokenFile(w.token()), w.role(awsfake.Role{Name: "next"}))
	w.get(chain)
	keys, err := New(w.options).Keys(chain)
	if err != nil || len(keys) != 2 {
		t.Fatalf("%d keys, %v", len(keys), err)
	}
	for i, want := range []cache.Entry{
		{Profile: "ci", Kind: "web-identity", RoleARN: chain.Source.Role.RoleARN},
		{Profile: "dev", Kind: "assume-role", RoleARN: chain.Calls[0].RoleARN},
	} {
		e, err := cache.Decode(keys[i], store.items[keys[i]])
		if err != nil || e.Profile != want.Profile || e.Kind != want.Kind || e.RoleARN != want.RoleARN || e.Credentials.Expiration.IsZero() {
			t.Errorf("key %d: %+v, %v", i, e, err)
		}
	}
	plain, err := New(w.options).Keys(w.chain(w.mfaSession(), chain.Calls[0]))
	if err != nil || len(plain) != 2 {
		t.Errorf("%d keys of a chain from long-lived keys, %v", len(plain), err)
	}
}

// TestEverythingShapesAWebIdentity: no session serves for another call.
func TestEverythingShapesAWebIdentity(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	path := w.tokenFile(w.token())
	key := func(change func(*profile.Chain, *Options)) string {
		chain, options := w.tokenChain("web_identity_token_file", path), w.options
		change(chain, &options)
		keys, err := New(options).Keys(chain)
		if err != nil || len(keys) != 1 {
			t.Fatalf("%d keys, %v", len(keys), err)
		}
		return keys[0]
	}
	copied := filepath.Join(t.TempDir(), "copied")
	text, _ := os.ReadFile(path)
	if err := os.WriteFile(copied, text, 0o600); err != nil {
		t.Fatal(err)
	}
	seen := map[string]string{key(func(*profile.Chain, *Options) {}): "the first"}
	for what, change := range map[string]func(*profile.Chain, *Options){
		"role":         func(c *profile.Chain, _ *Options) { c.Source.Role.RoleARN += "x" },
		"name":         func(c *profile.Chain, _ *Options) { c.Source.Role.SessionName = "x1" },
		"duration":     func(c *profile.Chain, _ *Options) { c.Source.Role.Duration = 900 * time.Second },
		"policy":       func(c *profile.Chain, _ *Options) { c.Source.Role.Policy = "{}" },
		"policies":     func(c *profile.Chain, _ *Options) { c.Source.Role.PolicyARNs = []string{"arn:p"} },
		"endpoint":     func(c *profile.Chain, _ *Options) { c.STS.URL = "https://else" },
		"shaping name": func(_ *profile.Chain, o *Options) { o.NameShapes = true },
		"file": func(c *profile.Chain, _ *Options) {
			c.Source.Settings = map[string]profile.Value{"web_identity_token_file": {Text: copied}}
		},
		"program": func(c *profile.Chain, _ *Options) {
			c.Source.Settings = map[string]profile.Value{"web_identity_token_process": {Text: "echo $A"}}
		},
		"a program's variable": func(c *profile.Chain, o *Options) {
			c.Source.Settings = map[string]profile.Value{"web_identity_token_process": {Text: "echo $A"}}
			o.Program.Environ = []string{"A=b"}
		},
	} {
		k := key(change)
		if before, ok := seen[k]; ok {
			t.Errorf("%s shares a session with %s", what, before)
		}
		seen[k] = what
	}
	if key(func(c *profile.Chain, _ *Options) { c.Source.Profile, c.Source.Role.Profile, c.Region = "x", "x", "y" }) != key(func(*profile.Chain, *Options) {}) {
		t.Error("profiles that ask for the same share no session")
	}
}

// webIdentityAnswers are AWS's errors about tokens, and what a user is told.
func webIdentityAnswers() []answer {
	return []answer{
		{"ExpiredTokenException", "Token expired: current date/time 1 must be before the expiration date/time 0", []string{"the token has expired: get a new one", "config:4"}},
		{"InvalidIdentityToken", "Incorrect token audience", []string{"Incorrect token audience", "sts.amazonaws.com", "config:4"}},
		{"InvalidIdentityToken", "No OpenIDConnect provider found in your account for https://x", []string{"https://x", "create-open-id-connect-provider"}},
		{"InvalidIdentityToken", "Couldn't retrieve verification key from your identity provider", []string{"verification key", "issuer"}},
		{"AccessDenied", "Not authorized to perform sts:AssumeRoleWithWebIdentity", []string{"trust policy", "aud, sub", "config:3"}},
		{"AccessDenied", "User: x is not authorized to perform: sts:AssumeRoleWithWebIdentity with an explicit deny in a service control policy", []string{"denies it outright"}},
		{"IDPRejectedClaim", "x", []string{"get a new one"}},
		{"IDPCommunicationError", "x", []string{"try again"}},
		{"ValidationError", "1 validation error detected: Value 'the-token' at 'webIdentityToken' failed", []string{"'***' at 'webIdentityToken'"}},
	}
}

func (a answer) ofToken() *failure {
	line := func(n int) fault.Origin { return fault.Origin{Path: "~/.aws/config", Line: n} }
	op := operation{
		name: webIdentityCall, unsigned: true, bearer: "the-token", source: &profile.Source{Profile: "ci", Origin: line(4)},
		call: &profile.Call{Profile: "ci", RoleARN: "arn:r", Settings: map[string]fault.Origin{"role_arn": line(3)}},
	}
	return newFailure(op, profile.Endpoint{Region: "eu-west-1"}, observed{}, &smithy.GenericAPIError{Code: a.code, Message: a.text})
}

func TestErrorsAboutTokens(t *testing.T) {
	t.Parallel()
	for _, a := range webIdentityAnswers() {
		err := a.ofToken().refused()
		for _, word := range append(a.words, `profile "ci"`, "AssumeRoleWithWebIdentity of arn:r", a.code) {
			if !strings.Contains(err.Error(), word) {
				t.Errorf("%q is not in: %v", word, err)
			}
		}
		if strings.Contains(err.Error(), "the-token") {
			t.Errorf("the token is shown: %v", err)
		}
	}
}

// TestProviderThatWasAwayIsAskedAgain, as AWS asks its callers to.
func TestProviderThatWasAwayIsAskedAgain(t *testing.T) {
	t.Parallel()
	for code, want := range map[string]int32{"IDPCommunicationError": 2, "IDPRejectedClaim": 1, "InvalidIdentityToken": 1} {
		w := newWorld(t)
		address, asked := refusing(t, 400, code, "no")
		chain := w.tokenChain("web_identity_token_file", w.tokenFile(w.token()))
		chain.STS.URL, chain.STS.MaxAttempts = address, 2
		w.fails(chain, code, "AssumeRoleWithWebIdentity")
		if asked.Load() != want {
			t.Errorf("%s: asked %d times, not %d", code, asked.Load(), want)
		}
	}
}

// TestTokensAreNotSentInTheClear: nothing is sent, nothing tried twice.
func TestTokensAreNotSentInTheClear(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	chain := w.tokenChain("web_identity_token_file", w.tokenFile(w.token()))
	chain.STS.URL = "http://192.0.2.1:4566"
	err := w.fails(chain, `profile "ci"`, "plain http to 192.0.2.1", "use https", "endpoints.trusted in config.yaml")
	if errors.Is(err, cache.ErrUnreachable) {
		t.Error("it counts as an outage")
	}
	// Nobody is asked for what cannot be sent.
	mark := filepath.Join(t.TempDir(), "mark")
	asking := w.tokenChain("web_identity_token_process", "echo ran > '"+mark+"'; echo token")
	asking.STS.URL = chain.STS.URL
	w.fails(asking, `profile "ci"`, "plain http to 192.0.2.1", "config:3")
	asking.Source.Kind, asking.Source.Settings = profile.SAML, map[string]profile.Value{"saml_process": asking.Source.Settings["web_identity_token_process"]}
	w.fails(asking, `profile "ci"`, "plain http to 192.0.2.1", "config:3")
	if _, err := os.Stat(mark); err == nil {
		t.Error("a program was run")
	}
	w.options.Trusted = []string{"192.0.2.1:4566"}
	dead, cancel := context.WithTimeout(context.Background(), time.Millisecond)
	defer cancel()
	if _, err := New(w.options).Credentials(dead, chain); err == nil || strings.Contains(err.Error(), "plain http") {
		t.Errorf("a trusted host is refused: %v", err)
	}
}

func TestHolder(t *testing.T) {
	t.Parallel()
	jwt := func(claims string) creds.Secret {
		return creds.Secret("h." + base64.RawURLEncoding.EncodeToString([]byte(claims)) + "." + fmt.Sprint(len(claims)))
	}
	first := jwt(`{"sub":"a","aud":["x"],"exp":1,"iat":2,"nbf":3,"jti":"4","k":{"pod":"p"}}`)
	same := []creds.Secret{jwt(`{"k":{"pod":"p"},"sub":"a","aud":["x"],"exp":99999}`), first + "\n"}
	others := []creds.Secret{
		jwt(`{"sub":"b","aud":["x"],"k":{"pod":"p"}}`), jwt(`{"sub":"a","aud":["y"],"k":{"pod":"p"}}`), jwt(`{"sub":"a","aud":["x"],"k":{"pod":"q"}}`),
		jwt(`{"sub":"a","aud":["x"]}`), "", "opaque", "other", "a.b", "a.b.c", "a.e30.c", jwt("null"), jwt("[]"), jwt(`"x"`), jwt(`{"exp":1}`), jwt(`{"exp":12}`),
	}
	for _, token := range same {
		if holder(token) != holder(first) {
			t.Errorf("%s is another's", token.Reveal())
		}
	}
	var all []string
	for _, token := range append(others, first) {
		h := holder(token)
		if slices.Contains(all, h) {
			t.Errorf("%q is taken for another", token.Reveal())
		}
		if token != "" && strings.Contains(h, token.Reveal()) {
			t.Errorf("%q is in %s", token.Reveal(), h)
		}
		all = append(all, h)
	}
}

// FuzzHolder: whatever a token is, it has a holder, and shows nothing.
func FuzzHolder(f *testing.F) {
	for _, seed := range []string{"", "a.b.c", "h.eyJzdWIiOiJhIn0.s", "h.bnVsbA.s", "h.e30.s", "....", "h.eyJzdWIiOnt9.s\r\n"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, token string) {
		h := holder(creds.Secret(token))
		if len(h) != 64 || h != holder(creds.Secret(token+"\n")) {
			t.Errorf("%q: %s", token, h)
		}
	})
}
