package server

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"assume-role/internal/creds"
)

// FuzzRequest sends bytes as a client does. Whatever they are, the server lives
// on, no secret comes back but to the two requests that have a token, and the
// answers are HTTP.
func FuzzRequest(f *testing.F) {
	const host = "127.0.0.1:80"
	for _, seed := range []string{
		"GET /role/dev HTTP/1.1\r\nHost: " + host + "\r\nAuthorization: guess\r\n\r\n",
		"GET /role/dev/ HTTP/1.1\r\nHost: localhost\r\nAuthorization: \r\nAuthorization: x\r\n\r\n",
		"PUT /latest/api/token HTTP/1.1\r\nHost: " + host + "\r\nX-aws-ec2-metadata-token-ttl-seconds: 60\r\n\r\n",
		"GET /latest/meta-data/iam/security-credentials/dev HTTP/1.1\r\nHost: " + host + "\r\nX-aws-ec2-metadata-token: AAAA\r\n\r\n",
		"OPTIONS * HTTP/1.1\r\nHost: " + host + "\r\nOrigin: null\r\n\r\n",
		"GET http://evil/ HTTP/1.1\r\nHost: " + host + "\r\n\r\nGET / HTTP/1.0\r\n\r\n",
		"POST / HTTP/1.1\r\nHost: " + host + "\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
		"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "\x16\x03\x01", "GET /%zz%00 HTTP/1.1\r\nHost: " + host + "\r\nX: \x7f\r\n\r\n",
	} {
		f.Add([]byte(seed))
	}
	// The seeds of the guard do not know these: no input has them by chance.
	profile := Profile{Name: "dev", Token: "b3c1b2a59a0e4a6e", Path: "/role/dev", RoleARN: devARN, Region: "eu-west-1",
		Credentials: func(context.Context, time.Duration) (creds.Credentials, error) {
			return creds.Credentials{AccessKeyID: "ASIA", SecretAccessKey: canarySecret, SessionToken: canaryToken, Expiration: time.Now().Add(time.Hour)}, nil
		}}
	s := New(Options{Profiles: []Profile{profile}, Metadata: true, Now: time.Now})
	f.Fuzz(func(t *testing.T, request []byte) {
		answer := exchange(s, request)
		if bytes.Contains(answer, []byte("canary")) && !bytes.Contains(request, []byte("canary")) {
			t.Errorf("a secret for %q:\n%s", request, answer)
		}
		for r := bufio.NewReader(bytes.NewReader(answer)); ; {
			if _, err := r.Peek(1); err != nil {
				return
			}
			response, err := http.ReadResponse(r, nil)
			if err != nil {
				t.Fatalf("%q: %v", answer, err)
			}
			if _, err := io.Copy(io.Discard, response.Body); err != nil && !strings.Contains(err.Error(), "EOF") {
				t.Fatalf("%q: %v", answer, err)
			}
			for name := range response.Header {
				if strings.HasPrefix(name, "Access-Control-") {
					t.Errorf("%q: %s", request, name)
				}
			}
		}
	})
}

// exchange sends a request over a pipe, and returns what comes back until the
// server closes it.
func exchange(s *Server, request []byte) []byte {
	client, server := net.Pipe()
	ctx, cancel := context.WithCancel(context.Background())
	l := &oneConn{conns: make(chan net.Conn, 1)}
	l.conns <- server
	var done sync.WaitGroup
	done.Go(func() { _ = s.Serve(ctx, l) })
	done.Go(func() {
		_, _ = client.Write(request)
		_, _ = client.Write([]byte("\r\n\r\n\r\n"))
		_ = client.SetReadDeadline(time.Now().Add(50 * time.Millisecond)) // it may wait for more
	})
	answer, _ := io.ReadAll(client)
	_ = client.Close()
	cancel()
	done.Wait()
	return answer
}

// oneConn is a listener of port 80 to which one client came.
type oneConn struct {
	conns chan net.Conn
	once  sync.Once
}

func (l *oneConn) Accept() (net.Conn, error) {
	if c, ok := <-l.conns; ok {
		return c, nil
	}
	return nil, net.ErrClosed
}

func (l *oneConn) Close() error {
	l.once.Do(func() { close(l.conns) })
	return nil
}

func (l *oneConn) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 80} }

// FuzzMetadataToken: no text but what was issued is a token.
func FuzzMetadataToken(f *testing.F) {
	tokens := newMetadataTokens(func() time.Time { return time.Unix(1e9, 0) })
	issued, _ := tokens.issue("60")
	for _, seed := range []string{"", "AAAA", strings.Repeat("A", 54), "MTIzNDU2Nzg" + strings.Repeat("_", 43), issued[:53]} {
		f.Add(seed, "60")
	}
	f.Add("x", "0060")
	f.Fuzz(func(t *testing.T, token, ttl string) {
		if tokens.valid(token) && token != issued {
			t.Errorf("%q is a token", token)
		}
		made, ok := tokens.issue(ttl)
		if ok != tokens.valid(made) {
			t.Errorf("%q: issued %v", ttl, ok)
		}
	})
}
