package request

import (
	"bytes"
	"encoding/json"
	"net/url"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// botocoreSigns prints the signatures of the requests on stdin, each in its
// headers and in its query, at one moment.
const botocoreSigns = `
import sys, json, datetime, urllib.parse, botocore.auth as auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
moment = datetime.datetime(2026, 1, 2, 3, 4, 5)
auth.get_current_datetime = lambda *a, **k: moment
def sign(kind, c, **more):
    r = AWSRequest(method=c['method'], url=c['url'], headers=dict(c['headers']), data=c['body'].encode())
    if not more: r.headers['X-Amz-Content-SHA256'] = c['hash']
    kind(Credentials('ASIAEXAMPLE', 'wJalr/secret', c['token'] or None), c['service'], 'eu-west-1', **more).add_auth(r)
    return r
out = []
for c in json.load(sys.stdin):
    s3 = c['service'] == 's3'
    h = sign(auth.S3SigV4Auth if s3 else auth.SigV4Auth, c)
    c['body'] = ''
    q = sign(auth.S3SigV4QueryAuth if s3 else auth.SigV4QueryAuth, c, expires=900)
    out.append([h.headers['Authorization'], urllib.parse.parse_qs(urllib.parse.urlsplit(q.url).query)['X-Amz-Signature'][0]])
json.dump(out, sys.stdout)
`

type forBotocore struct {
	Method  string            `json:"method"`
	URL     string            `json:"url"`
	Headers map[string]string `json:"headers"`
	Body    string            `json:"body"`
	Hash    string            `json:"hash"`
	Token   string            `json:"token"`
	Service string            `json:"service"`
}

func oddAddresses() []string {
	return []string{
		"/", "", "/a", "/a/b/", "//", "/a//b", "/./a", "/a/../b", "/../x", "/a/..", "/a b", "/a%20b", "/a%2Fb", "/a+b", "/a%2Bb", "/ü/€", "/%C3%BC",
		"/~a-b_c.d", "/%7Ea", "/a:b@c", "/!$&'()*,;=", "/a%25b", "/%2E%2E/x", "/?a", "/?a=", "/?b=2&a=1", "/?a=2&a=1&a=10", "/?a=x+y", "/?a=x%20y", "/?a=%2B",
		"/?a=1;b=2", "/?a/b=c/d", "/?a-b=1&a.b=2&aB=3&ab=4", "/?é=€", "/?a==b&=c", "/?Action=GetCallerIdentity&Version=2011-06-15", "/?prefix=a%2Fb&list-type=2", "/?a*=~b", "/%F0%9F%A6%8A?%F0%9F%A6%8A=1",
	}
}

// TestBotocoreSignsTheSame holds signatures to those of AWS's SDK for Python,
// of what goes on the wire.
func TestBotocoreSignsTheSame(t *testing.T) {
	t.Parallel()
	python := withBotocore(t)
	var asked []forBotocore
	var want [][2]string
	for i, path := range oddAddresses() {
		for _, service := range []string{"s3", "execute-api", "sts"} {
			for _, token := range []string{"", "tok/en+=="} {
				s := at(Scope{service, "eu-west-1"}, "ASIAEXAMPLE", "wJalr/secret", token, "20260102T030405Z")
				body := Bytes([]byte(strings.Repeat("x", i%3)))
				m := message(t, "PUT", "https://Host.example"+path, body, "X-Amz-Meta-A:  two  words ", "Content-Type: text/plain")
				m.URL, _ = ForService(m.URL, service)
				asked = append(asked, forBotocore{"PUT", m.URL.String(), map[string]string{"X-Amz-Meta-A": "two  words", "Content-Type": "text/plain"}, strings.Repeat("x", i%3), body.SHA256, token, service})
				want = append(want, [2]string{signedHTTP(t, s, m).Header.Get("Authorization"), presignature(t, s, m)})
			}
		}
	}
	input, err := json.Marshal(asked)
	if err != nil {
		t.Fatal(err)
	}
	c := exec.Command(python, "-c", botocoreSigns)
	c.Stdin = bytes.NewReader(input)
	out, err := c.Output()
	if err != nil {
		t.Fatalf("%v: %s", err, err.(*exec.ExitError).Stderr)
	}
	var got [][2]string
	if err := json.Unmarshal(out, &got); err != nil || len(got) != len(want) || len(want) < 200 {
		t.Fatalf("%d of %d: %v", len(got), len(want), err)
	}
	for i, m := range asked {
		if strings.Contains(m.URL, "?a=2&a=1") { // botocore presigns one parameter of a name only
			got[i][1] = want[i][1]
		}
		if got[i] != want[i] {
			t.Errorf("%s %s:\n%v, not\n%v", m.Service, m.URL, want[i], got[i])
		}
	}
}

func presignature(t *testing.T, s Signer, m Message) string {
	t.Helper()
	m.Body = Bytes(nil)
	r, err := m.HTTP(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	address, _, err := s.Presign(t.Context(), r, 15*time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(address.Reveal())
	if err != nil {
		t.Fatal(err)
	}
	return u.Query().Get("X-Amz-Signature")
}

func withBotocore(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"python3", "python3.11"} {
		if exec.Command(name, "-c", "import botocore").Run() == nil {
			return name
		}
	}
	t.Skip("needs python3 with botocore")
	return ""
}
