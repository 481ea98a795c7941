package cache

import (
	"context"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"assume-role/internal/creds"
	"assume-role/internal/securefile"
)

// start is where the tests' clocks begin.
var start = time.Date(2026, 11, 1, 1, 30, 0, 0, time.UTC)

// clock is a local clock that moves when told.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// memory is a Store that counts and fails as told.
type memory struct {
	mu         sync.Mutex
	items      map[string][]byte
	gets, sets int
	getErr     error
	setErr     error
	namesErr   error
	removeErr  map[string]error
	onGet      func()
	// onSet runs once before an item is stored, onNames once after the names
	// were listed.
	onSet, onNames func()
}

func (m *memory) Get(key string) ([]byte, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.gets++
	if m.onGet != nil {
		m.onGet()
	}
	if m.getErr != nil {
		return nil, m.getErr
	}
	value, ok := m.items[key]
	if !ok {
		return nil, fs.ErrNotExist
	}
	return value, nil
}

func (m *memory) Set(key string, value []byte) error {
	once(&m.onSet)
	m.mu.Lock()
	defer m.mu.Unlock()
	m.sets++
	if m.setErr != nil {
		return m.setErr
	}
	m.items[key] = value
	return nil
}

func (m *memory) Names() ([]string, error) {
	names := slices.Collect(maps.Keys(m.items))
	once(&m.onNames)
	return names, m.namesErr
}

// once runs a hook and takes it away.
func once(hook *func()) {
	if do := *hook; do != nil {
		*hook = nil
		do()
	}
}

func (m *memory) Remove(key string) error {
	if err := m.removeErr[key]; err != nil {
		return err
	}
	if _, ok := m.items[key]; !ok {
		return fs.ErrNotExist
	}
	delete(m.items, key)
	return nil
}

// folder is a Store for tests with several processes: a file an item.
type folder string

func (f folder) Get(key string) ([]byte, error) { return os.ReadFile(filepath.Join(string(f), key)) }

func (f folder) Set(key string, value []byte) error {
	return securefile.Write(filepath.Join(string(f), key), value)
}

func (f folder) Names() ([]string, error) {
	files, err := filepath.Glob(filepath.Join(string(f), strings.Repeat("[0-9a-f]", 64)))
	for i := range files {
		files[i] = filepath.Base(files[i])
	}
	return files, err
}

func (f folder) Remove(key string) error { return os.Remove(filepath.Join(string(f), key)) }

// rig is a cache with everything around it in the test's hands.
type rig struct {
	*Cache
	store *memory
	clock *clock
	notes *[]string
	debug *[]string
	mints int
}

func newRig(t *testing.T) *rig {
	t.Helper()
	dir := t.TempDir()
	store := &memory{items: map[string][]byte{}}
	clock := &clock{now: start}
	var mu sync.Mutex
	var notes, debug []string
	record := func(to *[]string) func(string) {
		return func(line string) {
			mu.Lock()
			defer mu.Unlock()
			*to = append(*to, line)
		}
	}
	return &rig{
		Cache: &Cache{
			Store: store, Remover: store, Locks: dir, Now: clock.Now,
			Index: &Index{Path: filepath.Join(dir, "state", "index.json"), Locks: dir, Now: clock.Now},
			Note:  record(&notes), Debug: record(&debug),
		},
		store: store, clock: clock, notes: &notes, debug: &debug,
	}
}

// again is the same cache as another run of the tool sees it.
func (r *rig) again() *rig {
	next := *r
	next.Cache = &Cache{
		Store: r.store, Remover: r.store, Locks: r.Locks, Now: r.clock.Now,
		Index: r.Index, Note: r.Note, Debug: r.Debug,
	}
	return &next
}

// key returns a key that is like no other's.
func key(name string) string { return Key(map[string]any{"test": name}) }

// session is one as STS would make it now, valid for the time given.
func (r *rig) session(id string, valid time.Duration) Entry {
	return Entry{
		Profile: "dev", Kind: "assume-role", RoleARN: "arn:aws:iam::123456789012:role/dev",
		Credentials: creds.Credentials{
			AccessKeyID: id, SecretAccessKey: "secret-canary", SessionToken: "token-canary",
			Expiration: r.clock.Now().Add(valid), AccountID: "123456789012",
		},
	}
}

// mint returns a Mint of such a session that counts.
func (r *rig) mint(id string, valid time.Duration) Mint {
	return func(context.Context) (Entry, error) {
		r.mints++
		return r.session(id, valid), nil
	}
}

// fail returns a Mint that fails.
func fail(err error) Mint {
	return func(context.Context) (Entry, error) { return Entry{}, err }
}

var errUnused = errors.New("this must not be minted")

// obtain asks for a session and returns its access key id.
func (r *rig) obtain(t *testing.T, q Request, mint Mint) string {
	t.Helper()
	e, err := r.Obtain(t.Context(), q, mint)
	if err != nil {
		t.Fatalf("Obtain: %v", err)
	}
	return e.Credentials.AccessKeyID
}

// wantLine checks that exactly one line was told, holding all of the words.
func wantLine(t *testing.T, what string, lines []string, words ...string) {
	t.Helper()
	if len(lines) != 1 {
		t.Errorf("%s: %q, want one line", what, lines)
		return
	}
	for _, word := range words {
		if !strings.Contains(lines[0], word) {
			t.Errorf("%s: %q lacks %q", what, lines[0], word)
		}
	}
}
