package server

import (
	"container/list"
	"errors"
	"net"
	"net/http"
	"sync"
)

// mostConnections is how many are open at a time: more than the clients of one
// machine need, and few enough for its memory.
const mostConnections = 1536

// connections keeps the number of open ones bounded. One more than fit costs
// the oldest of which no token was seen, whatever it is doing; where there is
// none, the one that was idle for longest. So those without a token cannot keep
// out those with one, however many connections they open.
type connections struct {
	mu        sync.Mutex
	most      int
	open      int
	strangers list.List     // of *conn, the oldest first: no token was seen of them
	idle      list.List     // of *conn, idle for longest first: of the others
	freed     chan struct{} // one was closed or fell idle
	closed    chan struct{}
	once      sync.Once
}

func newConnections(most int) *connections {
	return &connections{most: most, freed: make(chan struct{}, 1), closed: make(chan struct{})}
}

// close ends the wait for room.
func (t *connections) close() { t.once.Do(func() { close(t.closed) }) }

// admit takes a new connection in, and makes room for it: it waits only while
// every other one is being answered.
func (t *connections) admit(c *conn) {
	t.mu.Lock()
	t.open++
	c.place, c.in = t.strangers.PushBack(c), &t.strangers
	over := t.open > t.most
	t.mu.Unlock()
	for over && !t.evict(c) {
		select {
		case <-t.freed:
		case <-t.closed:
			return
		}
		t.mu.Lock()
		over = t.open > t.most
		t.mu.Unlock()
	}
}

// evict closes one connection, if any but the newest can be spared.
func (t *connections) evict(newest *conn) bool {
	t.mu.Lock()
	var victim *conn
	for _, among := range []*list.List{&t.strangers, &t.idle} {
		if e := among.Front(); e != nil && e.Value != newest {
			victim = e.Value.(*conn)
			break
		}
	}
	t.mu.Unlock()
	if victim == nil {
		return false
	}
	_ = victim.Close() // its goroutine finds out by itself
	return true
}

// turned follows what net/http does with a connection.
func (t *connections) turned(n net.Conn, state http.ConnState) {
	c, ok := n.(*conn)
	if !ok || state != http.StateIdle && state != http.StateActive {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if !c.known || c.gone {
		return
	}
	c.leave()
	if state == http.StateIdle {
		c.place, c.in = t.idle.PushBack(c), &t.idle
		t.tell()
	}
}

// tell wakes admit: there may be room.
func (t *connections) tell() {
	select {
	case t.freed <- struct{}{}:
	default: // it is told already
	}
}

// conn is a connection with its place among the others. The fields are the
// table's.
type conn struct {
	net.Conn
	table *connections
	check func(net.Conn) error // once, before the first byte
	known bool                 // a token was seen
	gone  bool
	place *list.Element
	in    *list.List
}

// errPeer is what net/http reads of a connection that Peer refused.
var errPeer = errors.New("refused")

// connKey finds a request's connection in its context.
type connKey struct{}

// Read first finds out whose connection it is. It is here because this is the
// connection's own goroutine: a slow check holds nobody else up.
func (c *conn) Read(b []byte) (int, error) {
	if check := c.check; check != nil {
		if c.check = nil; check(c.Conn) != nil {
			_ = c.Close()
			return 0, errPeer
		}
	}
	return c.Conn.Read(b)
}

// trust notes that the connection has shown a token.
func (c *conn) trust() {
	c.table.mu.Lock()
	defer c.table.mu.Unlock()
	if !c.known && !c.gone {
		c.known = true
		c.leave()
	}
}

// Close makes room for another.
func (c *conn) Close() error {
	c.table.mu.Lock()
	if !c.gone {
		c.gone = true
		c.table.open--
		c.leave()
	}
	c.table.mu.Unlock()
	c.table.tell()
	return c.Conn.Close()
}

// leave takes the connection out of its list. The table is locked.
func (c *conn) leave() {
	if c.in != nil {
		c.in.Remove(c.place)
		c.in, c.place = nil, nil
	}
}

// listener admits connections.
type listener struct {
	net.Listener
	table *connections
	peer  func(net.Conn) error
	debug func(string, ...any)
}

// Accept returns the next connection. Where the process has no descriptor left,
// one that can be spared makes room for it.
func (l *listener) Accept() (net.Conn, error) {
	for {
		n, err := l.Listener.Accept()
		if err == nil {
			c := &conn{Conn: n, table: l.table, check: l.check()}
			l.table.admit(c)
			return c, nil
		}
		if errors.Is(err, net.ErrClosed) || !l.table.evict(nil) {
			return nil, err
		}
	}
}

func (l *listener) check() func(net.Conn) error {
	if l.peer == nil {
		return nil
	}
	return func(c net.Conn) error {
		err := l.peer(c)
		if err != nil {
			l.debug("a connection was refused: %v", err)
		}
		return err
	}
}
