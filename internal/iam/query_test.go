package iam

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"assume-role/internal/assume"
	"assume-role/internal/cache"
	"assume-role/internal/creds"
	"assume-role/internal/fault"
	"assume-role/internal/profile"
	"assume-role/internal/query"
)

// What is sent names this program, and carries a session's token.
func TestHeaders(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	headers := make(chan http.Header, 1)
	l := w.listener(func(rw http.ResponseWriter, r *http.Request) {
		headers <- r.Header.Clone()
		fmt.Fprint(rw, done("DeleteRolePolicy"))
	})
	c := w.at(l.URL)
	c.caller.SessionToken = "the-token"
	w.ok(c.DeleteRolePolicy(context.Background(), "ops", "P"))
	got := <-headers
	if got.Get("User-Agent") != "assume-role/test" || got.Get("X-Amz-Security-Token") != "the-token" || !strings.Contains(got.Get("Authorization"), "SignedHeaders=content-length;content-type;host;x-amz-date;x-amz-security-token") {
		t.Error(got)
	}
}

// AWS's own hosts are signed for in their region, and go over TLS.
func TestHostOfTheChain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	chain := *w.chain
	chain.Services = map[string]profile.Endpoint{Service: endpointIn(t, "cn-northwest-1", "")}
	var got *http.Request
	c := New(roundTrips{w.assumer, func(r *http.Request) (*http.Response, error) {
		got = r
		return &http.Response{StatusCode: 200, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(done("DeleteRolePolicy")))}, nil
	}}, &chain, w.keys)
	w.ok(c.DeleteRolePolicy(context.Background(), "ops", "P"))
	if got.URL.String() != "https://iam.cn-north-1.amazonaws.com.cn/" || !strings.Contains(got.Header.Get("Authorization"), "/cn-north-1/iam/aws4_request") {
		t.Errorf("%s, %s", got.URL, got.Header.Get("Authorization"))
	}
}

// roundTrips answers in place of the network.
type roundTrips struct {
	Invoker
	answer func(*http.Request) (*http.Response, error)
}

func (i roundTrips) RoundTrip(r *http.Request) (*http.Response, error) { return i.answer(r) }

func (i roundTrips) Invoke(ctx context.Context, op assume.Operation, do func(context.Context, query.Client) error) (time.Duration, error) {
	return i.Invoker.Invoke(ctx, op, func(ctx context.Context, w query.Client) error {
		w.HTTP = &http.Client{Transport: i}
		return do(ctx, w)
	})
}

// A redirect is not followed: the signature, and a key's secret in the answer,
// are between this host and no other.
func TestRedirect(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	l := w.listener(func(rw http.ResponseWriter, r *http.Request) {
		http.Redirect(rw, r, "/elsewhere", http.StatusPermanentRedirect)
	})
	_, err := w.at(l.URL).CreateKey(context.Background(), "")
	w.says(err, ErrOutcomeUnknown, "it answered 308 with what is not AWS's")
	if got := l.take(); len(got) != 1 {
		t.Errorf("%+v", got)
	}
}

// An answer that goes on and on is not read to its end.
func TestEndlessAnswer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var read int
	endless := strings.NewReader(strings.Repeat("<Role/>", 1<<20))
	l := w.listener(func(rw http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(rw, "<GetRoleResponse><GetRoleResult>")
		n, _ := io.Copy(rw, endless)
		read = int(n)
	})
	_, err := w.at(l.URL).Role(context.Background(), "ops")
	w.says(err, cache.ErrUnreachable, "its answer was cut off")
	l.Close()
	if read >= 7<<20 {
		t.Errorf("%d bytes were taken", read)
	}
}

// The half of a list that was cut off is not kept beside the whole one.
func TestListAfterHalfOfIt(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	text := told("ListAccessKeys", "<AccessKeyMetadata><member><AccessKeyId>A</AccessKeyId></member><member><AccessKeyId>B</AccessKeyId></member></AccessKeyMetadata>")
	half := strings.Index(text, "B</")
	l := w.listener(func(rw http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(rw, text[:half])
		half = len(text)
	})
	chain := *w.chain
	chain.Services = map[string]profile.Endpoint{Service: {Region: "us-east-1", Partition: "aws", URL: l.URL}}
	keys, err := New(hasty{w.assumer}, &chain, w.keys).Keys(context.Background(), "")
	if err != nil || len(keys) != 2 || len(l.take()) != 2 {
		t.Errorf("%v, %v", keys, err)
	}
}

// What was never sent was not done, and nobody is told that it may have been.
func TestInterruptedBefore(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := w.client().CreateKey(ctx, ""); !errors.Is(err, fault.ErrInterrupted) || errors.Is(err, ErrOutcomeUnknown) {
		t.Error(err)
	}
	if n := len(w.aws.Calls()); n != 0 {
		t.Errorf("%d calls", n)
	}
}

// A policy was put when IAM says so, and not when something else says yes.
func TestYesOfAnother(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for text, words := range map[string]string{
		"":                             "its answer was cut off",
		"OK":                           "it answered 200 with what is not AWS's",
		"{}":                           "it answered 200 with what is not AWS's",
		"<html><body>hi</body></html>": "it answered 200 with what is not AWS's",
		done("GetRolePolicy"):          "it answered 200 with what is not AWS's",
	} {
		_, err := New(hasty{w.assumer}, w.at(w.answeringText(text)).chain, w.keys).PutRolePolicy(context.Background(), "ops", "P", awkward)
		w.says(err, cache.ErrUnreachable, "PutRolePolicy on role/ops failed: 127.0.0.1", words)
	}
}

// A policy without its document is no empty policy, and a list without its
// result no empty list.
func TestAnswersThatLackAll(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, ok, err := w.at(w.answeringText(told("GetRolePolicy", "<PolicyName>P</PolicyName>"))).RolePolicy(context.Background(), "ops", "P")
	if w.says(err, err, "GetRolePolicy on role/ops", "not complete"); ok {
		t.Error("found")
	}
	_, err = w.at(w.answeringText(done("ListAccessKeys"))).Keys(context.Background(), "")
	w.says(err, cache.ErrUnreachable, "it answered 200 with what is not AWS's")
	_, err = w.at(w.answeringText(told("GetAccessKeyLastUsed", ""))).LastUsed(context.Background(), "AKIA")
	w.says(err, err, "GetAccessKeyLastUsed on access key AKIA", "not complete")
	never, err := w.at(w.answeringText(told("GetAccessKeyLastUsed", "<AccessKeyLastUsed><Region>N/A</Region></AccessKeyLastUsed>"))).LastUsed(context.Background(), "AKIA")
	if err != nil || !never.IsZero() {
		t.Error(never, err)
	}
}

// A key's secret that comes with an answer of no use is in no line, that of
// --debug included.
func TestNewSecretIsNotShown(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const canary = "canary-of-a-new-key"
	for _, text := range []string{
		told("CreateAccessKey", "<AccessKey><SecretAccessKey>"+canary+"</SecretAccessKey></AccessKey>"),
		told("CreateAccessKey", "<AccessKey><SecretAccessKey>"+canary+"</SecretAccessKey><CreateDate>x</CreateDate><AccessKeyId>AKIA</AccessKey>"),
		strings.ReplaceAll(told("CreateAccessKey", "<AccessKey><SecretAccessKey>"+canary+"</SecretAccessKey></AccessKey>"), "CreateAccessKeyResp", "Resp"),
	} {
		got, err := w.at(w.answeringText(text)).CreateKey(context.Background(), "")
		w.says(err, ErrOutcomeUnknown, "CreateAccessKey on the caller's own user")
		if all := fmt.Sprint(err, w.debug); strings.Contains(all, canary) || got != (creds.Credentials{}) {
			t.Errorf("%s, %+v", all, got)
		}
	}
}
