package server

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"syscall"
	"testing"
	"time"
)

// newTable serves in a table of a few connections.
func newTable(t *testing.T, most int, answer http.HandlerFunc) (*connections, string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	table := newConnections(most)
	web := &http.Server{
		Handler: answer, ConnState: table.turned,
		ConnContext: func(ctx context.Context, c net.Conn) context.Context { return context.WithValue(ctx, connKey{}, c) },
	}
	go func() { _ = web.Serve(&listener{Listener: l, table: table}) }()
	t.Cleanup(func() {
		table.close()
		_ = web.Close()
	})
	return table, l.Addr().String()
}

// client is one connection.
type client struct {
	*testing.T
	net.Conn
	in *bufio.Reader
}

func dial(t *testing.T, addr string) *client {
	t.Helper()
	c, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	_ = c.SetDeadline(time.Now().Add(time.Minute))
	return &client{t, c, bufio.NewReader(c)}
}

// ask sends a request, with headers, and returns the status; 0 where the
// connection is closed.
func (c *client) ask(path string, header string) int {
	fmt.Fprintf(c, "GET %s HTTP/1.1\r\nHost: %s\r\n%s\r\n", path, c.RemoteAddr(), header)
	response, err := http.ReadResponse(c.in, nil)
	if err != nil {
		return 0
	}
	_, _ = io.Copy(io.Discard, response.Body)
	return response.StatusCode
}

// closed waits until the server has closed the connection.
func (c *client) closed() {
	c.Helper()
	if _, err := c.in.ReadByte(); os.IsTimeout(err) || err == nil {
		c.Error("the connection is still open")
	}
}

// TestStrangersGiveWay: of connections without a token the oldest goes, and one
// with a token stays.
func TestStrangersGiveWay(t *testing.T) {
	t.Parallel()
	_, addr := newTable(t, 3, func(_ http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/known" {
			trust(r)
		}
	})
	known := dial(t, addr)
	known.ask("/known", "")
	var strangers []*client
	for i := range 20 {
		s := dial(t, addr)
		if i%2 == 0 {
			fmt.Fprint(s, "GET / HT") // half a request
		} else {
			s.ask("/", "")
		}
		strangers = append(strangers, s)
	}
	for _, s := range strangers[:18] {
		s.closed()
	}
	if known.ask("/", "") != 200 || strangers[19].ask("/", "") != 200 {
		t.Error("the wrong one was closed")
	}
}

// TestOldestIdleGivesWay where every connection has shown a token, and one that
// is being answered never does.
func TestOldestIdleGivesWay(t *testing.T) {
	t.Parallel()
	busy, begun := make(chan struct{}), make(chan struct{})
	table, addr := newTable(t, 3, func(_ http.ResponseWriter, r *http.Request) {
		trust(r)
		if r.URL.Path == "/wait" {
			begun <- struct{}{}
			<-busy
		}
	})
	waiting := dial(t, addr)
	answered := make(chan int, 10)
	go func() { answered <- waiting.ask("/wait", "") }()
	<-begun
	first, second := dial(t, addr), dial(t, addr)
	first.ask("/", "")
	idle(table, 1)
	second.ask("/", "")
	idle(table, 2)
	third := dial(t, addr)
	third.ask("/", "")
	first.closed()
	idle(table, 2)
	if second.ask("/", "") != 200 {
		t.Error("the younger one was closed")
	}
	for _, c := range []*client{second, third} {
		go func() { answered <- c.ask("/wait", "") }()
		<-begun
	}
	late := dial(t, addr)
	go func() { answered <- late.ask("/", "") }() // waits for room
	close(busy)
	for range 4 {
		if status := <-answered; status != 200 {
			t.Error(status)
		}
	}
}

// idle waits until so many connections with a token are idle: net/http says so
// after the answer was sent.
func idle(t *connections, n int) {
	for {
		t.mu.Lock()
		now := t.idle.Len()
		t.mu.Unlock()
		if now == n {
			return
		}
		runtime.Gosched()
	}
}

// TestCountsItself: nothing is left in the table of connections that ended.
func TestCountsItself(t *testing.T) {
	t.Parallel()
	table, addr := newTable(t, 8, func(_ http.ResponseWriter, r *http.Request) { trust(r) })
	var all sync.WaitGroup
	for range 50 {
		all.Go(func() {
			c := dial(t, addr)
			c.ask("/", "Connection: close\r\n")
			_ = c.Close()
		})
	}
	all.Wait()
	for {
		table.mu.Lock()
		open, strangers, idle := table.open, table.strangers.Len(), table.idle.Len()
		table.mu.Unlock()
		if open == 0 && strangers == 0 && idle == 0 {
			return
		}
		runtime.Gosched()
	}
}

// TestFlood: 10,000 connections that say nothing, half a request or a wrong
// token keep nobody with a token out, whether known before or not.
func TestFlood(t *testing.T) {
	t.Parallel()
	const all = 10_000
	if descriptors() < 2*mostConnections {
		t.Skip("too few file descriptors to fill the table")
	}
	w := start(t)
	known := dial(t, w.addr)
	key := "Authorization: " + tokenDev + "\r\n"
	if status := known.ask("/role/dev", key); status != 200 {
		t.Fatal(status)
	}
	at, most := make([]net.Conn, 0, all), min(all, descriptors()-mostConnections-200)
	for i := range all {
		c, err := net.Dial("tcp", w.addr)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		switch i % 3 {
		case 1:
			fmt.Fprint(c, "GET /role/dev HTTP/1.1\r\nHost: ")
		case 2:
			fmt.Fprintf(c, "GET /role/dev HTTP/1.1\r\nHost: %s\r\nAuthorization: wrong\r\n\r\n", w.addr)
		}
		if at = append(at, c); len(at) > most { // this process has the other ends, too
			_ = at[0].Close()
			at = at[1:]
		}
		if i%500 == 0 {
			if status := known.ask("/role/dev", key); status != 200 {
				t.Fatalf("after %d: %d", i, status)
			}
			if status := dial(t, w.addr).ask("/role/dev", key+"Connection: close\r\n"); status != 200 {
				t.Fatalf("a new client after %d: %d", i, status)
			}
		}
	}
}

// TestNothingGrows over many requests, of all kinds.
func TestNothingGrows(t *testing.T) {
	requests := 100_000
	if testing.Short() {
		requests = 2000
	}
	w := start(t)
	ask := func(n int) {
		var all sync.WaitGroup
		for range 20 {
			all.Go(func() {
				c := dial(t, w.addr)
				for i := range n / 20 {
					token, want := tokenDev, 200
					if i%50 == 49 { // a refusal ends the connection
						token, want = "wrong", 401
					}
					if got := c.ask("/role/dev", "Authorization: "+token+"\r\n"); got != want {
						t.Errorf("%d", got)
						return
					}
					if want == 401 {
						_ = c.Close()
						c = dial(t, w.addr)
					}
				}
				_ = c.Close()
			})
		}
		all.Wait()
	}
	ask(1000)
	before, files := settled(), descriptorsOpen()
	ask(requests)
	if after := settled(); after > before+5 {
		t.Errorf("%d goroutines, %d before", after, before)
	}
	if after := descriptorsOpen(); after > files+5 {
		t.Errorf("%d descriptors, %d before", after, files)
	}
}

// settled is how many goroutines stay.
func settled() int {
	n := runtime.NumGoroutine()
	for same := 0; same < 1000; same++ {
		runtime.Gosched()
		if now := runtime.NumGoroutine(); now != n {
			n, same = now, 0
		}
	}
	return n
}

// descriptorsOpen counts this process's, on Linux.
func descriptorsOpen() int {
	all, _ := filepath.Glob("/proc/self/fd/*")
	return len(all)
}

// noDescriptor is a listener whose process has none left once.
type noDescriptor struct {
	net.Listener
	fails chan struct{}
}

func (l noDescriptor) Accept() (net.Conn, error) {
	select {
	case <-l.fails:
		return nil, syscall.EMFILE
	default:
		return l.Listener.Accept()
	}
}

// TestNoDescriptorLeft: one that can be spared is closed for the next.
func TestNoDescriptorLeft(t *testing.T) {
	t.Parallel()
	inner, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer inner.Close()
	fails := make(chan struct{}, 1)
	l := &listener{Listener: noDescriptor{inner, fails}, table: newConnections(10)}
	old := dial(t, inner.Addr().String())
	if _, err := l.Accept(); err != nil {
		t.Fatal(err)
	}
	fails <- struct{}{}
	dial(t, inner.Addr().String())
	c, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	old.closed()
	_ = c.Close()
	fails <- struct{}{}
	if _, err := l.Accept(); err == nil {
		t.Error("nothing could be spared, and there is no error")
	}
}
