package keystore

import (
	"errors"
	"sync"

	"github.com/99designs/keyring"
)

var (
	errTooBig = errors.New("the stub received bad data")
	errBroken = errors.New("the store broke")
)

// memory is a store in memory with a limit for each item, as Windows has one.
// It can be made to break after a number of changes.
type memory struct {
	mu      sync.Mutex
	items   map[string][]byte
	limit   int
	breakIn int // changes until every further one fails; negative: never
}

func newMemory(limit int) *memory {
	return &memory{items: map[string][]byte{}, limit: limit, breakIn: -1}
}

// change counts a change, or fails.
func (m *memory) change() error {
	if m.breakIn == 0 {
		return errBroken
	}
	m.breakIn--
	return nil
}

func (m *memory) Get(name string) (keyring.Item, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	data, ok := m.items[name]
	if !ok {
		return keyring.Item{}, keyring.ErrKeyNotFound
	}
	return keyring.Item{Key: name, Data: append([]byte(nil), data...)}, nil
}

func (m *memory) GetMetadata(string) (keyring.Metadata, error) {
	return keyring.Metadata{}, keyring.ErrMetadataNotSupported
}

func (m *memory) Set(item keyring.Item) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(item.Data) > m.limit {
		return errTooBig
	}
	if err := m.change(); err != nil {
		return err
	}
	m.items[item.Key] = append([]byte(nil), item.Data...)
	return nil
}

func (m *memory) Remove(name string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, ok := m.items[name]; !ok {
		return keyring.ErrKeyNotFound
	}
	if err := m.change(); err != nil {
		return err
	}
	delete(m.items, name)
	return nil
}

func (m *memory) Keys() ([]string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var names []string
	for name := range m.items {
		names = append(names, name)
	}
	return names, nil
}
