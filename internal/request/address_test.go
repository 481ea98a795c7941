package request

import (
	"net/url"
	"strings"
	"testing"
)

func TestParseURL(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"https://h.example":                          "https://h.example/",
		"https://h.example?x":                        "https://h.example/?x=",
		"https://h.example/a b":                      "https://h.example/a%20b",
		"https://h.example/a%20b+c":                  "https://h.example/a%20b%2Bc",
		"https://h.example/d%2fe/%7e/%41":            "https://h.example/d%2Fe/~/A",
		"https://h.example/a b/d%2Fe":                "https://h.example/a%20b/d%2Fe",
		"https://h.example/ü/%C3%BC/%ff":             "https://h.example/%C3%BC/%C3%BC/%FF",
		"https://h.example//a//./../b/":              "https://h.example//a//./../b/",
		"https://h.example/a:b@c!$&'()*,;=[]":        "https://h.example/a%3Ab%40c%21%24%26%27%28%29%2A%2C%3B%3D%5B%5D",
		"https://h.example/?b=2&a=1&b=1&&":           "https://h.example/?b=2&a=1&b=1",
		"https://h.example/?a=x+y&b=%2B&c=%20":       "https://h.example/?a=x%20y&b=%2B&c=%20",
		"https://h.example/?a=1;b=2&c==&d=e=f":       "https://h.example/?a=1%3Bb%3D2&c=%3D&d=e%3Df",
		"https://h.example/?a/b=c/d&é=~*":            "https://h.example/?a%2Fb=c%2Fd&%C3%A9=~%2A",
		"HTTPS://H.example:8443/":                    "https://h.example:8443/",
		"https://[::1]:8443/x":                       "https://[::1]:8443/x",
		"https://h.example/%25zz":                    "https://h.example/%25zz",
		"https://h.example/?acl&X-Amz-Meta=1":        "https://h.example/?acl=&X-Amz-Meta=1",
		"http://127.0.0.1/?Action=GetCallerIdentity": "http://127.0.0.1/?Action=GetCallerIdentity",
	} {
		u, err := ParseURL(text)
		if err != nil || u.String() != want {
			t.Errorf("%s: %v, %v, not %s", text, u, err, want)
		}
	}
}

func TestParseURLRefuses(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                                          "is not a URL",
		"h.example/x":                               "is not a URL",
		"https://":                                  "names no host",
		"https:///x":                                "names no host",
		"https:opaque://x":                          "names no host",
		"s3://bucket/key":                           "begins with s3://",
		"file:///etc/passwd":                        "begins with file://",
		"https://user@h.example/":                   "user name or a password",
		"https://u:canary@h.example/":               "user name or a password",
		"https://h.example/#":                       "a fragment",
		"https://h.example/%":                       "is not a URL",
		"https://h.example/%zz":                     "is not a URL",
		"https://h.example/?%zz=canary":             "begins no %XX",
		"https://h.example/?a=%f":                   "begins no %XX",
		"https://h.example/\x00":                    "is not a URL",
		"https://h.example/\n?canary":               "is not a URL",
		"https://h ample/":                          "is not a URL",
		"https://h.example:x/":                      "is not a URL",
		"https://h.example/?x-amz-signature=canary": "is signed already",
		"https://h.example/?X%2DAmz-Credential=c":   "is signed already",
		"https://h.example/?X-Amz-Expires=1":        "is signed already",
	} {
		u, err := ParseURL(text)
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "canary") {
			t.Errorf("%q: %v, %v, not %q", text, u, err, want)
		}
	}
}

func TestForService(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]string{
		"/":              "/",
		"/a/b":           "/a/b",
		"/a/b/":          "/a/b/",
		"//":             "/",
		"/a//b///":       "/a/b/",
		"/./a/./":        "/a/",
		"/a/../b":        "/b",
		"/../../a":       "/a",
		"/a/..":          "/",
		"/a/../":         "/",
		"/a/%2e%2E/b":    "/b",
		"/a%2F..%2Fb/..": "/",
		"/...":           "/...",
	} {
		u, err := ParseURL("https://h.example" + path)
		if err != nil {
			t.Fatal(err)
		}
		before := u.EscapedPath()
		got, changed := ForService(u, "execute-api")
		if got.EscapedPath() != want || changed != (before != want) || u.EscapedPath() != before {
			t.Errorf("%s: %s, %v, not %s", path, got.EscapedPath(), changed, want)
		}
		if same, changed := ForService(u, "s3"); changed || same.EscapedPath() != before {
			t.Errorf("%s at S3: %s", path, same.EscapedPath())
		}
	}
}

// FuzzParseURL: what is taken has one form, that form is kept, and it has
// nothing in it that is not signed.
func FuzzParseURL(f *testing.F) {
	for _, seed := range []string{"https://h/a b?c=d+e#f", "https://h/%2F/../%zz", "http://u:p@[::1]:1/", "https://h/?;&==&%", "https://h/\xff?\xff"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		u, err := ParseURL(text)
		if err != nil {
			return
		}
		again, err := ParseURL(u.String())
		if err != nil || again.String() != u.String() {
			t.Fatalf("%q: %s, then %v: %v", text, u, again, err)
		}
		if u.User != nil || u.Fragment != "" || u.Host == "" || u.EscapedPath()[0] != '/' {
			t.Errorf("%q: %#v", text, u)
		}
		const signedAsIs = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~%/"
		if strings.Trim(u.EscapedPath(), signedAsIs) != "" || strings.Trim(u.RawQuery, signedAsIs+"&=") != "" {
			t.Errorf("%q: %s?%s", text, u.EscapedPath(), u.RawQuery)
		}
		normal, _ := ForService(u, "sts")
		if twice, changed := ForService(normal, "sts"); changed || twice.String() != normal.String() {
			t.Errorf("%q: %s, then %s", text, normal, twice)
		}
		if _, err := url.PathUnescape(normal.EscapedPath()); err != nil {
			t.Error(err)
		}
	})
}
