package request

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParseHeaders(t *testing.T) {
	t.Parallel()
	got, err := ParseHeaders([]string{"accept: text/plain ", "X-Amz-Meta-a:1", "x-amz-meta-A: 2", "Empty:", "Content-Type:\ta: b"})
	want := http.Header{"Accept": {"text/plain"}, "X-Amz-Meta-A": {"1", "2"}, "Empty": {""}, "Content-Type": {"a: b"}}
	if d := cmp.Diff(want, got); d != "" || err != nil {
		t.Error(d, err)
	}
}

func TestParseHeadersRefuses(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]string{
		"":                              "is not NAME: VALUE",
		"no colon canary":               "is not NAME: VALUE",
		": canary":                      "is not NAME: VALUE",
		"a b: canary":                   "is not NAME: VALUE",
		" accept: canary":               "is not NAME: VALUE",
		"é: canary":                     "is not NAME: VALUE",
		"Accept : canary":               "is not NAME: VALUE",
		"X: a\r\nAuthorization: canary": "control character",
		"X: \x00canary":                 "control character",
		"X: \x7fcanary":                 "control character",
		"HOST: canary":                  "set by the request itself",
		"Authorization: canary":         "set by the request itself",
		"x-amz-date: canary":            "set by the request itself",
		"X-Amz-Security-Token: canary":  "set by the request itself",
		"X-AMZ-CONTENT-SHA256: canary":  "set by the request itself",
		"content-length: 1":             "set by the request itself",
		"Transfer-Encoding: chunked":    "set by the request itself",
		"Connection: close":             "set by the request itself",
		"Expect: 100-continue":          "set by the request itself",
		"TE: trailers":                  "set by the request itself",
	} {
		_, err := ParseHeaders([]string{line})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", line, err)
		}
		if err != nil && strings.Contains(err.Error(), "canary") && !strings.Contains(want, "is not") {
			t.Errorf("%q shows the value: %v", line, err)
		}
	}
}

func TestCheckMethod(t *testing.T) {
	t.Parallel()
	for method, ok := range map[string]bool{
		"GET": true, "PATCH": true, "M-SEARCH": true, "get": true,
		"": false, "GE T": false, "GET\n": false, "GET/": false, "CONNECT": false, "GÉT": false,
	} {
		if err := CheckMethod(method); (err == nil) != ok {
			t.Errorf("%q: %v", method, err)
		}
	}
}
