package assume

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"assume-role/internal/fault"
	"assume-role/internal/profile"
)

func (w *world) ping(endpoint profile.Endpoint) (Pong, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	return New(w.options).Ping(ctx, endpoint)
}

func TestPing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.aws.Advance(time.Hour)
	got, err := w.ping(profile.Endpoint{Region: "eu-west-1", URL: w.aws.URL()})
	if err != nil || !got.Dated || got.Skew < 59*time.Minute || got.Skew > 61*time.Minute || !strings.HasSuffix(w.aws.URL(), got.Host) {
		t.Errorf("%+v, %v", got, err)
	}
}

// TestPingCarriesNothing: no signature, no body, no path of a call.
func TestPingCarriesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	seen := make(chan *http.Request, 1)
	server := httptest.NewServer(http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		out.Header()["Date"] = nil
		http.Redirect(out, r, "https://example.invalid/", http.StatusFound)
		seen <- r
	}))
	defer server.Close()
	got, err := w.ping(profile.Endpoint{Region: "eu-west-1", URL: server.URL})
	if err != nil || got.Dated {
		t.Errorf("%+v, %v", got, err)
	}
	r := <-seen
	if r.Method != http.MethodGet || r.URL.String() != "/" || r.Header.Get("Authorization") != "" || r.UserAgent() != "assume-role/test" {
		t.Errorf("%s %s %v", r.Method, r.URL, r.Header)
	}
}

// checkPing: one line with advice and the words.
func checkPing(t *testing.T, err error, words ...string) {
	t.Helper()
	var f *fault.Error
	if !errors.As(err, &f) || f.Hint == "" || strings.Contains(err.Error(), "\n") {
		t.Errorf("got %#v", err)
		return
	}
	for _, word := range words {
		if !strings.Contains(err.Error(), word) {
			t.Errorf("%v: does not say %q", err, word)
		}
	}
}

func TestPingFails(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	closed := httptest.NewServer(nil)
	closed.Close()
	for _, tc := range []struct {
		endpoint profile.Endpoint
		words    []string
	}{
		{profile.Endpoint{Region: "eu-west-1", URL: closed.URL}, []string{closed.Listener.Addr().String(), "refused"}},
		{profile.Endpoint{Region: "eu-west-1", URL: closed.URL, CABundle: "/no/such.pem"}, []string{"/no/such.pem"}},
	} {
		_, err := w.ping(tc.endpoint)
		checkPing(t, err, tc.words...)
	}
}

func TestPingEnds(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	silent := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }))
	defer silent.Close()
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	_, err := New(w.options).Ping(ctx, profile.Endpoint{Region: "eu-west-1", URL: silent.URL})
	checkPing(t, err, "in time")
}

// TestWherePingGoes: by the same rules as calls.
func TestWherePingGoes(t *testing.T) {
	t.Parallel()
	for want, endpoint := range map[string]profile.Endpoint{
		"https://sts.eu-west-1.amazonaws.com/":      {Region: "eu-west-1", Partition: "aws"},
		"https://sts.cn-north-1.amazonaws.com.cn/":  {Region: "cn-north-1", Partition: "aws-cn"},
		"https://sts-fips.us-east-1.amazonaws.com/": {Region: "us-east-1", Partition: "aws", FIPS: true},
		"https://sts.us-gov-west-1.amazonaws.com/":  {Region: "us-gov-west-1", Partition: "aws-us-gov", FIPS: true},
		"https://sts.eu-west-1.api.aws/":            {Region: "eu-west-1", Partition: "aws", DualStack: true},
		"https://sts.amazonaws.com/":                {Region: "us-east-1", Partition: "aws", Legacy: true},
		"http://localhost:4566/":                    {Region: "us-east-1", Partition: "aws", URL: "http://localhost:4566"},
		"https://sts.eusc-de-east-1.amazonaws.eu/":  {Region: "eusc-de-east-1", Partition: "aws-eusc"},
	} {
		got, err := frontPage(endpoint)
		if err != nil || got != want {
			t.Errorf("%+v: %s, %v, want %s", endpoint, got, err, want)
		}
	}
}
