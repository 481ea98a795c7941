package assume

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/feature/ec2/imds"
	"github.com/google/go-cmp/cmp"
)

// The SDK's own client of the metadata service is in no program of ours. Here
// it is the witness: in what it asks, repeats and fails with, ours is its equal.

// instanceAnswer is one of a metadata service that plays a part. Status 0 hangs
// up in place of an answer, and text that is longer than said is cut off.
type instanceAnswer struct {
	status int
	ttl    string
	text   string
}

func token(text string) instanceAnswer { return instanceAnswer{http.StatusOK, "300", text} }

func said(text string) instanceAnswer { return instanceAnswer{http.StatusOK, "", text} }

func refusal(status int) instanceAnswer { return instanceAnswer{status, "", "<html>no</html>"} }

const cutShort = "CUT"

// actor answers requests for tokens, and all others, each kind by its own part:
// one answer after the other, the last one for good.
type actor struct {
	mu         sync.Mutex
	tokens     []instanceAnswer
	pages      []instanceAnswer
	got        []string
	tokensSeen int
	pagesSeen  int
}

// ServeHTTP implements http.Handler.
func (a *actor) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	a.mu.Lock()
	part, seen := a.pages, &a.pagesSeen
	if r.Method == http.MethodPut {
		part, seen = a.tokens, &a.tokensSeen
	}
	answer := part[min(*seen, len(part)-1)]
	*seen++
	a.got = append(a.got, fmt.Sprintf("%s %s token=%q ttl=%q length=%d forwarded=%q",
		r.Method, r.URL, r.Header.Values(tokenHeader), r.Header.Values(ttlHeader), r.ContentLength, r.Header.Values("X-Forwarded-For")))
	a.mu.Unlock()
	if answer.status == 0 {
		panic(http.ErrAbortHandler)
	}
	if answer.ttl != "" {
		rw.Header().Set(ttlHeader, answer.ttl)
	}
	if answer.text == cutShort {
		rw.Header().Set("Content-Length", "1000")
	}
	rw.WriteHeader(answer.status)
	_, _ = io.WriteString(rw, answer.text)
}

func (a *actor) take() []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	got := a.got
	a.got, a.tokensSeen, a.pagesSeen = nil, 0, 0
	return got
}

// outcome is what came of reading two pages, and what was learnt on the way.
type outcome struct {
	Sent      []string
	Texts     []string
	Failed    bool
	Status    int
	TokenLost bool
}

// mishaps are what a service may do, and a network to it.
func mishaps() map[string]struct{ tokens, pages []instanceAnswer } {
	type parts = struct{ tokens, pages []instanceAnswer }
	one := []instanceAnswer{token("one")}
	good := []instanceAnswer{said("role")}
	all := map[string]parts{
		"none":                           {one, good},
		"the second token is taken":      {[]instanceAnswer{token("one"), token("two")}, []instanceAnswer{refusal(401), said("role")}},
		"a token ends between two pages": {[]instanceAnswer{token("one"), token("two")}, []instanceAnswer{said("role"), refusal(401), said("keys")}},
		"no token is taken":              {one, []instanceAnswer{refusal(401)}},
		"tokens are wanted, none given":  {[]instanceAnswer{refusal(403)}, []instanceAnswer{refusal(401)}},
		"tokens come late":               {[]instanceAnswer{refusal(503), token("one")}, good},
		"tokens come too late":           {[]instanceAnswer{refusal(503), refusal(503), refusal(503), token("one")}, []instanceAnswer{refusal(401), said("role")}},
		"tokens hang up once":            {[]instanceAnswer{{}, token("one")}, good},
		"tokens hang up":                 {[]instanceAnswer{{}}, good},
		"everything hangs up":            {[]instanceAnswer{{}}, []instanceAnswer{{}}},
		"pages hang up once":             {one, []instanceAnswer{{}, said("role")}},
		"pages hang up":                  {one, []instanceAnswer{{}}},
		"a token is cut off":             {[]instanceAnswer{{200, "300", cutShort}}, good},
		"a page is cut off":              {one, []instanceAnswer{said(cutShort)}},
		"a page is cut off once":         {one, []instanceAnswer{said(cutShort), said("role")}},
		"a token without its time":       {[]instanceAnswer{said("one")}, good},
		"a token of no time":             {[]instanceAnswer{{200, "soon", "one"}}, good},
		"a page in place of a token":     {[]instanceAnswer{said("<html>sign in</html>")}, []instanceAnswer{said("<html>sign in</html>")}},
		"a token of two lines":           {[]instanceAnswer{token("one\ntwo")}, good},
		"trouble once":                   {one, []instanceAnswer{refusal(500), said("role")}},
		"trouble":                        {one, []instanceAnswer{refusal(500)}},
		"pages are empty":                {one, []instanceAnswer{said("")}},
	}
	for _, status := range []int{204, 302, 400, 403, 404, 405, 408, 410, 418, 429, 500, 501, 502, 503, 504} {
		all[fmt.Sprintf("tokens: %d", status)] = parts{[]instanceAnswer{refusal(status)}, good}
		all[fmt.Sprintf("pages: %d", status)] = parts{one, []instanceAnswer{refusal(status)}}
		all[fmt.Sprintf("all: %d", status)] = parts{[]instanceAnswer{refusal(status)}, []instanceAnswer{refusal(status)}}
		all[fmt.Sprintf("tokens: %d once", status)] = parts{[]instanceAnswer{refusal(status), token("one")}, good}
	}
	return all
}

// metadataRules are those of a client, without the waits between tries.
func metadataRules(attempts int) aws.Retryer {
	at := retry.BackoffDelayerFunc(func(int, error) (time.Duration, error) { return 0, nil })
	return tokenOnce{retry.NewStandard(func(o *retry.StandardOptions) { o.MaxAttempts, o.Backoff = attempts, at })}
}

// sdkReads is the SDK's client with what a client of ours has.
func sdkReads(m *metadata) func(ctx context.Context, path string) ([]byte, error) {
	o := imds.Options{
		Endpoint: m.endpoint, ClientEnableState: imds.ClientEnabled, EnableFallback: aws.TrueTernary, HTTPClient: m.http, Retryer: m.rules,
		DisableDefaultMaxBackoff: true,
	}
	if m.session.required {
		o.EnableFallback = aws.FalseTernary
	}
	client := imds.New(o)
	return func(ctx context.Context, path string) ([]byte, error) {
		answer, err := client.GetMetadata(ctx, &imds.GetMetadataInput{Path: path})
		if err != nil {
			return nil, err
		}
		defer answer.Content.Close()
		return io.ReadAll(answer.Content)
	}
}

func TestInstanceAsTheSDK(t *testing.T) {
	t.Parallel()
	for name, parts := range mishaps() {
		for _, required := range []bool{false, true} {
			for _, attempts := range []int{1, 3} {
				t.Run(fmt.Sprintf("%s, required %v, %d", name, required, attempts), func(t *testing.T) {
					t.Parallel()
					a := &actor{tokens: parts.tokens, pages: parts.pages}
					server := httptest.NewServer(a)
					t.Cleanup(server.Close)
					client := func() *metadata { return clientOf(t, server.URL, required, attempts) }
					ours, theirs := client(), client()
					got := readTwice(t, a, ours.watch, ours.get)
					want := readTwice(t, a, theirs.watch, sdkReads(theirs))
					if diff := cmp.Diff(want, got); diff != "" {
						t.Errorf("the SDK (-), ours (+):\n%s", diff)
					}
				})
			}
		}
	}
}

// clientOf is a client of ours that does not wait between its tries.
func clientOf(t *testing.T, address string, required bool, attempts int) *metadata {
	w := newWorld(t)
	chain := w.onInstance([]string{"ec2_metadata_service_endpoint", address, "ec2_metadata_v1_disabled", fmt.Sprint(required)})
	m := (&walk{Assumer: New(w.options), chain: chain}).metadata()
	m.rules = metadataRules(attempts)
	t.Cleanup(m.close)
	return m
}

// readTwice reads the role and, where that is there, what is below it.
func readTwice(t *testing.T, a *actor, watch *metadataWatch, read func(context.Context, string) ([]byte, error)) outcome {
	t.Helper()
	// net/http sends again by itself what it thinks was lost with a connection
	// that was open before: one connection a request tells the same each time.
	watch.next.DisableKeepAlives = true
	var o outcome
	for _, path := range []string{rolePath, rolePath + "role"} {
		text, err := read(t.Context(), path)
		if err != nil {
			o.Failed = true
			break
		}
		o.Texts = append(o.Texts, string(text))
	}
	o.Sent, o.Status, o.TokenLost = a.take(), watch.status, watch.tokenLost
	return o
}

// An empty token is none: with the SDK's client it would go out as a header
// without text, here it must not become a request of IMDSv1 where that is
// turned off.
func TestInstanceGivesAnEmptyToken(t *testing.T) {
	t.Parallel()
	for _, required := range []bool{false, true} {
		a := &actor{tokens: []instanceAnswer{token("")}, pages: []instanceAnswer{said("role")}}
		server := httptest.NewServer(a)
		t.Cleanup(server.Close)
		text, err := clientOf(t, server.URL, required, 3).get(t.Context(), rolePath)
		if (err != nil) != required || required != (string(text) == "") || required != (len(a.take()) == 1) {
			t.Errorf("required %v: %q, %v", required, text, err)
		}
	}
}

// The SDK's client names itself; ours has this program's name.
func TestInstanceIsToldWhoAsks(t *testing.T) {
	t.Parallel()
	agents := make(chan string, 2)
	server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		agents <- r.Header.Get("User-Agent")
		rw.Header().Set(ttlHeader, "300")
		_, _ = io.WriteString(rw, "x")
	}))
	t.Cleanup(server.Close)
	if _, err := clientOf(t, server.URL, true, 1).get(t.Context(), rolePath); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if agent := <-agents; !strings.HasPrefix(agent, "assume-role/test") {
			t.Errorf("User-Agent: %s", agent)
		}
	}
}
