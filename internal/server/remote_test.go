package server

import (
	"context"
	"errors"
	"io"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"assume-role/internal/creds"
	"assume-role/internal/fault"
)

// atSocket serves the profiles at a Unix socket.
func atSocket(t *testing.T, o Options) *Remote {
	t.Helper()
	dir, err := os.MkdirTemp("", "s") // the paths of sockets are short
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	path := filepath.Join(dir, "s")
	l, err := net.Listen("unix", path)
	if err != nil {
		t.Skip(err)
	}
	o.Unix, o.Now = true, time.Now
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- New(o).Serve(ctx, l) }()
	t.Cleanup(func() {
		cancel()
		<-ended
	})
	return NewRemote(path)
}

func giving(c creds.Credentials, err error) func(context.Context, time.Duration) (creds.Credentials, error) {
	return func(context.Context, time.Duration) (creds.Credentials, error) { return c, err }
}

// What a profile gives here, it gives at the other end of the socket.
func TestRemoteProfiles(t *testing.T) {
	t.Parallel()
	want := creds.Credentials{
		AccessKeyID: "ASIA1", SecretAccessKey: "secret", SessionToken: "token", AccountID: "123456789012",
		Expiration: time.Now().Add(time.Hour).UTC().Truncate(time.Second),
	}
	r := atSocket(t, Options{
		Peer:       SameUser,
		Generation: func() (int64, error) { return 7, nil },
		Profiles: []Profile{
			{Name: "a b", Token: "one", Path: "/role/a-b", RoleARN: "arn:aws:iam::123456789012:role/r", Region: "eu-west-1", Credentials: giving(want, nil)},
			{Name: "denied", Token: "two", Path: "/role/denied", Credentials: giving(creds.Credentials{}, fault.New(fault.NoSource, "no source").In("x"))},
		},
	})
	profiles, err := r.Profiles(t.Context())
	if err != nil || len(profiles) != 2 {
		t.Fatalf("%v, %v", profiles, err)
	}
	p := profiles[0]
	if p.Name != "a b" || p.Path != "/role/a-b" || p.Region != "eu-west-1" || p.RoleARN == "" || p.Token == "" {
		t.Errorf("%+v", p)
	}
	got, err := p.Credentials(t.Context(), time.Minute)
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Error(err, diff)
	}
	if generation, err := r.Generation(t.Context()); generation != 7 || err != nil {
		t.Errorf("%d, %v", generation, err)
	}
	_, err = profiles[1].Credentials(t.Context(), time.Minute)
	var told *fault.Error
	if !errors.As(err, &told) || told.Code != fault.NoSource || !strings.Contains(told.Message, "no source") {
		t.Errorf("%v", err)
	}
}

// A failure that may pass stays one on this side: clients then try again.
func TestRemoteFailuresThatPass(t *testing.T) {
	t.Parallel()
	r := atSocket(t, Options{
		Passing:  func(error) bool { return true },
		Profiles: []Profile{{Name: "p", Token: "t", Path: "/role/p", Credentials: giving(creds.Credentials{}, fault.New("", "AWS is away"))}},
	})
	profiles, err := r.Profiles(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	_, busy := profiles[0].Credentials(t.Context(), time.Minute)
	_, away := NewRemote(filepath.Join(t.TempDir(), "none")).Profiles(t.Context())
	for _, err := range []error{busy, away} {
		var passes net.Error
		if !errors.As(err, &passes) {
			t.Errorf("it is for good: %v", err)
		}
	}
}

// What is wrong with the socket is said: it may be gone, or a dead server's, or
// somebody else's.
func TestRemoteSaysWhy(t *testing.T) {
	t.Parallel()
	dir, err := os.MkdirTemp("", "s")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	dead, err := net.ListenUnix("unix", &net.UnixAddr{Name: filepath.Join(dir, "dead")})
	if err != nil {
		t.Fatal(err)
	}
	dead.SetUnlinkOnClose(false)
	_ = dead.Close()
	for name, want := range map[string]string{"none": syscall.ENOENT.Error(), "dead": syscall.ECONNREFUSED.Error()} {
		path := filepath.Join(dir, name)
		_, err := NewRemote(path).Profiles(t.Context())
		if err == nil || !strings.Contains(err.Error(), path+" cannot be reached: "+want) && runtime.GOOS != "windows" {
			t.Errorf("%s: %v", name, err)
		}
	}
	for err, want := range map[error]string{
		context.DeadlineExceeded: "it did not answer in time", io.EOF: "it ended the connection", syscall.EACCES: "run this with the same user id",
	} {
		if got := NewRemote("x").unreachable(&url.Error{Err: err}).Error(); !strings.Contains(got, want) {
			t.Errorf("%v: %s", err, got)
		}
	}
}

// Over TCP nothing is listed.
func TestListingIsForSockets(t *testing.T) {
	t.Parallel()
	h := &handler{Server: New(Options{Now: time.Now, Profiles: []Profile{{Name: "p", Token: "t", Path: "/role/p"}}})}
	if _, ok := h.hosts["x"]; ok || h.options.Unix {
		t.Fatal("the test is not about TCP")
	}
	if got := readable(t, h); strings.Contains(got, "role") {
		t.Errorf("it lists %q", got)
	}
}

func TestListingsThatAreNone(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		"", "[]", "{}", `{"version":2}`, `{"version":1,"profiles":[{}]}`,
		`{"version":1,"profiles":[{"name":"p","path":"p","token":"t"}]}`,
		`{"version":1,"profiles":[{"name":"p","path":"/p\r\nX: y","token":"t"}]}`,
		`{"version":1,"profiles":[{"name":"p","path":"/p","token":"t\n"}]}`,
	} {
		if l, err := readListing([]byte(body)); err == nil {
			t.Errorf("%s: %+v", body, l)
		}
	}
	if _, err := readListing([]byte(`{"version":1,"generation":3,"profiles":[{"name":"p","path":"/p","token":"t"}]}`)); err != nil {
		t.Error(err)
	}
}

func FuzzRemote(f *testing.F) {
	f.Add([]byte(`{"version":1,"profiles":[{"name":"p","path":"/p","token":"t"}]}`))
	f.Add([]byte(`{"AccessKeyId":"A","SecretAccessKey":"s","Token":"t","Expiration":"2026-11-22T12:00:00Z"}`))
	f.Add([]byte(`{"Code":"x","Message":"y\u001b[0m"}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		if l, err := readListing(body); err == nil {
			for _, p := range l.Profiles {
				if p.Name == "" || p.Token == "" || p.Path == "" || strings.ContainsAny(p.Path+p.Token, "\r\n") {
					t.Errorf("%+v", p)
				}
			}
		}
		if c, err := readCredentials("p", body); err == nil && (!c.Temporary() || !c.Complete() || c.Expiration.IsZero()) {
			t.Errorf("%+v", c)
		}
		if err := refusal(503, body); err == nil || strings.Contains(err.Error(), "\n") {
			t.Errorf("%v", err)
		}
	})
}
