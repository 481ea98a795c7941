package cmd

import (
	"io/fs"
	"sync"
)

// memory keeps sessions for the life of the process: with --no-cache a server
// must not ask for an MFA code at every renewal. What was ended from outside is
// forgotten.
type memory struct {
	generation func() int64

	mu    sync.Mutex
	items map[string][]byte
	since int64
}

// Get implements cache.Store.
func (m *memory) Get(key string) ([]byte, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.forget()
	item, ok := m.items[key]
	if !ok {
		return nil, fs.ErrNotExist
	}
	return item, nil
}

// Set implements cache.Store.
func (m *memory) Set(key string, value []byte) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.forget()
	m.items[key] = value
	return nil
}

// forget drops everything where the generation is another one.
func (m *memory) forget() {
	if now := m.generation(); m.items == nil || now != m.since {
		m.items, m.since = map[string][]byte{}, now
	}
}
