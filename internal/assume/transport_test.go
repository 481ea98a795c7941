package assume

import (
	"context"
	"encoding/pem"
	"errors"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"assume-role/internal/awsfake"
	"assume-role/internal/cache"
	"assume-role/internal/creds"
	"assume-role/internal/fault"
	"assume-role/internal/profile"
)

// identify makes the plainest call at an endpoint.
func (w *world) identify(endpoint profile.Endpoint) error {
	_, err := New(w.options).Identity(context.Background(), "dev", endpoint, w.keys)
	return err
}

// hosts are where a request for each kind of endpoint goes
// (https://docs.aws.amazon.com/general/latest/gr/sts.html).
func TestEndpoints(t *testing.T) {
	t.Parallel()
	for want, endpoint := range map[string]profile.Endpoint{
		"sts.eu-west-1.amazonaws.com:443":        {Region: "eu-west-1", Partition: "aws"},
		"sts-fips.us-east-1.amazonaws.com:443":   {Region: "us-east-1", FIPS: true},
		"sts.eu-west-1.api.aws:443":              {Region: "eu-west-1", DualStack: true},
		"sts.amazonaws.com:443":                  {Region: "eu-west-3", Legacy: true},
		"sts.ap-east-1.amazonaws.com:443":        {Region: "ap-east-1", Legacy: true},
		"sts.cn-north-1.amazonaws.com.cn:443":    {Region: "cn-north-1", Partition: "aws-cn"},
		"sts.us-gov-west-1.amazonaws.com:443":    {Region: "us-gov-west-1", Partition: "aws-us-gov", FIPS: true},
		"sts.eusc-de-east-1.amazonaws.eu:443":    {Region: "eusc-de-east-1", Partition: "aws-eusc"},
		"vpce-1.sts.eu-west-1.vpce.example:8443": {Region: "eu-west-1", URL: "https://vpce-1.sts.eu-west-1.vpce.example:8443"},
	} {
		if got := newWorld(t).connects(endpoint); got != want {
			t.Errorf("asked %q, want %q", got, want)
		}
	}
}

// Where STS has no FIPS endpoint, none is asked: not even for whoever plans no
// call, as whoami does not.
func TestFIPSIsNeverGivenUp(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for region, partition := range map[string]string{"eu-west-1": "aws", "ca-central-1": "aws", "cn-north-1": "aws-cn", "us-iso-east-1": "aws-iso"} {
		for _, dual := range []bool{false, true} {
			endpoint := profile.Endpoint{Region: region, Partition: partition, FIPS: true, DualStack: dual}
			if got := w.connects(endpoint); got != "" {
				t.Errorf("%s was asked", got)
			}
			w.says(w.identify(endpoint), "no FIPS endpoint in "+region, "turn FIPS off")
		}
	}
}

func TestUnreachable(t *testing.T) {
	t.Parallel()
	closed := httptest.NewServer(nil)
	closed.Close()
	status := func(code int, body string) string {
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(code)
			_, _ = w.Write([]byte(body))
		}))
		t.Cleanup(s.Close)
		return s.URL
	}
	for name, c := range map[string]struct {
		url   string
		words []string
	}{
		"refused": {closed.URL, []string{"refused", closed.Listener.Addr().String()}},
		"no host": {"http://sts.invalid", []string{"sts.invalid", "region"}},
		"500":     {status(500, "oops"), []string{"500 Internal Server Error", "later"}},
		"502":     {status(502, "<html>"), []string{"502"}},
		"portal":  {status(200, "<html>please sign in</html>"), []string{"proxy"}},
		"403":     {status(403, "<html>blocked by policy</html>"), []string{"403", "proxy"}},
		"empty":   {status(200, ""), []string{"proxy"}},
		"cut off": {status(200, "<AssumeRoleResponse><AssumeRoleResult>"), []string{"cut off"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			chain := w.chain(w.role(awsfake.Role{Name: "admin"}))
			chain.STS.URL, chain.STS.MaxAttempts = c.url, 1
			if err := w.fails(chain, append(c.words, "dev", "AssumeRole of")...); !errors.Is(err, cache.ErrUnreachable) {
				t.Errorf("no cache.ErrUnreachable in %v", err)
			}
		})
	}
}

// What answers in STS's place may never stop.
func TestEndlessAnswer(t *testing.T) {
	t.Parallel()
	for status, start := range map[int]string{200: "<AssumeRoleResponse><AssumeRoleResult>", 403: "<ErrorResponse><Error><Code>AccessDenied</Code><Message>"} {
		w := newWorld(t)
		sent := make(chan int, 1)
		server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) {
			rw.WriteHeader(status)
			_, _ = io.WriteString(rw, start)
			n, more, text := 0, error(nil), []byte(strings.Repeat("a", 1<<16))
			for more == nil && n < 64<<20 {
				_, more = rw.Write(text)
				n += len(text)
			}
			sent <- n
		}))
		chain := w.chain(w.role(awsfake.Role{Name: "admin"}))
		chain.STS.URL, chain.STS.MaxAttempts = server.URL, 1
		if err := w.fails(chain, "AssumeRole of"); len(err.Error()) > 2000 {
			t.Errorf("%d: an error of %d bytes", status, len(err.Error()))
		}
		server.CloseClientConnections()
		if n := <-sent; n >= 64<<20 {
			t.Errorf("%d: all of %d bytes were read", status, n)
		}
		server.Close()
	}
}

func TestTimeout(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.aws.Inject(awsfake.Fault{Mode: awsfake.Hang})
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	_, err := New(w.options).Credentials(ctx, w.chain(w.role(awsfake.Role{Name: "admin"})))
	w.says(err, "in time")
	if !errors.Is(err, cache.ErrUnreachable) {
		t.Error("not an outage")
	}
}

// The limits of the parts of one attempt must leave room for another.
func TestAttemptsFitTheCall(t *testing.T) {
	t.Parallel()
	if 2*answerTime > callTime || 2*(dialTime+tlsTime) > callTime || callTime > 30*time.Second {
		t.Error("a slow first attempt leaves no time for a second")
	}
}

func TestTLS(t *testing.T) {
	t.Parallel()
	server := httptest.NewUnstartedServer(http.NotFoundHandler())
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	defer server.Close()
	w := newWorld(t)
	dir := t.TempDir()
	good := filepath.Join(dir, "good.pem")
	write(t, good, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw}))
	endpoint := profile.Endpoint{Region: "eu-west-1", URL: server.URL, MaxAttempts: 1}
	w.says(w.identify(endpoint), "127.0.0.1", `"O=Acme Co"`, "the system's CA certificates", "issuer is unknown", "ca_bundle")
	endpoint.CABundle = good
	if err := w.identify(endpoint); err == nil || !strings.Contains(err.Error(), "404") {
		t.Errorf("with its certificate as the bundle: %v", err)
	}
	endpoint.URL = strings.Replace(server.URL, "127.0.0.1", "localhost", 1)
	w.says(w.identify(endpoint), good, "another host")
	plain := httptest.NewServer(http.NotFoundHandler())
	defer plain.Close()
	endpoint.URL = strings.Replace(plain.URL, "http:", "https:", 1)
	w.says(w.identify(endpoint), "TLS")
}

// Calls are made in HTTP/1.1, also where HTTP/2 is offered: the released program
// has no other, and the tests run without its build tag.
func TestHTTP2IsNotSpoken(t *testing.T) {
	t.Parallel()
	spoken := make(chan string, 1)
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		spoken <- r.Proto + " " + r.TLS.NegotiatedProtocol
		rw.WriteHeader(http.StatusNotFound)
	}))
	server.EnableHTTP2 = true
	server.StartTLS()
	t.Cleanup(server.Close)
	bundle := filepath.Join(t.TempDir(), "bundle.pem")
	write(t, bundle, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw}))
	err := newWorld(t).identify(profile.Endpoint{Region: "eu-west-1", URL: server.URL, CABundle: bundle, MaxAttempts: 1})
	if err == nil || !strings.Contains(err.Error(), "404") {
		t.Fatal(err)
	}
	if got := <-spoken; got != "HTTP/1.1 " {
		t.Errorf("%s was spoken", got)
	}
}

func TestBadCABundle(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	empty := filepath.Join(t.TempDir(), "empty.pem")
	write(t, empty, []byte("no certificate"))
	for path, code := range map[string]fault.Code{empty: fault.InvalidValue, empty + ".missing": fault.FileUnreadable} {
		err := w.identify(profile.Endpoint{Region: "eu-west-1", URL: w.aws.URL(), CABundle: path})
		var f *fault.Error
		if !errors.As(err, &f) || f.Code != code || !strings.Contains(f.Message, path) || f.Hint == "" || f.Profile != "dev" {
			t.Errorf("%s: %#v", path, err)
		}
	}
	if w.aws.Count("") != 0 {
		t.Error("a call was made")
	}
}

func TestProxy(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for status, words := range map[int]string{407: "wants a password", 403: "does not connect to it (403 Forbidden)", 502: "could not connect to it (502 Bad Gateway)"} {
		proxy := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) { rw.WriteHeader(status) }))
		address := strings.TrimPrefix(proxy.URL, "http://")
		w.options.Proxy = func(*http.Request) (*url.URL, error) { return url.Parse("http://user:canary@" + address) }
		err := w.identify(profile.Endpoint{Region: "eu-west-1", MaxAttempts: 1})
		if w.says(err, "sts.eu-west-1.amazonaws.com:", "the proxy "+address+" "+words); strings.Contains(err.Error()+w.debug.String(), "canary") {
			t.Errorf("the proxy's password is shown: %v\n%s", err, w.debug)
		}
		proxy.Close()
	}
	for address, words := range map[string]string{
		"http://user:canary@127.0.0.1:1":   "the proxy 127.0.0.1:1 cannot be reached",
		"socks5://user:canary@127.0.0.1:1": "the proxy 127.0.0.1:1 cannot be reached",
		"http://user:canary@proxy.invalid": "the proxy proxy.invalid cannot be found",
	} {
		w.options.Proxy = func(*http.Request) (*url.URL, error) { return url.Parse(address) }
		err := w.identify(profile.Endpoint{Region: "eu-west-1", MaxAttempts: 1})
		if w.says(err, words, "HTTPS_PROXY"); strings.Contains(err.Error()+w.debug.String(), "canary") {
			t.Errorf("the proxy's password is shown: %v\n%s", err, w.debug)
		}
	}
}

func TestWhatTheSDKRefusesIsNoOutage(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for words, endpoint := range map[string]profile.Endpoint{
		"use_fips_endpoint": {Region: "eu-west-1", URL: w.aws.URL(), FIPS: true},
		"region":            {Region: "not a region"},
	} {
		err := w.identify(endpoint)
		w.says(err, words)
		if errors.Is(err, cache.ErrUnreachable) {
			t.Errorf("%v is an outage", err)
		}
	}
}

func TestRedirectIsNotFollowed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	asked := 0
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked++ }))
	defer elsewhere.Close()
	for status, text := range map[int]string{http.StatusFound: "302", http.StatusTemporaryRedirect: "307"} {
		s := httptest.NewServer(http.RedirectHandler(elsewhere.URL, status))
		w.says(w.identify(profile.Endpoint{Region: "eu-west-1", URL: s.URL, MaxAttempts: 1}), text)
		s.Close()
	}
	if asked != 0 {
		t.Error("a request went to another host")
	}
}

// hostileVariables would each break the SDK's own loader, or send a call
// elsewhere.
func hostileVariables() []string {
	return strings.Fields(`AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN AWS_PROFILE AWS_DEFAULT_PROFILE
		AWS_REGION AWS_DEFAULT_REGION AWS_CONFIG_FILE AWS_SHARED_CREDENTIALS_FILE AWS_CA_BUNDLE REQUESTS_CA_BUNDLE
		AWS_ENDPOINT_URL AWS_ENDPOINT_URL_STS AWS_IGNORE_CONFIGURED_ENDPOINT_URLS AWS_STS_REGIONAL_ENDPOINTS
		AWS_USE_FIPS_ENDPOINT AWS_USE_DUALSTACK_ENDPOINT AWS_RETRY_MODE AWS_MAX_ATTEMPTS AWS_DEFAULTS_MODE AWS_SDK_UA_APP_ID
		AWS_ACCOUNT_ID_ENDPOINT_MODE AWS_ENABLE_ENDPOINT_DISCOVERY AWS_DISABLE_REQUEST_COMPRESSION AWS_RESTRICT_FILE_PERMISSIONS
		AWS_WEB_IDENTITY_TOKEN_FILE AWS_ROLE_ARN AWS_CONTAINER_CREDENTIALS_FULL_URI AWS_EC2_METADATA_SERVICE_ENDPOINT
		AWS_AUTH_SCHEME_PREFERENCE AWS_NEW_RETRIES_2026 AWS_EXECUTION_ENV HTTP_PROXY HTTPS_PROXY http_proxy https_proxy`)
}

// Clients are built from the chain alone: what the SDK would read by itself
// changes nothing, however wrong it is.
func TestVariablesAreNotReadBehindOurBack(t *testing.T) {
	for _, name := range hostileVariables() {
		t.Setenv(name, "http://canary.invalid:1/bad value")
	}
	w := newWorld(t)
	if c := w.get(w.chain(w.role(awsfake.Role{Name: "admin"}))); c == (creds.Credentials{}) {
		t.Error("no credentials")
	}
	w.counts(0, 1, 0)
	for _, fips := range []bool{false, true} {
		host := "sts.us-west-2.amazonaws.com:443"
		if fips {
			host = "sts-fips.us-west-2.amazonaws.com:443"
		}
		if got := w.connects(profile.Endpoint{Region: "us-west-2", Partition: "aws", FIPS: fips}); got != host {
			t.Errorf("asked %q, want %q", got, host)
		}
	}
}

// connects returns the host that a call at an endpoint connects to.
func (w *world) connects(endpoint profile.Endpoint) string {
	w.Helper()
	asked := make(chan string, 9)
	proxy := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		asked <- r.Host
		rw.WriteHeader(http.StatusForbidden)
	}))
	defer proxy.Close()
	w.options.Proxy = func(*http.Request) (*url.URL, error) { return url.Parse(proxy.URL) }
	endpoint.MaxAttempts = 1
	if w.identify(endpoint) == nil {
		w.Errorf("%+v: no error", endpoint)
	}
	close(asked)
	return <-asked
}

func write(t *testing.T, path string, data []byte) {
	t.Helper()
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
}
