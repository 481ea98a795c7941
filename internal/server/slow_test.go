package server

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"assume-role/internal/creds"
)

// TestSlowClients are given up after their time, under a clock that stands
// still while all wait.
func TestSlowClients(t *testing.T) {
	t.Parallel()
	const head = "GET /role/dev HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: " + tokenDev + "\r\n"
	for name, c := range map[string]struct {
		behave func(net.Conn)
		most   time.Duration
	}{
		"silent":        {func(net.Conn) {}, headerTime},
		"half a header": {func(c net.Conn) { _, _ = io.WriteString(c, head) }, headerTime},
		"a byte a second": {func(c net.Conn) {
			for _, b := range []byte(head) {
				if _, err := c.Write([]byte{b}); err != nil {
					return
				}
				time.Sleep(time.Second)
			}
		}, headerTime},
		"idle after an answer":      {func(c net.Conn) { _, _ = io.WriteString(c, head+"\r\n") }, idleTime},
		"half of a second request":  {func(c net.Conn) { _, _ = io.WriteString(c, head+"\r\n"+head) }, headerTime},
		"a body that does not come": {func(c net.Conn) { _, _ = io.WriteString(c, head+"Content-Length: 10\r\n\r\nx") }, headerTime},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				client := inMemory(t, Options{})
				began := time.Now()
				var all sync.WaitGroup
				all.Go(func() { c.behave(client) })
				defer all.Wait()
				if _, err := io.Copy(io.Discard, client); err != nil {
					t.Error(err)
				}
				if took := time.Since(began); took > c.most+time.Second {
					t.Errorf("after %s", took)
				}
			})
		})
	}
}

// TestClientThatDoesNotRead its answer is given up.
func TestClientThatDoesNotRead(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client := inMemory(t, Options{})
		_, _ = io.WriteString(client, "GET /role/dev HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: "+tokenDev+"\r\n\r\n")
		time.Sleep(answerTime + time.Second)
		synctest.Wait()
		if n, err := io.Copy(io.Discard, client); n != 0 || err != nil {
			t.Errorf("%d bytes, %v", n, err)
		}
	})
}

// inMemory serves one profile to one client that comes over no network.
func inMemory(t *testing.T, o Options) net.Conn {
	t.Helper()
	client, server := net.Pipe()
	l := &oneConn{conns: make(chan net.Conn, 1)}
	l.conns <- server
	m := &mint{lifetime: time.Hour, now: time.Now}
	o.Now, o.Profiles = time.Now, []Profile{{Name: "dev", Token: tokenDev, Path: "/role/dev", Credentials: m.credentials}}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- New(o).Serve(ctx, l) }()
	t.Cleanup(func() {
		_ = client.Close()
		cancel()
		<-ended
	})
	return client
}

// TestSlowPeerCheck holds up nobody but the connection that it is about.
func TestSlowPeerCheck(t *testing.T) {
	t.Parallel()
	checking, free := make(chan struct{}), make(chan struct{})
	first := make(chan struct{}, 1)
	first <- struct{}{}
	w := start(t, func(o *Options) {
		o.Peer = func(net.Conn) error {
			select {
			case <-first:
				close(checking)
				<-free
				return errors.New("of another user")
			default:
				return nil
			}
		}
	})
	slow := dial(t, w.addr)
	<-checking
	if response, _ := w.get("/role/dev", tokenDev); response.StatusCode != 200 {
		t.Error(response.Status)
	}
	close(free)
	slow.closed()
}

// TestPanicsAreContained, wherever they come from: the next request is
// answered.
func TestPanicsAreContained(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(o *Options, once func()){
		"credentials": func(o *Options, once func()) {
			ours := o.Profiles[0].Credentials
			o.Profiles[0].Credentials = func(ctx context.Context, ttl time.Duration) (creds.Credentials, error) {
				once()
				return ours(ctx, ttl)
			}
		},
		"peer":       func(o *Options, once func()) { o.Peer = func(net.Conn) error { once(); return nil } },
		"generation": func(o *Options, once func()) { o.Generation = func() (int64, error) { once(); return 0, nil } },
	} {
		first := make(chan struct{}, 1)
		once := func() {
			select {
			case first <- struct{}{}:
				panic(canarySecret)
			default:
			}
		}
		w := start(t, func(o *Options) { change(o, once) })
		request := fmt.Sprintf("GET /role/dev HTTP/1.1\r\nHost: %s\r\nAuthorization: %s\r\nConnection: close\r\n\r\n", w.addr, tokenDev)
		if answer := w.raw(request); strings.Contains(answer, canarySecret) && !strings.Contains(answer, "200 OK") {
			t.Errorf("%s: %s", name, answer)
		}
		if len(first) == 0 {
			t.Errorf("%s: nothing went wrong", name)
		}
		if response, body := w.get("/role/prod", tokenProd); response.StatusCode != http.StatusOK {
			t.Errorf("%s: %d %s", name, response.StatusCode, body)
		}
	}
}
