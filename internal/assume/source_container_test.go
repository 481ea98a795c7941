package assume

import (
	"context"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"assume-role/internal/awsfake"
	"assume-role/internal/cache"
	"assume-role/internal/creds"
	"assume-role/internal/fault"
	"assume-role/internal/profile"
)

// environ sets the caller's variables.
func (w *world) environ(pairs ...string) {
	env := map[string]string{}
	for i := 0; i < len(pairs); i += 2 {
		env[pairs[i]] = pairs[i+1]
	}
	w.options.Getenv = func(name string) string { return env[name] }
	w.options.Machine = func() string { return "host" }
}

// contained is a chain from the container's credentials, with the variables
// that lead to them.
func (w *world) contained(pairs []string, calls ...profile.Call) *profile.Chain {
	w.environ(pairs...)
	settings := map[string]profile.Value{}
	for i := 0; i < len(pairs); i += 2 {
		if pairs[i] != containerTokenVariable {
			settings[pairs[i]] = profile.Value{Text: "http://shown/…"}
		}
		if pairs[i] == profile.ContainerTokenFile {
			settings[pairs[i]] = profile.Value{Text: pairs[i+1]}
		}
	}
	chain := w.chain(calls...)
	chain.Source = profile.Source{Kind: profile.Container, Profile: "base", Settings: settings, Origin: fault.Origin{Path: "~/.aws/config", Line: 5}}
	return chain
}

// task is a container's role with the given token, and its whole address.
func (w *world) task(token creds.Secret) (address string) {
	role := w.aws.AddRole(awsfake.Role{Name: "task"})
	return w.aws.URL() + w.aws.AddContainerRole(awsfake.ContainerRole{Role: role, Token: token})
}

func TestContainerGivesCredentials(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.options.Proxy = func(*http.Request) (*url.URL, error) { t.Error("a proxy was asked for"); return nil, nil }
	chain := w.contained([]string{profile.ContainerURL, w.task("")})
	got := w.get(chain)
	if !got.Temporary() || got.AccountID != "123456789012" || time.Until(got.Expiration) < 5*time.Hour {
		t.Errorf("%+v", got)
	}
	w.get(chain)
	if n := w.aws.Count("Container"); n != 2 {
		t.Errorf("%d requests: the endpoint is asked every time", n)
	}
}

// TestContainerCredentialsMustLast as long as was asked for: nobody else can
// make longer ones.
func TestContainerCredentialsMustLast(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	chain := w.contained([]string{profile.ContainerURL, w.task("")})
	w.options.Policy.MinTTL = 12 * time.Hour
	w.get(chain) // a default
	w.options.Policy.Explicit = true
	w.fails(chain, "before the --min-ttl of 12h0m0s", `profile "`, "get new ones, or ask for less")
	w.options.Policy.MinTTL = time.Hour
	w.get(chain)
}

func TestContainerRoleIsCached(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	chain := w.contained([]string{profile.ContainerURL, w.task("")}, w.role(awsfake.Role{Name: "app"}))
	first := w.get(chain)
	if again := w.get(chain); again != first {
		t.Error("another session")
	}
	w.counts(0, 1, 0)
	if n := w.aws.Count("Container"); n != 1 {
		t.Errorf("%d requests: a warm run makes none", n)
	}
}

// through sends what goes to one address to the fake, and notes what was
// dialled.
type through struct {
	mu     sync.Mutex
	to     string
	dialed []string
}

func (d *through) dial(ctx context.Context, network, address string) (net.Conn, error) {
	d.mu.Lock()
	d.dialed = append(d.dialed, address)
	d.mu.Unlock()
	if d.to == "" {
		return nil, &net.OpError{Op: "dial", Net: network, Err: errors.New("nothing is dialled here")}
	}
	return (&net.Dialer{}).DialContext(ctx, network, d.to)
}

func TestContainerPathLeadsToECS(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	u, err := url.Parse(w.task(""))
	if err != nil {
		t.Fatal(err)
	}
	d := &through{to: u.Host}
	w.options.Dial = d.dial
	w.get(w.contained([]string{profile.ContainerPath, u.Path + "?a=b", profile.ContainerURL, "http://127.0.0.1:1/other"}))
	if !slices.Equal(d.dialed, []string{"169.254.170.2:80"}) {
		t.Errorf("dialled %v", d.dialed)
	}
	if call := w.aws.Calls()[0]; call.Host != "169.254.170.2" || call.Params["a"] != "b" {
		t.Errorf("%+v", call)
	}
}

func TestContainerTokens(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	address := w.task("the-right-token")
	file := filepath.Join(t.TempDir(), "token")
	write := func(text string) {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	w.get(w.contained([]string{profile.ContainerURL, address, containerTokenVariable, "the-right-token"}))
	withFile := w.contained([]string{profile.ContainerURL, address, profile.ContainerTokenFile, file, containerTokenVariable, "wrong"})
	write("the-right-token\n")
	w.get(withFile)
	write("the-stale-token")
	w.fails(withFile, `profile "base"`, "~/.aws/config:5", "status 401", "AccessDeniedException", "***", containerTokenVariable)
	write("the-right-token")
	w.get(withFile)
	if strings.Contains(w.debug.String(), "the-stale-token") || strings.Contains(w.debug.String(), "/v2/credentials") {
		t.Errorf("debug: %s", w.debug)
	}
}

func TestContainerTokensThatAreNotSent(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	address := w.task("")
	file := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(file, []byte("two\r\nlines"), 0o600); err != nil {
		t.Fatal(err)
	}
	empty := filepath.Join(t.TempDir(), "empty")
	if err := os.WriteFile(empty, []byte("\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, tc := range map[string]struct {
		variable, value string
		code            fault.Code
		word            string
	}{
		"a file that is not there": {profile.ContainerTokenFile, file + "-", fault.FileUnreadable, "no such file"},
		"a folder":                 {profile.ContainerTokenFile, t.TempDir(), fault.FileUnreadable, "not a regular file"},
		"an empty file":            {profile.ContainerTokenFile, empty, fault.InvalidValue, "is empty"},
		"lines in a file":          {profile.ContainerTokenFile, file, fault.InvalidValue, "control character"},
		"a line in the variable":   {containerTokenVariable, "token\n", fault.InvalidValue, "control character"},
		"an escape":                {containerTokenVariable, "to\x1bken", fault.InvalidValue, containerTokenVariable},
	} {
		err := w.fails(w.contained([]string{profile.ContainerURL, address, tc.variable, tc.value}), `profile "base"`, tc.word)
		var f *fault.Error
		if !errors.As(err, &f) || f.Code != tc.code {
			t.Errorf("%s: %#v", name, err)
		}
	}
	if w.aws.Count("") != 0 {
		t.Error("something was sent")
	}
}

// TestContainerHosts: plain http stays on this machine or goes to ECS and EKS,
// and nothing at all is sent elsewhere.
func TestContainerHosts(t *testing.T) {
	t.Parallel()
	for address, allowed := range map[string]bool{
		"http://127.0.0.1/x":              true,
		"http://127.9.9.9:99/x":           true,
		"http://[::1]/x":                  true,
		"http://[::ffff:127.0.0.1]/x":     true,
		"http://[::ffff:169.254.170.2]/x": true,
		"http://169.254.170.2/x":          true,
		"http://169.254.170.23/v1":        true,
		"http://[fd00:ec2::23]/v1":        true,
		"https://10.0.0.1/x":              true,
		"HTTPS://creds.example/x":         true,
		"http://10.0.0.1/x":               false,
		"http://169.254.169.254/x":        false,
		"http://169.254.170.3/x":          false,
		"http://[fd00:ec2::254]/x":        false,
		"http://[::]/x":                   false,
		"http://0.0.0.0/x":                false,
		"http://[::ffff:10.0.0.1]/x":      false,
	} {
		t.Run(address, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			d := &through{}
			w.options.Dial = d.dial
			walk := &walk{Assumer: New(w.options), chain: w.contained([]string{profile.ContainerURL, address})}
			walk.Options.Getenv = w.options.Getenv
			client, refused := walk.containerClient()
			if refused != nil {
				t.Fatal(refused)
			}
			_, err := client.HTTP.Get(address)
			var forbidden *fault.Error
			if dialed := len(d.dialed) > 0; dialed != allowed || errors.As(err, &forbidden) == allowed {
				t.Errorf("dialled %v: %v", d.dialed, err)
			}
		})
	}
}

func TestContainerRefusesAHostInOneLine(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	d := &through{}
	w.options.Dial = d.dial
	err := w.fails(w.contained([]string{profile.ContainerURL, "http://10.0.0.1/canary-path", containerTokenVariable, "canary-token"}), "10.0.0.1", "use https")
	var f *fault.Error
	if !errors.As(err, &f) || f.Code != fault.InvalidValue || strings.Contains(err.Error(), "canary") || len(d.dialed) > 0 {
		t.Errorf("dialled %v: %v", d.dialed, err)
	}
}

// TestContainerNames: every address of a name must be allowed, and one of them
// is what is dialled.
func TestContainerNames(t *testing.T) {
	t.Parallel()
	names := map[string][]string{
		"localhost": {"::1", "127.0.0.1"},
		"ecs":       {"169.254.170.2"},
		"mixed":     {"127.0.0.1", "10.0.0.1"},
		"evil":      {"10.0.0.1"},
		"nothing":   {},
	}
	for name, want := range map[string]string{
		"localhost": "[::1]:80", "ecs": "169.254.170.2:80", "mixed": "", "evil": "", "nothing": "", "unknown": "",
	} {
		d := &through{}
		dialer := localDialer(d.dial)
		dialer.LookUp = func(_ context.Context, host string) ([]netip.Addr, error) {
			var all []netip.Addr
			for _, text := range names[host] {
				all = append(all, netip.MustParseAddr(text))
			}
			if host == "unknown" {
				return nil, &net.DNSError{Name: host, IsNotFound: true}
			}
			return all, nil
		}
		_, err := dialer.DialContext(t.Context(), "tcp", name+":80")
		if got := append(d.dialed, "")[0]; got != want || err == nil {
			t.Errorf("%s: dialled %q, want %q: %v", name, got, want, err)
		}
	}
}

func TestContainerEndpointsInTrouble(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	chain := w.contained([]string{profile.ContainerURL, w.task("")})
	w.aws.Inject(awsfake.Fault{Mode: awsfake.Unavailable, Action: "Container", Times: 2})
	w.get(chain)
	w.aws.Inject(awsfake.Fault{Mode: awsfake.Unavailable, Action: "Container"})
	err := w.fails(chain, `profile "base"`, "status 503", "see that the endpoint runs")
	if n := w.aws.Count("Container"); n != 6 || !errors.Is(err, cache.ErrUnreachable) {
		t.Errorf("%d requests, three for each try: %v", n, err)
	}
}

func TestContainerAnswersThatAreNone(t *testing.T) {
	t.Parallel()
	stolen := false
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { stolen = true }))
	t.Cleanup(elsewhere.Close)
	for name, tc := range map[string]struct {
		status      int
		body, words string
	}{
		"an empty one":     {200, `{}`, "gave no AccessKeyId"},
		"no JSON":          {200, `<html>`, "something else than credentials"},
		"a redirect":       {302, ``, "redirects are not followed"},
		"a captive portal": {404, `<html>`, "status 404"},
		"a bad word":       {400, `{"code":"Bad","message":"a\u001b[31m b"}`, "refused: status 400: Bad: a"},
		"an old answer":    {200, document("Expiration", "2020-01-01T00:00:00Z"), "expired at 2020-01-01T00:00:00Z"},
		"too much":         {200, `{"AccessKeyId":"` + strings.Repeat("A", 2<<20) + `"}`, "something else than credentials"},
		"too many":         {429, `{"code":"Throttled","message":"slow down"}`, "asked too often"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewServer(http.HandlerFunc(func(h http.ResponseWriter, _ *http.Request) {
				h.Header().Set("Location", elsewhere.URL)
				h.WriteHeader(tc.status)
				_, _ = io.WriteString(h, tc.body)
			}))
			t.Cleanup(server.Close)
			w := newWorld(t)
			w.fails(w.contained([]string{profile.ContainerURL, server.URL}), `profile "base"`, tc.words)
		})
	}
	t.Cleanup(func() {
		if stolen {
			t.Error("a redirect was followed")
		}
	})
}

// TestContainerOverTLS: the CA bundle counts for the endpoint as well.
func TestContainerOverTLS(t *testing.T) {
	t.Parallel()
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(h http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(h, document("", ""))
	}))
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	t.Cleanup(server.Close)
	w := newWorld(t)
	chain := w.contained([]string{profile.ContainerURL, server.URL})
	w.fails(chain, "TLS certificate that is not accepted")
	chain.STS.CABundle = filepath.Join(t.TempDir(), "ca.pem")
	w.fails(chain, `profile "base"`, "ca.pem cannot be read")
	bundle := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	if err := os.WriteFile(chain.STS.CABundle, bundle, 0o600); err != nil {
		t.Fatal(err)
	}
	if got := w.get(chain); got.AccessKeyID != "ASIAX" {
		t.Errorf("%+v", got)
	}
}

func TestContainerThatNobodyKnows(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.options.Dial = func(_ context.Context, network, address string) (net.Conn, error) {
		return nil, &net.OpError{Op: "dial", Net: network, Err: &net.DNSError{Err: "no such host", Name: address, IsNotFound: true}}
	}
	w.fails(w.contained([]string{profile.ContainerURL, "https://creds.example/x"}), "cannot be found by its name")
}

// document is a good answer with one member changed or, for "", left out.
func document(name, value string) string {
	members := map[string]string{"AccessKeyId": "ASIAX", "SecretAccessKey": "secret", "Token": "token", "Expiration": "2099-01-01T00:00:00Z"}
	members[name] = value
	var all []string
	for name, value := range members {
		if value != "" {
			all = append(all, fmt.Sprintf("%q:%q", name, value))
		}
	}
	return "{" + strings.Join(all, ",") + "}"
}

func TestContainersAreToldApart(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	key := func(machine string, pairs ...string) string {
		chain := w.contained(pairs)
		w.options.Machine = func() string { return machine }
		identity := containerIdentity(&walk{Assumer: New(w.options), chain: chain})
		if strings.Contains(fmt.Sprint(identity), "canary") {
			t.Errorf("a secret in %v", identity)
		}
		return cache.Key(identity)
	}
	keys := map[string]bool{}
	for _, k := range []string{
		key("one", profile.ContainerPath, "/v2/canary"),
		key("one", profile.ContainerPath, "/v2/other"),
		key("two", profile.ContainerPath, "/v2/canary"),
		key("one", profile.ContainerURL, "http://127.0.0.1/canary"),
		key("one", profile.ContainerURL, "http://127.0.0.1/canary", containerTokenVariable, "canary"),
		key("one", profile.ContainerURL, "http://127.0.0.1/canary", profile.ContainerTokenFile, "/token"),
	} {
		keys[k] = true
	}
	if len(keys) != 6 {
		t.Errorf("%d identities of 6 endpoints", len(keys))
	}
	file := []string{profile.ContainerURL, "http://127.0.0.1/", profile.ContainerTokenFile, "/token", containerTokenVariable}
	if key("one", append(file, "a")...) != key("one", append(file, "b")...) {
		t.Error("a token that is not sent tells endpoints apart")
	}
}
