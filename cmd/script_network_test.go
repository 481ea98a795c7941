package cmd_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// networkCommands are the scripts' commands for what lies between the tool and
// STS.
func networkCommands() map[string]func(*testscript.TestScript, bool, []string) {
	return map[string]func(*testscript.TestScript, bool, []string){"proxy": startProxy, "proxied": proxied, "canned": startCanned}
}

// connectProxy is a proxy that knows CONNECT and leads every host to one
// address. With a status it refuses everybody with it.
type connectProxy struct {
	to       string
	password string
	status   int
	mu       sync.Mutex
	asked    []string
}

func (p *connectProxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case r.Method != http.MethodConnect:
		http.Error(w, "CONNECT only", http.StatusMethodNotAllowed)
	case p.status != 0:
		w.WriteHeader(p.status)
	case p.password != "" && !p.knows(r):
		w.Header().Set("Proxy-Authenticate", "Basic")
		w.WriteHeader(http.StatusProxyAuthRequired)
	default:
		p.mu.Lock()
		p.asked = append(p.asked, r.Host)
		p.mu.Unlock()
		p.connect(w)
	}
}

func (p *connectProxy) knows(r *http.Request) bool {
	given := http.Request{Header: http.Header{"Authorization": r.Header["Proxy-Authorization"]}}
	_, password, ok := given.BasicAuth()
	return ok && password == p.password
}

// connect joins the client and the one address.
func (p *connectProxy) connect(w http.ResponseWriter) {
	server, err := net.Dial("tcp", p.to)
	if err != nil {
		w.WriteHeader(http.StatusBadGateway)
		return
	}
	client, buffered, err := http.NewResponseController(w).Hijack()
	if err != nil {
		_ = server.Close()
		return
	}
	_, _ = io.WriteString(client, "HTTP/1.1 200 Connection established\r\n\r\n")
	go pipe(server, buffered)
	pipe(client, server)
}

func pipe(to net.Conn, from io.Reader) {
	_, _ = io.Copy(to, from)
	_ = to.Close()
}

// proxy [PASSWORD | STATUS]: a CONNECT proxy at $PROXY (HOST:PORT) that leads
// to this AWS, which says there that it is STS in eu-west-1, by a certificate
// of the CA in ca.pem; other.pem is another CA's. A number is what it refuses
// every CONNECT with. `proxy any`: it says that it is whatever host is asked for.
func startProxy(ts *testscript.TestScript, _ bool, args []string) {
	ca := newAuthority(ts, "Corporate CA")
	ca.save(ts, "ca.pem")
	newAuthority(ts, "Other CA").save(ts, "other.pem")
	target, err := url.Parse(fake(ts).URL())
	ts.Check(err)
	front := httptest.NewUnstartedServer(&httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(target)
		r.Out.Host = r.In.Host // it is signed
	}})
	front.TLS = &tls.Config{Certificates: []tls.Certificate{ca.issue(ts, "sts.eu-west-1.amazonaws.com")}}
	if len(args) > 0 && args[0] == "any" {
		args = nil
		front.TLS = &tls.Config{GetCertificate: func(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
			c := ca.issue(ts, hello.ServerName)
			return &c, nil
		}}
	}
	front.Config.ErrorLog = log.New(io.Discard, "", 0)
	front.StartTLS()
	ts.Defer(front.Close)
	p := &connectProxy{to: front.Listener.Addr().String()}
	if len(args) > 0 {
		if p.status, err = strconv.Atoi(args[0]); err != nil {
			p.status, p.password = 0, args[0]
		}
	}
	server := httptest.NewServer(p)
	ts.Defer(server.Close)
	ts.Setenv("PROXY", server.Listener.Addr().String())
	journals(ts).Store("proxy", p)
}

// proxied HOST:PORT N: the proxy was asked for it that often.
func proxied(ts *testscript.TestScript, neg bool, args []string) {
	found, ok := journals(ts).Load("proxy")
	if !ok {
		ts.Fatalf("no proxy was started")
	}
	p := found.(*connectProxy)
	p.mu.Lock()
	defer p.mu.Unlock()
	n := len(slices.DeleteFunc(slices.Clone(p.asked), func(host string) bool { return host != args[0] }))
	if (strconv.Itoa(n) == args[1]) == neg {
		ts.Fatalf("%s was asked for %d times, not %s: %q", args[0], n, args[1], p.asked)
	}
}

// journals are what a script's own servers noted.
func journals(ts *testscript.TestScript) *sync.Map { return ts.Value("journals").(*sync.Map) }

// canned STATUS FILE: a server at $CANNED that answers every request with what
// is in the file.
func startCanned(ts *testscript.TestScript, _ bool, args []string) {
	status, err := strconv.Atoi(args[0])
	ts.Check(err)
	text := ts.ReadFile(args[1])
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/xml")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, text)
	}))
	ts.Defer(s.Close)
	ts.Setenv("CANNED", s.URL)
}

// authority is a certificate authority of a company.
type authority struct {
	certificate *x509.Certificate
	key         *ecdsa.PrivateKey
}

func newAuthority(ts *testscript.TestScript, name string) authority {
	template := certificate(1, name)
	template.IsCA, template.BasicConstraintsValid, template.KeyUsage = true, true, x509.KeyUsageCertSign
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	ts.Check(err)
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	ts.Check(err)
	parsed, err := x509.ParseCertificate(der)
	ts.Check(err)
	return authority{parsed, key}
}

func (a authority) save(ts *testscript.TestScript, name string) {
	text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.certificate.Raw})
	ts.Check(os.WriteFile(filepath.Join(ts.Getenv("WORK"), name), text, 0o600))
}

func (a authority) issue(ts *testscript.TestScript, host string) tls.Certificate {
	template := certificate(2, host)
	template.DNSNames, template.ExtKeyUsage = []string{host}, []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	ts.Check(err)
	der, err := x509.CreateCertificate(rand.Reader, template, a.certificate, key.Public(), a.key)
	ts.Check(err)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

func certificate(serial int64, name string) *x509.Certificate {
	return &x509.Certificate{
		SerialNumber: big.NewInt(serial), Subject: pkix.Name{CommonName: name},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour),
	}
}
