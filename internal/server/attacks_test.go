package server

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// TestDNSRebinding: a page whose name leads here still says its own name.
func TestDNSRebinding(t *testing.T) {
	t.Parallel()
	w := start(t, withMetadata)
	_, port, _ := net.SplitHostPort(w.addr)
	for _, host := range []string{
		"evil.example:" + port, "evil.example", "127.0.0.1", "localhost", "127.0.0.1:1", "127.0.0.1.evil.example:" + port,
		"localhost.:" + port, "[::1]", "[::]:" + port, "0.0.0.0:" + port, "2130706433:" + port, "169.254.169.254", "x@127.0.0.1:" + port,
	} {
		for _, path := range []string{"/role/dev", "/latest/api/token"} {
			if response, body := w.do(http.MethodGet, path, "Authorization", tokenDev, "Host", host); response.StatusCode < 400 || strings.Contains(body, "evil") {
				t.Errorf("%s %s: %d %s", host, path, response.StatusCode, body)
			}
		}
	}
	for _, host := range []string{"127.0.0.1:", "localhost:", "LocalHost:", "[::1]:"} {
		if response, _ := w.do(http.MethodGet, "/role/dev", "Authorization", tokenDev, "Host", host+port); response.StatusCode != 200 {
			t.Errorf("%s: %d", host, response.StatusCode)
		}
	}
	if n := w.dev.calls.Load(); n != 1 {
		t.Errorf("%d calls", n)
	}
}

// TestHostsOf listeners of other addresses: never of all.
func TestHostsOf(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		addr      *net.TCPAddr
		host      string
		ours, all int
	}{
		{&net.TCPAddr{IP: net.IPv4(169, 254, 170, 2), Port: 80}, "169.254.170.2", 1, 8},
		{&net.TCPAddr{IP: net.ParseIP("fd00:ec2::23"), Port: 8080}, "[fd00:ec2::23]:8080", 1, 4},
		{&net.TCPAddr{IP: net.IPv4zero, Port: 8080}, "0.0.0.0:8080", 0, 3},
		{&net.TCPAddr{IP: net.IPv6zero, Port: 8080}, "[::]:8080", 0, 3},
		{&net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 8080}, "127.0.0.1:8080", 1, 3},
	} {
		hosts := hostsOf(c.addr)
		if hosts[c.host] != (c.ours == 1) || len(hosts) != c.all {
			t.Errorf("%v: %v", c.addr, hosts)
		}
	}
	if hostsOf(&net.UnixAddr{}) != nil {
		t.Error("a socket has no host")
	}
}

// TestPagesAndProxies: what a browser or a proxy adds is refused, with the
// right token, too.
func TestPagesAndProxies(t *testing.T) {
	t.Parallel()
	w := start(t, withMetadata)
	for header, value := range map[string]string{
		"X-Forwarded-For": "", "X-Forwarded-Host": "x", "X-Forwarded-Proto": "http", "X-Real-IP": "127.0.0.1", "Forwarded": "for=x", "Via": "1.1 x",
		"Origin": "http://" + w.addr, "Sec-Fetch-Site": "same-origin", "Access-Control-Request-Method": "GET",
	} {
		for _, method := range []string{http.MethodGet, http.MethodOptions, http.MethodPut} {
			for _, path := range []string{"/role/dev", "/latest/api/token"} {
				response, _ := w.do(method, path, "Authorization", tokenDev, ttlHeader, "60", header, value)
				if response.StatusCode != 403 || response.Header.Get("Access-Control-Allow-Origin") != "" {
					t.Errorf("%s %s with %s: %d", method, path, header, response.StatusCode)
				}
			}
		}
	}
	// Node's fetch sends it, and is no browser.
	if response, _ := w.do(http.MethodGet, "/role/dev", "Authorization", tokenDev, "Sec-Fetch-Mode", "cors"); response.StatusCode != 200 {
		t.Error(response.Status)
	}
}

// raw sends bytes and returns all that comes back until the server closes.
func (w *world) raw(text string) string {
	w.Helper()
	c, err := net.Dial("tcp", w.addr)
	if err != nil {
		w.Fatal(err)
	}
	defer c.Close()
	_ = c.SetDeadline(time.Now().Add(time.Minute))
	_, _ = io.WriteString(c, text) // the server may close half-way
	answer, err := io.ReadAll(c)
	if timeout := net.Error(nil); errors.As(err, &timeout) && timeout.Timeout() {
		w.Errorf("%.40q: the connection stays open", text)
	}
	return string(answer)
}

// TestMalformedRequests end the connection, and are never repeated.
func TestMalformedRequests(t *testing.T) {
	t.Parallel()
	w := start(t, withMetadata)
	host := "Host: " + w.addr + "\r\n"
	key := "Authorization: " + tokenDev + "\r\n"
	for name, text := range map[string]string{
		"a body":              "GET /role/dev HTTP/1.1\r\n" + host + key + "Content-Length: 5\r\n\r\nhello",
		"a promised body":     "GET /role/dev HTTP/1.1\r\n" + host + key + "Content-Length: 5000000\r\n\r\nhello",
		"a chunked body":      "GET /role/dev HTTP/1.1\r\n" + host + key + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
		"two lengths":         "GET /role/dev HTTP/1.1\r\n" + host + key + "Content-Length: 0\r\nContent-Length: 7\r\n\r\n",
		"length and chunks":   "GET /role/dev HTTP/1.1\r\n" + host + key + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
		"HTTP/1.0":            "GET /role/dev HTTP/1.0\r\n" + host + key + "\r\n",
		"HTTP/0.9":            "GET /role/dev\r\n\r\n",
		"HTTP/2":              "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
		"no host":             "GET /role/dev HTTP/1.1\r\n" + key + "\r\n",
		"two hosts":           "GET /role/dev HTTP/1.1\r\n" + host + "Host: evil.example\r\n" + key + "\r\n",
		"a proxy's form":      "GET http://" + w.addr + "/role/dev HTTP/1.1\r\n" + host + key + "\r\n",
		"another's address":   "GET http://evil.example/role/dev HTTP/1.1\r\n" + host + key + "\r\n",
		"a tunnel":            "CONNECT " + w.addr + " HTTP/1.1\r\n" + host + key + "\r\n",
		"no path":             "OPTIONS * HTTP/1.1\r\n" + host + key + "\r\n",
		"a folded header":     "GET /role/dev HTTP/1.1\r\n" + host + "X: a\r\n\tcanary\r\nAuthorization : " + tokenDev + "\r\n\r\n",
		"a zero":              "GET /role/dev\x00canary HTTP/1.1\r\n" + host + key + "\r\n",
		"TLS":                 "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03canary\r\n\r\n",
		"binary":              strings.Repeat("\xff\xfe\x00", 100) + "\r\n\r\n",
		"an expectation":      "GET /role/dev HTTP/1.1\r\n" + host + key + "Expect: 100-continue\r\nContent-Length: 3\r\n\r\n",
		"another expectation": "GET /role/dev HTTP/1.1\r\n" + host + key + "Expect: canary\r\nConnection: close\r\nContent-Length: 3\r\n\r\n",
		"a long line":         "GET /" + strings.Repeat("canary", 2000) + " HTTP/1.1\r\n" + host + key + "\r\n",
		"an upgrade":          "GET /role/canary HTTP/1.1\r\n" + host + key + "Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAMAAABk\r\n\r\n",
	} {
		answer := w.raw(text)
		if strings.HasPrefix(answer, "HTTP/1.1 2") || strings.HasPrefix(answer, "HTTP/1.0 2") || strings.Contains(answer, "canary") || strings.Contains(answer, "evil") {
			t.Errorf("%s: %s", name, answer)
		}
	}
	if n := w.dev.calls.Load(); n != 0 {
		t.Errorf("%d calls", n)
	}
}

// TestHeaderLimit: eight kilobytes are enough, a megabyte is not read.
func TestHeaderLimit(t *testing.T) {
	t.Parallel()
	w := start(t)
	if response, _ := w.do(http.MethodGet, "/role/dev", "Authorization", tokenDev, "X-Padding", strings.Repeat("x", 7000)); response.StatusCode != 200 {
		t.Error(response.Status)
	}
	head := "GET /role/dev HTTP/1.1\r\nHost: " + w.addr + "\r\nAuthorization: " + tokenDev + "\r\n"
	for name, text := range map[string]string{
		"9 KB":         head + "X: " + strings.Repeat("x", 9<<10) + "\r\n\r\n",
		"many headers": head + strings.Repeat("X: x\r\n", 1500) + "\r\n",
	} {
		if answer := w.raw(text); !strings.HasPrefix(answer, "HTTP/1.1 431") {
			t.Errorf("%s: %.80s", name, answer)
		}
	}
	if answer := w.raw(head + "X: " + strings.Repeat("x", 1<<20)); strings.Contains(answer, "200 OK") {
		t.Errorf("1 MB: %.80s", answer)
	}
	if n := w.dev.calls.Load(); n != 1 {
		t.Errorf("%d calls", n)
	}
}

// TestPipelined requests are answered in turn, each by its own token.
func TestPipelined(t *testing.T) {
	t.Parallel()
	w := start(t)
	request := func(path, token, last string) string {
		return fmt.Sprintf("GET %s HTTP/1.1\r\nHost: %s\r\nAuthorization: %s\r\n%s\r\n", path, w.addr, token, last)
	}
	answer := w.raw(request("/role/dev", tokenDev, "") + request("/role/prod", tokenProd, "") + request("/role/prod", tokenDev, "") + request("/role/dev", tokenDev, ""))
	var got []int
	for r := bufio.NewReader(strings.NewReader(answer)); ; {
		response, err := http.ReadResponse(r, nil)
		if err != nil {
			break
		}
		_, _ = io.Copy(io.Discard, response.Body)
		got = append(got, response.StatusCode)
	}
	if fmt.Sprint(got) != "[200 200 401]" { // which ends the connection
		t.Errorf("%v\n%s", got, answer)
	}
}

// TestPeerRefused: not a byte is answered.
func TestPeerRefused(t *testing.T) {
	t.Parallel()
	w := start(t, withMetadata, func(o *Options) {
		o.Peer = func(c net.Conn) error {
			if _, ok := c.(*net.TCPConn); !ok {
				return nil // the test then fails
			}
			return errors.New("of another user")
		}
	})
	for _, request := range []string{
		"GET /role/dev HTTP/1.1\r\nHost: " + w.addr + "\r\nAuthorization: " + tokenDev + "\r\n\r\n",
		"PUT /latest/api/token HTTP/1.1\r\nHost: " + w.addr + "\r\n" + ttlHeader + ": 60\r\nContent-Length: 0\r\n\r\n", "",
	} {
		if answer := w.raw(request); answer != "" {
			t.Errorf("%q", answer)
		}
	}
}
