package request

import (
	"cmp"
	"net/url"
	"strings"

	"assume-role/internal/fault"
	"assume-role/internal/terminal"
)

// ParseURL reads the address of a request. Path and query are encoded as AWS
// signs them (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html):
// every byte but the unreserved ones as %XX; a + in a query is a space, one in
// a path is itself. What cannot be sent or signed is refused with a
// *fault.Error that does not show the query.
func ParseURL(text string) (*url.URL, error) {
	u, err := url.Parse(text)
	switch {
	case err != nil, !strings.Contains(text, "://"):
		return nil, badURL("is not a URL").Fix("write it as https://HOST/PATH")
	case u.Scheme != "https" && u.Scheme != "http":
		return nil, badURL("begins with %s://", terminal.Visible(u.Scheme)).Fix("write it as https://HOST/PATH")
	case u.User != nil:
		return nil, badURL("holds a user name or a password").Fix("leave it out: the request is signed")
	case strings.Contains(text, "#"):
		return nil, badURL("holds a fragment, which is never sent").Fix("write # as %%23, or leave it out")
	case u.Hostname() == "":
		return nil, badURL("names no host").Fix("write it as https://HOST/PATH")
	}
	query, ok := canonicalQuery(u.RawQuery)
	if !ok {
		return nil, badURL("has a %% in its query that begins no %%XX").Fix("write %% as %%25")
	}
	if isSigned(query) {
		return nil, badURL("is signed already").Fix("fetch it as it is (curl URL), or leave the parameters X-Amz-… out")
	}
	path := canonicalPath(cmp.Or(u.RawPath, u.EscapedPath()))
	decoded, err := url.PathUnescape(path)
	if err != nil {
		return nil, badURL("has a path that cannot be sent").Fix("write it as https://HOST/PATH")
	}
	return &url.URL{Scheme: u.Scheme, Host: strings.ToLower(u.Host), Path: decoded, RawPath: path, RawQuery: query}, nil
}

func badURL(format string, args ...any) *fault.Error {
	return fault.New(fault.InvalidValue, "the URL "+format, args...)
}

// canonicalPath encodes a path once, whatever of it was encoded before.
func canonicalPath(escaped string) string {
	var b strings.Builder
	for i := 0; i < len(escaped); i++ {
		c := escaped[i]
		if c == '/' {
			b.WriteByte(c)
			continue
		}
		if c == '%' { // url.Parse has seen that two digits follow
			c = unhex(escaped[i+1])<<4 | unhex(escaped[i+2])
			i += 2
		}
		writeByte(&b, c)
	}
	if b.Len() == 0 {
		return "/"
	}
	return b.String()
}

func unhex(c byte) byte { return byte(strings.IndexByte("0123456789abcdef", c|0x20)) }

// writeByte writes an unreserved byte (RFC 3986, 2.3) as it is and encodes any
// other.
func writeByte(b *strings.Builder, c byte) {
	const digits = "0123456789ABCDEF"
	if 'a' <= c|0x20 && c|0x20 <= 'z' || '0' <= c && c <= '9' || strings.IndexByte("-_.~", c) >= 0 {
		b.WriteByte(c)
		return
	}
	b.Write([]byte{'%', digits[c>>4], digits[c&15]})
}

// canonicalQuery encodes every name and value once and leaves their order.
func canonicalQuery(raw string) (string, bool) {
	var kept []string
	for pair := range strings.SplitSeq(raw, "&") {
		if pair == "" {
			continue
		}
		name, value, _ := strings.Cut(pair, "=")
		name, err := url.QueryUnescape(name)
		if err != nil {
			return "", false
		}
		if value, err = url.QueryUnescape(value); err != nil {
			return "", false
		}
		kept = append(kept, encoded(name)+"="+encoded(value))
	}
	return strings.Join(kept, "&"), true
}

func encoded(text string) string {
	var b strings.Builder
	for i := range len(text) {
		writeByte(&b, text[i])
	}
	return b.String()
}

// isSigned reports whether a query has parameters of a signature, which would
// contradict ours.
func isSigned(query string) bool {
	for pair := range strings.SplitSeq(query, "&") {
		name, _, _ := strings.Cut(strings.ToLower(pair), "=")
		switch name {
		case "x-amz-algorithm", "x-amz-credential", "x-amz-date", "x-amz-expires", "x-amz-security-token", "x-amz-signature", "x-amz-signedheaders":
			return true
		}
	}
	return false
}

// ForService is the address as a service's signature has it: but for S3, whose
// keys may hold anything, without dot segments and double slashes. changed
// reports whether any were there.
func ForService(u *url.URL, service string) (normal *url.URL, changed bool) {
	if keepsPaths(service) {
		return u, false
	}
	again := *u
	normal = &again
	normal.RawPath = normalPath(u.EscapedPath())
	normal.Path, _ = url.PathUnescape(normal.RawPath) // it was encoded by ParseURL
	return normal, normal.RawPath != u.EscapedPath()
}

func normalPath(path string) string {
	var kept []string
	for part := range strings.SplitSeq(path, "/") {
		switch {
		case part == "" || part == ".":
		case part == ".." && len(kept) > 0:
			kept = kept[:len(kept)-1]
		case part != "..":
			kept = append(kept, part)
		}
	}
	if strings.HasSuffix(path, "/") && len(kept) > 0 {
		kept = append(kept, "")
	}
	return "/" + strings.Join(kept, "/")
}

// keepsPaths reports whether a service is S3, which signs a path as it is sent:
// neither encoded again nor normalized.
func keepsPaths(service string) bool {
	switch service {
	case "s3", "s3-object-lambda", "s3-outposts", "s3express":
		return true
	}
	return false
}
