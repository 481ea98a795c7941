package request

import (
	"net/http"
	"net/textproto"
	"strings"

	"assume-role/internal/fault"
	"assume-role/internal/terminal"
)

// ParseHeaders reads lines of NAME: VALUE. Those that this package or HTTP
// itself sets are refused, and what would be more than one line.
func ParseHeaders(lines []string) (http.Header, error) {
	h := http.Header{}
	for _, line := range lines {
		name, value, ok := strings.Cut(line, ":")
		value = strings.Trim(value, " \t")
		switch {
		case !ok || !isToken(name):
			return nil, fault.New(fault.InvalidValue, "--header %q is not NAME: VALUE", terminal.Visible(name)).Fix("write it as 'Accept: text/plain'")
		case ours(name):
			return nil, fault.New(fault.InvalidValue, "--header %s is set by the request itself", name).Fix("leave it out")
		case strings.ContainsFunc(value, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }):
			return nil, fault.New(fault.InvalidValue, "--header %s holds a control character", name).Fix("leave it out")
		}
		h.Add(textproto.CanonicalMIMEHeaderKey(name), value)
	}
	return h, nil
}

// ours reports whether a header is the signature's or the connection's.
func ours(name string) bool {
	switch strings.ToLower(name) {
	case "host", "authorization", "x-amz-date", "x-amz-security-token", "x-amz-content-sha256",
		"content-length", "transfer-encoding", "connection", "keep-alive", "te", "trailer", "upgrade", "expect",
		"proxy-authorization", "proxy-connection":
		return true
	}
	return false
}

// isToken reports whether a text can name a method or a header (RFC 9110,
// 5.6.2).
func isToken(text string) bool {
	return text != "" && !strings.ContainsFunc(text, func(r rune) bool {
		return r <= ' ' || r >= 0x7f || strings.ContainsRune(`"(),/:;<=>?@[\]{}`, r)
	})
}

// CheckMethod refuses what is no method of HTTP.
func CheckMethod(method string) error {
	if !isToken(method) || method == http.MethodConnect {
		return fault.New(fault.InvalidValue, "--method %q is not a method of HTTP", terminal.Visible(method)).Fix("give GET, PUT, POST, DELETE …")
	}
	return nil
}
