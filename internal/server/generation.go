package server

import (
	"fmt"
	"sync"
	"sync/atomic"
	"time"
)

// recent is how old a look at the generation may be for an answer. Under load
// it saves most of them: a look at a file costs a third of an answer.
const recent = time.Millisecond

// generations tells whether sessions were ended from outside.
type generations struct {
	read func() (int64, error)
	mu   sync.Mutex // one look at a time, so that none overtakes a later one
	held atomic.Pointer[int64]
}

// now is the generation, nil where it cannot be told.
func (g *generations) now() *int64 {
	if held := g.held.Load(); held != nil {
		return held
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if held := g.held.Load(); held != nil {
		return held
	}
	n, err := g.look()
	if err != nil {
		return nil
	}
	g.held.Store(&n)
	time.AfterFunc(recent, func() { g.held.Store(nil) })
	return &n
}

// look contains what goes wrong in the call: it is made outside requests, too.
func (g *generations) look() (n int64, err error) {
	defer contain(&err)
	return g.read()
}

// contain makes a panic an error. Its text may have anything in it.
func contain(err *error) {
	if v := recover(); v != nil {
		*err = fmt.Errorf("a panic: %T", v)
	}
}
