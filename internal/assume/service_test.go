package assume

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/smithy-go"

	"assume-role/internal/awsfake"
	"assume-role/internal/cache"
	"assume-role/internal/fault"
	"assume-role/internal/profile"
	"assume-role/internal/query"
)

// service is an operation on a service that is not STS, by its name.
func (w *world) service(endpoint profile.Endpoint) Operation {
	return Operation{
		Service: "IAM", Name: "GetRole", Target: "role/ops", Profile: "dev", Endpoint: endpoint, Signer: w.keys,
		Source: profile.Source{Kind: profile.Static, Profile: "base", Origin: fault.Origin{Path: "~/.aws/credentials", Line: 2}},
	}
}

// over makes a call that the fake answers whichever service it is for.
func over(ctx context.Context, c query.Client) error {
	c.Service, c.Version = stsName, stsVersion
	return query.Order(ctx, c, "GetCallerIdentity", nil)
}

func (w *world) invokes(op Operation) (time.Duration, error) {
	return New(w.options).Invoke(context.Background(), op, over)
}

func (w *world) here() profile.Endpoint {
	return profile.Endpoint{Region: "us-east-1", Partition: "aws", URL: w.aws.URL()}
}

// The wire carries all that holds for STS: the signer, the clock, the retries.
func TestInvoke(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.aws.Advance(2 * time.Minute)
	w.aws.Inject(awsfake.Fault{Mode: awsfake.Unavailable, Times: 2})
	skew, err := w.invokes(w.service(w.here()))
	if err != nil || skew < 118*time.Second || skew > 121*time.Second {
		t.Errorf("%s, %v", skew, err)
	}
	if calls := w.aws.Calls(); len(calls) != 3 {
		t.Errorf("%d calls", len(calls))
	}
}

// The clock that signs is the Assumer's.
func TestInvokeSignsWithTheClock(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.options.Now = func() time.Time { return time.Now().Add(-time.Hour) }
	_, err := w.invokes(w.service(w.here()))
	w.says(err, "GetRole on role/ops failed with SignatureDoesNotMatch", "this machine's clock is", "behind")
}

func TestInvokeTellsErrorsAsForSTS(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	gone := w.service(w.here())
	gone.Signer.AccessKeyID = "AKIAGONE"
	_, err := w.invokes(gone)
	w.says(err, "GetRole on role/ops failed with InvalidClientTokenId", "AWS does not know key AKIAGONE", "the profile base", "(~/.aws/credentials:2)")
	var api smithy.APIError
	if !errors.As(err, &api) || api.ErrorCode() != "InvalidClientTokenId" {
		t.Errorf("AWS's error is lost: %#v", err)
	}
	wrong := w.service(w.here())
	wrong.Signer.SecretAccessKey = "wrong"
	_, err = w.invokes(wrong)
	w.says(err, "the secret of key "+w.keys.AccessKeyID+" is wrong")
}

// Where nothing was asked, the line names the service.
func TestInvokeNamesTheService(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, err := w.invokes(w.service(profile.Endpoint{Region: "not a region"}))
	w.says(err, "GetRole on role/ops failed: IAM in not a region: the request could not be made")
	if strings.Contains(err.Error(), "STS") {
		t.Error(err)
	}
}

// A variant of a host that the plan has not settled is not guessed, nor passed
// over.
func TestInvokeSendsNoVariantAstray(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, e := range []profile.Endpoint{{Region: "eu-west-1", FIPS: true}, {Region: "eu-west-1", URL: w.aws.URL(), FIPS: true}, {Region: "eu-west-1", URL: w.aws.URL(), DualStack: true}} {
		_, err := w.invokes(w.service(e))
		w.says(err, "GetRole on role/ops failed: ")
	}
	if n := len(w.aws.Calls()); n != 0 {
		t.Errorf("%d calls", n)
	}
}

func TestInvokeInterrupted(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	op := w.service(w.here())
	if _, err := New(w.options).Invoke(ctx, op, over); !errors.Is(err, fault.ErrInterrupted) || errors.Is(err, ErrOutcomeUnknown) {
		t.Error(err)
	}
}

// An operation has the time of a call, however long its caller would wait.
func TestInvokeHasALimit(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, _ = New(w.options).Invoke(context.Background(), w.service(w.here()), func(ctx context.Context, _ query.Client) error {
		if end, ok := ctx.Deadline(); !ok || time.Until(end) > callTime {
			t.Errorf("until %s, %v", end, ok)
		}
		return nil
	})
}

// Connections to one endpoint are shared; the credentials never are.
func TestWiresAreShared(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a := New(w.options)
	wire := func(op Operation) (got query.Client) {
		_, _ = a.Invoke(context.Background(), op, func(_ context.Context, w query.Client) error {
			got = w
			return nil
		})
		return got
	}
	one, two := w.service(w.here()), w.service(w.here())
	two.Signer.AccessKeyID = "AKIAOTHER"
	elsewhere := w.service(profile.Endpoint{Region: "us-east-1"})
	if wire(one).HTTP != wire(two).HTTP || wire(one).HTTP == wire(elsewhere).HTTP {
		t.Error("not one client an endpoint")
	}
	c, err := wire(two).Credentials.Retrieve(context.Background())
	if err != nil || c.AccessKeyID != "AKIAOTHER" {
		t.Error(c.AccessKeyID, err)
	}
}

// A request that goes once is sent once, and says whether it may have arrived.
func TestOnce(t *testing.T) {
	t.Parallel()
	for mode, unknown := range map[awsfake.Mode]bool{
		awsfake.Lost: true, awsfake.Truncate: true, awsfake.InternalError: true, awsfake.Throttle: false, awsfake.Deny: false,
	} {
		w := newWorld(t)
		w.aws.Inject(awsfake.Fault{Mode: mode, Times: 1})
		op := w.service(w.here())
		op.Once = true
		_, err := w.invokes(op)
		if w.says(err, "GetRole on role/ops failed"); errors.Is(err, ErrOutcomeUnknown) != unknown {
			t.Errorf("%s: %v", mode, err)
		}
		if n := len(w.aws.Calls()); n != 1 {
			t.Errorf("%s: %d calls", mode, n)
		}
		if _, err = w.invokes(w.service(w.here())); errors.Is(err, ErrOutcomeUnknown) {
			t.Error(err)
		}
	}
}

// What was refused, by AWS or on the way to it, was not done.
func TestPerhapsDone(t *testing.T) {
	t.Parallel()
	err := outcomeUnknown(errors.New("x"))
	if !errors.Is(err, ErrOutcomeUnknown) {
		t.Error(err)
	}
	for _, tc := range []struct {
		f    failure
		want bool
	}{
		{failure{seen: observed{host: "h"}, err: &proxyRefusal{status: 407}}, false},
		{failure{seen: observed{host: "h"}, err: io.ErrUnexpectedEOF}, true},
		{failure{seen: observed{host: "h"}, status: 403}, false},
		{failure{seen: observed{host: "h"}, status: 503}, true},
		{failure{err: io.EOF}, false},
	} {
		if got := tc.f.perhapsDone(); got != tc.want {
			t.Errorf("%+v: %v", tc.f, got)
		}
	}
}

const administratorsConfig = `
[profile base]
aws_access_key_id = AKIABASE
aws_secret_access_key = s
mfa_serial = arn:aws:iam::123456789012:mfa/alice
[profile spans]
aws_access_key_id = AKIASPANS
aws_secret_access_key = s
mfa_serial = arn:aws:iam::123456789012:mfa/alice
duration_seconds = 7200
[profile long]
role_arn = arn:aws:iam::123456789012:role/long
source_profile = base
duration_seconds = 43200
[profile short]
role_arn = arn:aws:iam::123456789012:role/short
source_profile = base
[profile longspans]
role_arn = arn:aws:iam::123456789012:role/long
source_profile = spans
duration_seconds = 43200
[profile shortspans]
role_arn = arn:aws:iam::123456789012:role/short
source_profile = spans
`

// The session that changes IAM is the one that other runs on the same keys
// have in the cache: one code serves them all.
func TestAdministratorSharesTheSession(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "config")
	if err := os.WriteFile(path, []byte(administratorsConfig), 0o600); err != nil {
		t.Fatal(err)
	}
	config, err := profile.Load(profile.Files{Config: profile.File{Path: path}})
	if err != nil {
		t.Fatal(err)
	}
	for _, tokenDuration := range []time.Duration{0, 2 * time.Hour, 12 * time.Hour} {
		resolve := func(name string) *profile.Chain {
			chain, err := profile.Resolve(config, profile.Request{Profile: name, Defaults: profile.Defaults{TokenDuration: tokenDuration}})
			if err != nil {
				t.Fatal(err)
			}
			return chain
		}
		for role, ordinary := range map[string]string{"long": "short", "longspans": "shortspans"} {
			admin := sessionKeys(t, resolve(role).Administrator(0, tokenDuration))
			if want := sessionKeys(t, resolve(ordinary)); len(admin) != 1 || admin[0] != want[0] {
				t.Errorf("%s, %s: %v, want %v", role, tokenDuration, admin, want)
			}
		}
		if own := sessionKeys(t, resolve("base")); own[0] != sessionKeys(t, resolve("long").Administrator(0, tokenDuration))[0] {
			t.Error("not the keys' own session")
		}
	}
}

func sessionKeys(t *testing.T, chain *profile.Chain) []string {
	t.Helper()
	keys, err := New(Options{SessionName: func() string { return "s" }}).Keys(chain)
	if err != nil {
		t.Fatal(err)
	}
	return keys
}

// And so it is in fact: one code, one session, and IAM takes it.
func TestAdministratorTakesNoSecondCode(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.options.Cache = &cache.Cache{Store: &memory{items: map[string][]byte{}}, Locks: t.TempDir(), Now: time.Now}
	chain := w.chain(w.mfaSession(), w.role(awsfake.Role{Name: "admin"}))
	chain.Device = chain.Calls[0].Device
	w.get(chain)
	w.get(chain.Administrator(1, 0))
	w.get(chain.Administrator(0, 0))
	w.counts(1, 1, 1)
}
