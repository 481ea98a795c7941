package awsfake

import (
	"context"
	"sync"
	"time"
)

// latency is how long each action takes.
type latency struct {
	mu sync.Mutex
	by map[string]time.Duration
}

func newLatency() *latency { return &latency{by: map[string]time.Duration{}} }

// SetLatency delays the answers to an action, or to every action that has no
// delay of its own when the name is empty. The time is real, not AWS's.
func (f *Fake) SetLatency(action string, d time.Duration) {
	f.latency.mu.Lock()
	defer f.latency.mu.Unlock()
	f.latency.by[action] = d
}

func (l *latency) of(action string) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	if d, ok := l.by[action]; ok {
		return d
	}
	return l.by[""]
}

// wait lets the action's time pass; false when the client or the server went
// away meanwhile.
func (l *latency) wait(client, server context.Context, action string) bool {
	d := l.of(action)
	if d <= 0 {
		return true
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-client.Done():
	case <-server.Done():
	}
	return false
}
