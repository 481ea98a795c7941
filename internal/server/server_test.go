package server

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"assume-role/internal/creds"
	"assume-role/internal/fault"
)

// The secrets of these tests: none may be anywhere but in the right answer.
const (
	canarySecret = "canary-secret/+="
	canaryToken  = "canary-session-token/+="
	tokenDev     = "canary-token-dev"
	tokenProd    = "canary-token-prod"
	devARN       = "arn:aws:iam::123456789012:role/team/dev"
)

// mint makes sessions that last, and counts them.
type mint struct {
	calls    atomic.Int64
	lifetime time.Duration
	now      func() time.Time
	err      atomic.Pointer[error]
}

// fail makes the next calls fail.
func (m *mint) fail(err error) { m.err.Store(&err) }

func (m *mint) credentials(context.Context, time.Duration) (creds.Credentials, error) {
	n := m.calls.Add(1)
	if err := m.err.Load(); err != nil {
		return creds.Credentials{}, *err
	}
	return creds.Credentials{
		AccessKeyID: "ASIA" + strconv.FormatInt(n, 10), SecretAccessKey: canarySecret, SessionToken: canaryToken,
		Expiration: m.now().Add(m.lifetime), AccountID: "123456789012",
	}, nil
}

// world is a server on a port of its own.
type world struct {
	*testing.T
	url  string
	addr string
	dev  *mint
	prod *mint
}

// start serves two profiles.
func start(t *testing.T, change ...func(*Options)) *world {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	w := &world{
		T: t, url: "http://" + l.Addr().String(), addr: l.Addr().String(),
		dev: &mint{lifetime: time.Hour, now: time.Now}, prod: &mint{lifetime: time.Hour, now: time.Now},
	}
	w.serve(l, change...)
	return w
}

func (w *world) serve(l net.Listener, change ...func(*Options)) {
	w.Helper()
	o := Options{
		Profiles: []Profile{
			{Name: "dev", Token: tokenDev, Path: "/role/dev", RoleARN: devARN, Region: "eu-west-1", Credentials: w.dev.credentials},
			{Name: "prod", Token: tokenProd, Path: "/role/prod/", Credentials: w.prod.credentials},
		},
		Now: time.Now,
	}
	for _, f := range change {
		f(&o)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- New(o).Serve(ctx, l) }()
	w.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			w.Errorf("Serve: %v", err)
		}
	})
}

func withMetadata(o *Options) { o.Metadata = true }

// do makes one request; header is names and values in turns.
func (w *world) do(method, path string, header ...string) (*http.Response, string) {
	w.Helper()
	r, err := http.NewRequestWithContext(w.Context(), method, w.url+path, nil)
	if err != nil {
		w.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		if header[i] == "Host" {
			r.Host = header[i+1]
		}
		r.Header.Add(header[i], header[i+1])
	}
	response, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		w.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		w.Fatal(err)
	}
	return response, string(body)
}

func (w *world) get(path, token string) (*http.Response, string) {
	w.Helper()
	return w.do(http.MethodGet, path, "Authorization", token)
}

// TestContainerContract is the answer as SDKs read it, to the paths that they
// use.
func TestContainerContract(t *testing.T) {
	t.Parallel()
	w := start(t)
	want := map[string]string{
		"AccessKeyId": "ASIA1", "SecretAccessKey": canarySecret, "Token": canaryToken,
		"RoleArn": devARN, "AccountId": "123456789012",
	}
	for _, path := range []string{"/role/dev", "/role/dev/", "/role/dev?x=1", "/role/%64ev"} {
		response, body := w.get(path, tokenDev)
		h := response.Header
		if response.StatusCode != 200 || h.Get("Content-Type") != "application/json" || h.Get("Cache-Control") != "no-store" {
			t.Fatalf("%s: %d %v", path, response.StatusCode, h)
		}
		got := map[string]string{}
		if err := json.Unmarshal([]byte(body), &got); err != nil {
			t.Fatal(err)
		}
		end := got["Expiration"]
		if at, err := time.Parse("2006-01-02T15:04:05Z", end); err != nil || time.Until(at) > time.Hour || time.Until(at) < time.Hour-time.Minute {
			t.Errorf("Expiration %s: %v", end, err)
		}
		delete(got, "Expiration")
		if d := cmp.Diff(want, got); d != "" {
			t.Error(d)
		}
	}
	if n := w.dev.calls.Load(); n != 1 {
		t.Errorf("%d calls", n)
	}
	if n := w.prod.calls.Load(); n != 0 {
		t.Errorf("%d calls for a profile that nobody asked for", n)
	}
}

// TestTokensOpenOnePathEach: no other combination opens anything, and all of
// them look the same.
func TestTokensOpenOnePathEach(t *testing.T) {
	t.Parallel()
	w := start(t)
	response, body := w.get("/role/prod", tokenProd)
	if response.StatusCode != 200 || strings.Contains(body, "RoleArn") {
		t.Fatalf("%d %s", response.StatusCode, body)
	}
	_, same := w.get("/nowhere", "wrong")
	for name, c := range map[string]struct {
		path   string
		header []string
	}{
		"another profile's token": {"/role/dev", []string{"Authorization", tokenProd}},
		"another profile's path":  {"/role/prod", []string{"Authorization", tokenDev}},
		"no token":                {"/role/dev", nil},
		"an empty token":          {"/role/dev", []string{"Authorization", ""}},
		"a scheme":                {"/role/dev", []string{"Authorization", "Bearer " + tokenDev}},
		"half of it":              {"/role/dev", []string{"Authorization", tokenDev[:8]}},
		"more than it":            {"/role/dev", []string{"Authorization", tokenDev + "x"}},
		"upper case":              {"/role/dev", []string{"Authorization", strings.ToUpper(tokenDev)}},
		"two tokens":              {"/role/dev", []string{"Authorization", tokenDev, "Authorization", tokenProd}},
		"the same twice":          {"/role/dev", []string{"Authorization", tokenDev, "Authorization", tokenDev}},
		"in the address":          {"/role/dev?Authorization=" + tokenDev, nil},
		"an unknown path":         {"/role/other", []string{"Authorization", tokenDev}},
		"the root":                {"/", []string{"Authorization", tokenDev}},
		"a dotted path":           {"/role/prod/../dev", []string{"Authorization", tokenDev}},
		"two slashes":             {"//role/dev", []string{"Authorization", tokenDev}},
		"metadata, not on":        {"/latest/meta-data/", []string{"Authorization", tokenDev}},
	} {
		response, body := w.do(http.MethodGet, c.path, c.header...)
		if response.StatusCode != 401 || body != same {
			t.Errorf("%s: %d %s", name, response.StatusCode, body)
		}
	}
	if n := w.dev.calls.Load(); n != 0 {
		t.Errorf("%d calls", n)
	}
}

// TestEmptyTokenOpensNothing, not even to a client that sends an empty one.
func TestEmptyTokenOpensNothing(t *testing.T) {
	t.Parallel()
	w := start(t, func(o *Options) { o.Profiles[0].Token = "" })
	if response, _ := w.get("/role/dev", ""); response.StatusCode != 401 {
		t.Error(response.Status)
	}
}

// TestMethods: GET is the only one; none is told of CORS.
func TestMethods(t *testing.T) {
	t.Parallel()
	w := start(t)
	for _, method := range []string{"HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "BREW"} {
		response, _ := w.do(method, "/role/dev", "Authorization", tokenDev)
		if response.StatusCode != 405 || response.Header.Get("Allow") != "GET" {
			t.Errorf("%s: %d %v", method, response.StatusCode, response.Header)
		}
		for name := range response.Header {
			if strings.HasPrefix(name, "Access-Control-") {
				t.Errorf("%s: %s", method, name)
			}
		}
	}
}

// TestErrorsAsSDKsReadThem: 4xx for what a person has to mend, 5xx for what may
// pass; one line, and nothing of what was not made for a reader.
func TestErrorsAsSDKsReadThem(t *testing.T) {
	t.Parallel()
	refused := fault.New(fault.NoSource, "no\x1b[31m source\u202e\nhere").In("dev").Fix("add one")
	for name, c := range map[string]struct {
		err           error
		status        int
		code, message string
	}{
		"a fault":            {refused, 400, "no_source", `profile "dev": no�[31m source� here: add one`},
		"a fault of no code": {fault.New("", "denied").Because(errors.New(canarySecret)), 400, "CredentialsRefused", "denied"},
		"the network":        {fault.New("", "no route").Because(&net.OpError{Op: "dial", Err: errors.New(canarySecret)}), 503, "CredentialsRefused", "no route"},
		"a time-out":         {fmt.Errorf("%s: %w", canarySecret, context.DeadlineExceeded), 503, "CredentialsUnavailable", "the credentials could not be made: see what assume-role says under --debug"},
		"passing":            {fault.New("", "throttled").Because(io.ErrNoProgress), 503, "CredentialsRefused", "throttled"},
		"another":            {errors.New(canarySecret), 503, "CredentialsUnavailable", "the credentials could not be made: see what assume-role says under --debug"},
	} {
		w := start(t, func(o *Options) { o.Passing = func(err error) bool { return errors.Is(err, io.ErrNoProgress) } })
		w.dev.fail(c.err)
		for range 3 {
			response, body := w.get("/role/dev", tokenDev)
			got := map[string]string{}
			if err := json.Unmarshal([]byte(body), &got); err != nil {
				t.Fatal(err)
			}
			want := map[string]string{"Code": c.code, "code": c.code, "Message": c.message, "message": c.message}
			if d := cmp.Diff(want, got); response.StatusCode != c.status || d != "" {
				t.Errorf("%s: %d %s", name, response.StatusCode, d)
			}
		}
		if n := w.dev.calls.Load(); n != 1 {
			t.Errorf("%s: %d calls for three requests at once", name, n)
		}
	}
}

// TestOverSocket: a Unix socket has no Host to check.
func TestOverSocket(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "s")
	l, err := net.Listen("unix", path)
	if err != nil {
		t.Skip("no Unix sockets here: ", err)
	}
	w := &world{T: t, url: "http://anything", dev: &mint{lifetime: time.Hour, now: time.Now}, prod: &mint{}}
	w.serve(l, func(o *Options) { o.Unix = true })
	client := http.Client{Transport: &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "unix", path)
	}}}
	defer client.CloseIdleConnections()
	r, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, w.url+"/role/dev", nil)
	r.Header.Set("Authorization", tokenDev)
	response, err := client.Do(r)
	if err != nil || response.StatusCode != 200 {
		t.Fatal(response, err)
	}
	response.Body.Close()
}

// TestServeEnds within its time: with an idle client, one that is half-way
// through its headers, and one that waits for a session that does not come.
func TestServeEnds(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	asked := make(chan struct{})
	profile := Profile{Name: "dev", Token: tokenDev, Path: "/", Credentials: func(ctx context.Context, _ time.Duration) (creds.Credentials, error) {
		close(asked)
		<-ctx.Done()
		return creds.Credentials{}, ctx.Err()
	}}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- New(Options{Profiles: []Profile{profile}, Now: time.Now}).Serve(ctx, l) }()
	for _, text := range []string{"", "GET / HT", "GET / HTTP/1.1\r\nHost: " + l.Addr().String() + "\r\nAuthorization: " + tokenDev + "\r\n\r\n"} {
		c, err := net.Dial("tcp", l.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		fmt.Fprint(c, text)
	}
	<-asked
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if c, err := net.Dial("tcp", l.Addr().String()); err == nil {
		c.Close()
		t.Error("the port is still open")
	}
}

// TestServeFails where there is no listener.
func TestServeFails(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
	if err := New(Options{Now: time.Now}).Serve(t.Context(), l); !errors.Is(err, net.ErrClosed) {
		t.Error(err)
	}
}

// TestNothingIsSaid of a secret, whatever goes wrong.
func TestNothingIsSaid(t *testing.T) {
	t.Parallel()
	var said bytes.Buffer
	lines := make(chan string, 100)
	w := start(t, func(o *Options) {
		o.Note = func(s string) { lines <- s }
		o.Debug = func(format string, args ...any) { lines <- fmt.Sprintf(format, args...) }
	})
	w.get("/role/dev", tokenDev)
	w.get("/role/dev", tokenProd)
	w.get("/role/"+tokenProd, tokenProd)
	w.do(http.MethodGet, "/role/dev", "Authorization", tokenDev, "Host", tokenDev)
	w.prod.fail(fault.New("", "refused"))
	w.get("/role/prod", tokenProd)
	for len(lines) > 0 {
		said.WriteString(<-lines + "\n")
	}
	if s := said.String(); s == "" || strings.Contains(s, "canary") {
		t.Errorf("said:\n%s", s)
	}
}
