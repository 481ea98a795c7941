package assume

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"assume-role/internal/awsfake"
	"assume-role/internal/cache"
	"assume-role/internal/fault"
	"assume-role/internal/profile"
)

// onInstance is a chain from the credentials of an instance, which is asked at
// the fake's address unless the settings name another.
func (w *world) onInstance(settings []string, calls ...profile.Call) *profile.Chain {
	w.environ()
	chain := w.chain(calls...)
	chain.Source = profile.Source{
		Kind: profile.EC2, Profile: "base", Origin: fault.Origin{Path: "~/.aws/config", Line: 5},
		Settings: map[string]profile.Value{"ec2_metadata_service_endpoint": {Text: w.aws.URL() + "/"}},
	}
	for i := 0; i < len(settings); i += 2 {
		chain.Source.Settings[settings[i]] = profile.Value{Text: settings[i+1]}
	}
	return chain
}

// instance gives this machine an instance profile.
func (w *world) instance(i awsfake.Instance) {
	if i.Role == "web" {
		i.Role = w.aws.AddRole(awsfake.Role{Name: "path/web"})
	}
	w.aws.SetInstance(i)
}

// asked checks how often the metadata was asked for a token, the role and the
// credentials.
func (w *world) asked(token, role, credentials int) {
	w.Helper()
	got := [3]int{w.aws.Count("IMDS:Token"), w.aws.Count("IMDS:Role"), w.aws.Count("IMDS:Credentials")}
	if want := [3]int{token, role, credentials}; got != want {
		w.Errorf("token, role, credentials were asked for %v times, want %v", got, want)
	}
}

func TestInstanceGivesCredentials(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.options.Proxy = func(*http.Request) (*url.URL, error) { t.Error("a proxy was asked for"); return nil, nil }
	w.instance(awsfake.Instance{Role: "web"})
	chain := w.onInstance(nil)
	got := w.get(chain)
	if !got.Temporary() || time.Until(got.Expiration) < 5*time.Hour {
		t.Errorf("%+v", got)
	}
	w.asked(1, 1, 1)
	w.get(chain)
	w.asked(2, 2, 2)
	if agent := w.aws.Calls()[0].UserAgent; !strings.Contains(agent, "assume-role/test") {
		t.Errorf("User-Agent: %s", agent)
	}
}

func TestInstanceRoleIsCached(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.instance(awsfake.Instance{Role: "web"})
	chain := w.onInstance(nil, w.role(awsfake.Role{Name: "app"}))
	first := w.get(chain)
	if again := w.get(chain); again != first {
		t.Error("another session")
	}
	w.counts(0, 1, 0)
	w.asked(1, 1, 1)
}

// TestInstanceWithoutTokens: IMDSv1 is asked only where no token can be had
// and it is not turned off.
func TestInstanceWithoutTokens(t *testing.T) {
	t.Parallel()
	lost := awsfake.Fault{Mode: awsfake.Hang, Action: "IMDS:Token"}
	const hop = "--http-put-response-hop-limit 2"
	for name, tc := range map[string]struct {
		instance awsfake.Instance
		fault    awsfake.Fault
		settings []string
		words    string
	}{
		"v1 serves":                      {awsfake.Instance{Role: "web", V1: true}, lost, nil, ""},
		"v1 is turned off here":          {awsfake.Instance{Role: "web", V1: true}, lost, []string{"ec2_metadata_v1_disabled", "True"}, hop},
		"v1 is turned off there":         {awsfake.Instance{Role: "web"}, lost, []string{"metadata_service_num_attempts", "1"}, hop},
		"the service is turned off":      {awsfake.Instance{Role: "web", V1: true, Disabled: true}, awsfake.Fault{}, nil, "--http-endpoint enabled"},
		"and v1 is turned off, too":      {awsfake.Instance{Disabled: true}, awsfake.Fault{}, []string{"ec2_metadata_v1_disabled", "true"}, "--http-endpoint enabled"},
		"a token is refused, v1 is none": {awsfake.Instance{Role: "web"}, awsfake.Fault{Mode: awsfake.Deny, Action: "IMDS:Token"}, nil, "status 401"},
		"a token is refused, v1 serves":  {awsfake.Instance{Role: "web", V1: true}, awsfake.Fault{Mode: awsfake.Deny, Action: "IMDS:Token"}, nil, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.instance(tc.instance)
			if tc.fault.Mode != "" {
				w.aws.Inject(tc.fault)
			}
			chain := w.onInstance(tc.settings)
			if tc.words == "" {
				w.get(chain)
				return
			}
			w.fails(chain, `profile "base"`, "~/.aws/config:5", w.aws.URL(), tc.words)
		})
	}
}

func TestInstanceThatHasNoCredentials(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		instance awsfake.Instance
		words    []string
	}{
		"no role":        {awsfake.Instance{}, []string{"has no role", "associate-iam-instance-profile"}},
		"a role refused": {awsfake.Instance{Role: "web", Code: "AssumeRoleUnauthorizedAccess"}, []string{"AssumeRoleUnauthorizedAccess EC2 cannot assume the role web", "ec2.amazonaws.com"}},
	} {
		w := newWorld(t)
		w.instance(tc.instance)
		err := w.fails(w.onInstance(nil), append(tc.words, `profile "base"`)...)
		if name == "no role" && err.(*fault.Error).Code != fault.NoCredentials {
			t.Errorf("%#v", err)
		}
	}
}

// TestInstanceCredentialsThatHaveExpired: their expiry is not extended.
func TestInstanceCredentialsThatHaveExpired(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.instance(awsfake.Instance{Role: "web"})
	w.options.Now = func() time.Time { return time.Now().Add(7 * time.Hour) }
	w.fails(w.onInstance(nil), "expired at", "clock")
}

func TestInstanceInTrouble(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.instance(awsfake.Instance{Role: "web"})
	w.aws.Inject(awsfake.Fault{Mode: awsfake.Unavailable, Action: "IMDS:Role", Times: 1})
	w.get(w.onInstance(nil))
	w.asked(1, 2, 1)
	w.aws.Inject(awsfake.Fault{Mode: awsfake.Unavailable, Action: "IMDS:Role"})
	if err := w.fails(w.onInstance([]string{"metadata_service_num_attempts", "1"}), "status 503"); !errors.Is(err, cache.ErrUnreachable) {
		t.Error(err)
	}
	w.asked(2, 3, 1)
}

func TestInstanceAnswersThatAreNone(t *testing.T) {
	t.Parallel()
	endless := strings.Repeat("x", 1<<20)
	for name, tc := range map[string]struct{ role, document, words string }{
		"no role's name":      {"../../user-data", "", "no role's name"},
		"a page":              {"<html>", "", "no role's name"},
		"too long a name":     {strings.Repeat("a", 65), "", "no role's name"},
		"an empty list":       {"\n", "", "has no role"},
		"an endless list":     {endless, "", "no role's name"},
		"no JSON":             {"web\n", "<html>", "not JSON"},
		"an endless document": {"web", `{"Token":"` + endless + `"}`, "not JSON"},
		"no token":            {"web", `{"Code":"Success","AccessKeyId":"A","SecretAccessKey":"s"}`, "gave no Token"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewServer(http.HandlerFunc(func(h http.ResponseWriter, r *http.Request) {
				h.Header().Set("X-Aws-Ec2-Metadata-Token-Ttl-Seconds", "60")
				switch {
				case r.Method == http.MethodPut:
					_, _ = io.WriteString(h, "token")
				case strings.HasSuffix(r.URL.Path, "/"):
					_, _ = io.WriteString(h, tc.role)
				default:
					_, _ = io.WriteString(h, tc.document)
				}
			}))
			t.Cleanup(server.Close)
			w := newWorld(t)
			w.fails(w.onInstance([]string{"ec2_metadata_service_endpoint", server.URL}), `profile "base"`, tc.words)
		})
	}
}

// TestInstanceTakesItsTokenBack: a token that is no longer good is replaced.
func TestInstanceTakesItsTokenBack(t *testing.T) {
	t.Parallel()
	var tokens atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(h http.ResponseWriter, r *http.Request) {
		h.Header().Set("X-Aws-Ec2-Metadata-Token-Ttl-Seconds", "60")
		switch {
		case r.Method == http.MethodPut:
			_, _ = fmt.Fprintf(h, "token %d", tokens.Add(1))
		case r.Header.Get("X-Aws-Ec2-Metadata-Token") != "token 2":
			h.WriteHeader(http.StatusUnauthorized)
		case strings.HasSuffix(r.URL.Path, "/"):
			_, _ = io.WriteString(h, "web\n")
		default:
			_, _ = io.WriteString(h, document("Code", "Success"))
		}
	}))
	t.Cleanup(server.Close)
	w := newWorld(t)
	if got := w.get(w.onInstance([]string{"ec2_metadata_service_endpoint", server.URL})); got.AccessKeyID != "ASIAX" || tokens.Load() != 2 {
		t.Errorf("%+v with %d tokens", got, tokens.Load())
	}
}

// TestInstanceRedirectsAreNotFollowed: the answer would be another host's.
func TestInstanceRedirectsAreNotFollowed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	server := httptest.NewServer(http.RedirectHandler(w.aws.URL(), http.StatusFound))
	t.Cleanup(server.Close)
	w.fails(w.onInstance([]string{"ec2_metadata_service_endpoint", server.URL}), "status 302")
	if w.aws.Count("") != 0 {
		t.Error("a redirect was followed")
	}
}

// nowhere is a network in which nothing answers.
type nowhere struct{ through }

func (n *nowhere) refuse(ctx context.Context, network, address string) (net.Conn, error) {
	_, _ = n.dial(ctx, network, address)
	return nil, &net.OpError{Op: "dial", Net: network, Err: syscall.ECONNREFUSED}
}

func (n *nowhere) swallow(ctx context.Context, network, address string) (net.Conn, error) {
	_, _ = n.dial(ctx, network, address)
	<-ctx.Done()
	return nil, &net.OpError{Op: "dial", Net: network, Err: ctx.Err()}
}

func TestNoInstanceAnswers(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		settings []string
		swallow  bool
		address  string
		dials    int
		words    string
	}{
		{[]string{"metadata_service_num_attempts", "1"}, false, "169.254.169.254:80", 2, "http://169.254.169.254 cannot be reached"},
		{[]string{"metadata_service_num_attempts", "1", "ec2_metadata_v1_disabled", "true"}, false, "169.254.169.254:80", 1, "cannot be reached"},
		{[]string{"metadata_service_num_attempts", "1", "ec2_metadata_service_endpoint_mode", "ipv6"}, false, "[fd00:ec2::254]:80", 2, "http://[fd00:ec2::254]"},
		{[]string{"metadata_service_num_attempts", "1", "ec2_metadata_service_endpoint_mode", "IPv6", "ec2_metadata_service_endpoint", "http://10.0.0.9/"}, false, "10.0.0.9:80", 2, "http://10.0.0.9 "},
		{nil, false, "169.254.169.254:80", 4, "cannot be reached"},
		{[]string{"metadata_service_num_attempts", "1"}, true, "169.254.169.254:80", 2, "did not answer in time"},
	} {
		t.Run(strings.Join(tc.settings, " "), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			n := &nowhere{}
			w.options.Dial = n.refuse
			if tc.swallow {
				w.options.Dial = n.swallow
			}
			chain := w.onInstance(append([]string{"ec2_metadata_service_endpoint", ""}, tc.settings...))
			err := w.fails(chain, `profile "base"`, tc.words, "EC2 instances only")
			if !errors.Is(err, cache.ErrUnreachable) {
				t.Errorf("no session may serve in its place: %#v", err)
			}
			if len(n.dialed) != tc.dials || n.dialed[0] != tc.address {
				t.Errorf("dialled %v, want %s %d times", n.dialed, tc.address, tc.dials)
			}
		})
	}
}

// TestMetadataLimits: what is asked where nothing answers ends within the
// limit, which the settings move.
func TestMetadataLimits(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		settings []string
		want     time.Duration
	}{
		{nil, 3 * time.Second},
		{[]string{"metadata_service_timeout", "2"}, 6 * time.Second},
		{[]string{"metadata_service_num_attempts", "1"}, 3 * time.Second},
		{[]string{"metadata_service_timeout", "2", "metadata_service_num_attempts", "5"}, 10 * time.Second},
	} {
		w := newWorld(t)
		chain := w.onInstance(tc.settings)
		if got := (&walk{Assumer: New(w.options), chain: chain}).metadata().total; got != tc.want {
			t.Errorf("%v: %s, want %s", tc.settings, got, tc.want)
		}
	}
}

func TestInstancesAreToldApart(t *testing.T) {
	t.Parallel()
	keys := map[string]bool{}
	for _, tc := range []struct{ machine, endpoint, mode string }{
		{"one", "", ""}, {"two", "", ""}, {"one", "http://10.0.0.1", ""}, {"one", "", "IPv6"},
	} {
		w := newWorld(t)
		chain := w.onInstance([]string{"ec2_metadata_service_endpoint", tc.endpoint, "ec2_metadata_service_endpoint_mode", tc.mode})
		w.options.Machine = func() string { return tc.machine }
		keys[cache.Key(instanceIdentity(&walk{Assumer: New(w.options), chain: chain}))] = true
	}
	if len(keys) != 4 {
		t.Errorf("%d identities of 4 instances", len(keys))
	}
}

func TestInstanceInterrupted(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	chain := w.onInstance([]string{"ec2_metadata_service_endpoint", ""})
	ctx, cancel := context.WithCancel(t.Context())
	w.options.Dial = func(ctx context.Context, network, _ string) (net.Conn, error) {
		cancel()
		<-ctx.Done()
		return nil, &net.OpError{Op: "dial", Net: network, Err: ctx.Err()}
	}
	if _, err := New(w.options).Credentials(ctx, chain); !errors.Is(err, fault.ErrInterrupted) {
		t.Error(err)
	}
}
