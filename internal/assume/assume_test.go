package assume

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"assume-role/internal/awsfake"
	"assume-role/internal/cache"
	"assume-role/internal/creds"
	"assume-role/internal/fault"
	"assume-role/internal/profile"
)

func TestKeysDeviceAndTwoRoles(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first := w.role(awsfake.Role{Name: "admin", RequireMFA: true})
	second := w.role(awsfake.Role{Name: "path/far", Account: "210987654321"})
	second.Chained = true
	chain := w.chain(w.mfaSession(), first, second)
	c := w.get(chain)
	w.counts(1, 2, 1)
	if want := "arn:aws:sts::210987654321:assumed-role/far/alice@laptop"; c.ARN != want || c.AccountID != "210987654321" {
		t.Errorf("ARN %q, account %q", c.ARN, c.AccountID)
	}
	if left := time.Until(c.Expiration); left < 59*time.Minute || left > time.Hour {
		t.Errorf("valid for %s", left)
	}
	if again := w.get(chain); again != c {
		t.Errorf("the second run gave %+v, the first %+v", again, c)
	}
	if w.aws.Count("") != 3 {
		t.Errorf("a warm run made %d calls", w.aws.Count("")-3)
	}
	if want := []string{"MFA code for " + w.device.Serial + " (profile base): "}; !cmp.Equal(w.person.prompts, want) {
		t.Error(cmp.Diff(want, w.person.prompts))
	}
}

func TestProfilesShareTheMFASession(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, name := range []string{"one", "two", "three"} {
		chain := w.chain(w.mfaSession(), w.role(awsfake.Role{Name: name, RequireMFA: true}))
		chain.Profile, chain.Calls[0].Profile, chain.Source.Profile = name, name, name
		w.get(chain)
	}
	w.counts(1, 3, 1)
}

func TestManyAtOnceAskOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.aws.SetLatency("", 20*time.Millisecond)
	chain := w.chain(w.mfaSession(), w.role(awsfake.Role{Name: "admin", RequireMFA: true}))
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			if _, err := New(w.options).Credentials(context.Background(), chain); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	w.counts(1, 1, 1)
}

func TestNoCacheMakesEverySession(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.options.Cache = nil
	chain := w.chain(w.mfaSession(), w.role(awsfake.Role{Name: "admin"}))
	w.get(chain)
	w.get(chain)
	w.counts(2, 2, 2)
}

func TestRefreshKeepsTheMFASession(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	chain := w.chain(w.mfaSession(), w.role(awsfake.Role{Name: "a"}), w.role(awsfake.Role{Name: "b"}))
	before := w.get(chain)
	w.options.Policy.Refresh = true
	if after := w.get(chain); after == before {
		t.Error("the role's session was not made anew")
	}
	w.counts(1, 4, 1)
}

func TestExplicitMinTTLIsTheLastSessionsOnly(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.options.Policy = cache.Policy{MinTTL: 50 * time.Minute, Explicit: true}
	session, role := w.mfaSession(), w.role(awsfake.Role{Name: "admin"})
	session.Duration = 15 * time.Minute
	w.get(w.chain(session, role))
	role.Duration = 30 * time.Minute
	w.fails(w.chain(session, role), "min-ttl")
	w.counts(1, 2, 1)
}

// A session that AWS no longer takes is made anew, once, and only if it came
// from the cache.
func TestRefusedSessionIsMadeAnew(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	chain := w.chain(w.mfaSession(), w.role(awsfake.Role{Name: "admin"}))
	stale, err := New(w.options).start(chain)
	if err != nil {
		t.Fatal(err)
	}
	_, err = w.options.Cache.Obtain(context.Background(), cache.Request{Key: stale.keys[1]}, func(context.Context) (cache.Entry, error) {
		return cache.Entry{Credentials: creds.Credentials{AccessKeyID: "ASIAGONE", SecretAccessKey: "s", SessionToken: "t", Expiration: time.Now().Add(time.Hour)}}, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	w.get(chain)
	w.counts(1, 2, 1)
	if !strings.Contains(w.debug.String(), "ASIAGONE") {
		t.Error("no debug line about it")
	}
}

func TestRefusedKeysAreNotTriedAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.aws.DeactivateKey(w.keys.AccessKeyID)
	w.fails(w.chain(w.role(awsfake.Role{Name: "admin"})), "dev", "AssumeRole of arn:aws:iam::", "InvalidClientTokenId", w.keys.AccessKeyID, "credentials:2")
	w.counts(0, 1, 0)
}

func TestKeyringKeyIsReadOnlyToSign(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	reads := 0
	w.options.LoadKey = func(name string) (creds.Credentials, error) {
		reads++
		if name != "base" {
			t.Errorf("the key of %q was asked for", name)
		}
		return w.keys, nil
	}
	chain := w.chain(w.mfaSession(), w.role(awsfake.Role{Name: "admin"}))
	chain.Source = profile.Source{Kind: profile.Keyring, Profile: "base", Keys: creds.Credentials{AccessKeyID: w.keys.AccessKeyID}}
	w.get(chain)
	w.get(chain)
	if reads != 1 {
		t.Errorf("the key was read %d times", reads)
	}
	chain.Source.Keys.AccessKeyID = "AKIAOTHER"
	w.fails(chain, "AKIAOTHER", w.keys.AccessKeyID, "assume-role add base")
}

func TestKeyStoreErrorIsPassedOn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	locked := fault.New("", "the keyring is locked")
	w.options.LoadKey = func(string) (creds.Credentials, error) { return creds.Credentials{}, locked }
	chain := w.chain(w.role(awsfake.Role{Name: "admin"}))
	chain.Source.Kind = profile.Keyring
	if _, err := New(w.options).Credentials(context.Background(), chain); err != locked {
		t.Errorf("got %v", err)
	}
}

func TestSourceAlone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, kind := range []profile.Kind{profile.Static, profile.Environment} {
		chain := w.chain()
		chain.Source.Kind = kind
		if c := w.get(chain); c != w.keys {
			t.Errorf("%s: got %+v", kind, c)
		}
	}
	if w.aws.Count("") != 0 {
		t.Error("handing out keys made a call")
	}
}

func TestUnavailableSourceIsRefusedFirst(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	chain := w.chain(w.role(awsfake.Role{Name: "admin"}))
	chain.Source.Unavailable = fault.New("", "no variables").In("dev").Fix("set them")
	w.fails(chain, "no variables")
	if w.aws.Count("") != 0 {
		t.Error("a call was made")
	}
}

func TestSessionOfKeysKnowsItsAccount(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	if c := w.get(w.chain(w.mfaSession())); c.AccountID != "123456789012" || !c.Temporary() {
		t.Errorf("with a device: %+v", c)
	}
	if n := w.aws.Count("GetCallerIdentity"); n != 0 {
		t.Errorf("%d GetCallerIdentity with a device", n)
	}
	plain := profile.Call{Kind: profile.SessionToken, Profile: "base", Duration: time.Hour}
	if c := w.get(w.chain(plain)); c.AccountID != "123456789012" {
		t.Errorf("without a device: %+v", c)
	}
	if n := w.aws.Count("GetCallerIdentity"); n != 1 {
		t.Errorf("%d GetCallerIdentity without a device", n)
	}
}

func TestRootIsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.keys.AccessKeyID, w.keys.SecretAccessKey = w.aws.AddRootKey()
	w.fails(w.chain(profile.Call{Kind: profile.SessionToken, Profile: "base", Duration: time.Hour}), "base", "root")
	w.fails(w.chain(profile.Call{Kind: profile.FederationToken, Profile: "base", FederatedName: "bob", Duration: time.Hour}), "root")
	device := w.mfaSession()
	device.Device.Serial = "arn:aws:iam::123456789012:mfa/root-account-mfa-device"
	w.fails(w.chain(device), "root")
	if w.aws.Count("GetSessionToken")+w.aws.Count("GetFederationToken") != 0 {
		t.Error("root's session was asked for")
	}
	w.fails(w.chain(w.role(awsfake.Role{Name: "admin"})), "root cannot assume roles")
}

// sent are the parameters of the last call of an action, but for what every
// call has.
func (w *world) sent(action string) map[string]string {
	w.Helper()
	calls := w.aws.Calls()
	for i := len(calls) - 1; i >= 0; i-- {
		if calls[i].Action == action {
			delete(calls[i].Params, "Action")
			delete(calls[i].Params, "Version")
			return calls[i].Params
		}
	}
	w.Fatalf("no %s", action)
	return nil
}

func TestEveryParameterIsSent(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const policy = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}`
	role := w.role(awsfake.Role{Name: "strict", ExternalID: "ex:ternal/1", MaxDuration: 12 * time.Hour})
	role.Duration, role.SessionName, role.ExternalID, role.SourceIdentity = 2*time.Hour, "me", "ex:ternal/1", "alice"
	role.Tags, role.TransitiveTagKeys = []profile.Tag{{Key: "team", Value: "a b"}, {Key: "cost", Value: "1=2"}}, []string{"team"}
	role.Policy, role.PolicyARNs = policy, []string{"arn:aws:iam::aws:policy/ReadOnlyAccess"}
	role.Device = w.mfaSession().Device
	w.get(w.chain(role))
	federation := profile.Call{Kind: profile.FederationToken, Profile: "dev", FederatedName: "bob", Duration: time.Hour, Policy: policy, PolicyARNs: role.PolicyARNs, Tags: role.Tags}
	if c := w.get(w.chain(federation)); c.ARN != "arn:aws:sts::123456789012:federated-user/bob" || c.AccountID != "123456789012" {
		t.Errorf("federated: %+v", c)
	}
	w.get(w.chain(w.mfaSession()))
	common := map[string]string{
		"Policy": policy, "PolicyArns.member.1.arn": "arn:aws:iam::aws:policy/ReadOnlyAccess",
		"Tags.member.1.Key": "team", "Tags.member.1.Value": "a b", "Tags.member.2.Key": "cost", "Tags.member.2.Value": "1=2",
	}
	for action, want := range map[string]map[string]string{
		"AssumeRole": with(common, "RoleArn", role.RoleARN, "RoleSessionName", "me", "DurationSeconds", "7200", "ExternalId", "ex:ternal/1",
			"SourceIdentity", "alice", "TransitiveTagKeys.member.1", "team", "SerialNumber", w.device.Serial, "TokenCode", "***"),
		"GetFederationToken": with(common, "Name", "bob", "DurationSeconds", "3600"),
		"GetSessionToken":    with(nil, "DurationSeconds", "28800", "SerialNumber", w.device.Serial, "TokenCode", "***"),
	} {
		if got := w.sent(action); !cmp.Equal(got, want) {
			t.Errorf("%s: %s", action, cmp.Diff(want, got))
		}
	}
}

func TestNothingEmptyIsSent(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	role := w.role(awsfake.Role{Name: "plain"})
	w.get(w.chain(role))
	if want := with(nil, "RoleArn", role.RoleARN, "RoleSessionName", "alice@laptop", "DurationSeconds", "3600"); !cmp.Equal(w.sent("AssumeRole"), want) {
		t.Error(cmp.Diff(want, w.sent("AssumeRole")))
	}
	call := w.aws.Calls()[0]
	if call.Region != "eu-west-1" || call.AccessKeyID != w.keys.AccessKeyID || !strings.Contains(call.UserAgent, "assume-role/test") {
		t.Errorf("%+v", call)
	}
}

func with(base map[string]string, pairs ...string) map[string]string {
	m := map[string]string{}
	for k, v := range base {
		m[k] = v
	}
	for i := 0; i < len(pairs); i += 2 {
		m[pairs[i]] = pairs[i+1]
	}
	return m
}

// A kept connection may be handed back a moment too late for the next call, but
// not for every one.
func TestConnectionsAreKept(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	aws, err := url.Parse(w.aws.URL())
	if err != nil {
		t.Fatal(err)
	}
	var opened atomic.Int32
	front := httptest.NewUnstartedServer(&httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(aws)
		r.Out.Host = r.In.Host
	}})
	front.Config.ConnState = func(_ net.Conn, s http.ConnState) {
		if s == http.StateNew {
			opened.Add(1)
		}
	}
	front.Start()
	defer front.Close()
	calls := []profile.Call{w.mfaSession()}
	for _, name := range strings.Split("abcdefghijkl", "") {
		calls = append(calls, w.role(awsfake.Role{Name: name}))
	}
	chain := w.chain(calls...)
	chain.STS.URL = front.URL
	w.get(chain)
	if n := opened.Load(); int(n) == len(calls) {
		t.Errorf("%d connections for as many calls", n)
	}
}

func TestIdentity(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	chain := w.chain(w.role(awsfake.Role{Name: "admin"}))
	a := New(w.options)
	c, err := a.Credentials(context.Background(), chain)
	if err != nil {
		t.Fatal(err)
	}
	id, err := a.Identity(context.Background(), "dev", chain.STS, c)
	if err != nil || id.Account != "123456789012" || id.ARN != c.ARN || !strings.HasSuffix(id.UserID, ":alice@laptop") {
		t.Errorf("%+v, %v", id, err)
	}
	if len(a.wires) != 1 {
		t.Errorf("%d HTTP clients for one endpoint", len(a.wires))
	}
}

func TestWrongCodeIsAskedAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.person.script = []string{"12345", "000000", "abcdef"}
	w.get(w.chain(w.mfaSession()))
	w.counts(2, 0, 1)
	if len(w.person.prompts) != 4 {
		t.Errorf("prompts: %q", w.person.prompts)
	}
}

func TestThreeWrongCodesAreEnough(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.person.script = []string{"000000", "999998", "999997", "999996"}
	w.fails(w.chain(w.mfaSession()), "base", "3 codes", w.device.Serial, "config:3")
	w.counts(3, 0, 0)
}

// A request with a code is sent once: its code may be used up although no
// answer came. What is asked for then is another code.
func TestCodeIsNeverSentTwice(t *testing.T) {
	t.Parallel()
	for _, mode := range []awsfake.Mode{awsfake.Lost, awsfake.InternalError, awsfake.Unavailable, awsfake.Throttle, awsfake.Reset, awsfake.Truncate} {
		t.Run(string(mode), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.aws.Inject(awsfake.Fault{Action: "GetSessionToken", Mode: mode, Times: 1})
			w.get(w.chain(w.mfaSession()))
			if n := w.aws.Count("GetSessionToken"); n != 2 || len(w.person.prompts) != 2 {
				t.Errorf("%d calls, prompts %q", n, w.person.prompts)
			}
			w.options.Cache = nil
			w.aws.Inject(awsfake.Fault{Action: "GetSessionToken", Mode: mode, Times: 0})
			w.fails(w.chain(w.mfaSession()), "GetSessionToken failed")
			if n := w.aws.Count("GetSessionToken"); n != 4 {
				t.Errorf("%d calls in an outage, want 2", n-2)
			}
		})
	}
}

func TestCallWithoutCodeIsRetried(t *testing.T) {
	t.Parallel()
	for _, mode := range []awsfake.Mode{awsfake.InternalError, awsfake.Unavailable, awsfake.Throttle, awsfake.Reset, awsfake.Truncate, awsfake.Lost} {
		t.Run(string(mode), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.aws.Inject(awsfake.Fault{Action: "AssumeRole", Mode: mode, Times: 1})
			w.get(w.chain(w.role(awsfake.Role{Name: "admin"})))
			w.counts(0, 2, 0)
		})
	}
}

func TestAttemptsAreLimited(t *testing.T) {
	t.Parallel()
	for _, adaptive := range []bool{false, true} {
		w := newWorld(t)
		w.aws.Inject(awsfake.Fault{Mode: awsfake.InternalError})
		chain := w.chain(w.role(awsfake.Role{Name: "admin"}))
		chain.STS.Adaptive = adaptive
		chain.STS.MaxAttempts = 2
		if err := w.fails(chain, "500"); !errors.Is(err, cache.ErrUnreachable) {
			t.Error("a server error is not an outage")
		}
		w.counts(0, 2, 0)
		chain.STS.MaxAttempts = 0
		w.fails(chain, "500")
		w.counts(0, 2+defaultAttempts, 0)
	}
}

func TestInterrupted(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.aws.Inject(awsfake.Fault{Mode: awsfake.Hang})
	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		for w.aws.Count("AssumeRole") == 0 {
			time.Sleep(time.Millisecond)
		}
		cancel()
	}()
	if _, err := New(w.options).Credentials(ctx, w.chain(w.role(awsfake.Role{Name: "admin"}))); err != fault.ErrInterrupted {
		t.Errorf("got %v", err)
	}
}

func TestInterruptedIdentity(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := New(w.options).Identity(ctx, "dev", w.chain().STS, w.keys); err != fault.ErrInterrupted {
		t.Errorf("got %v", err)
	}
}

func TestUnreachableUsesAValidSession(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	chain := w.chain(w.role(awsfake.Role{Name: "admin"}))
	before := w.get(chain)
	w.options.Policy.Refresh = true
	w.aws.Close()
	if after := w.get(chain); after != before {
		t.Error("the cached session was not used")
	}
}

func TestSkewIsKept(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.aws.Advance(2 * time.Minute)
	chain := w.chain(w.role(awsfake.Role{Name: "admin"}))
	w.get(chain)
	walk, err := New(w.options).start(chain)
	if err != nil {
		t.Fatal(err)
	}
	entry, err := w.options.Cache.Obtain(context.Background(), cache.Request{Key: walk.keys[1]}, nil)
	if err != nil || entry.Skew < 115*time.Second || entry.Skew > 125*time.Second {
		t.Errorf("skew %s, %v", entry.Skew, err)
	}
	if entry.SourceKey != w.keys.AccessKeyID || entry.Kind != "assume-role" || entry.RoleARN != chain.Calls[0].RoleARN || entry.Profile != "dev" {
		t.Errorf("entry %+v", entry)
	}
}

func TestMain(m *testing.M) {
	// Nothing here may depend on the variables of whoever runs the tests.
	for _, name := range []string{"HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"} {
		_ = os.Unsetenv(name)
	}
	os.Exit(m.Run())
}
