package keystore

import (
	"bytes"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/99designs/keyring"
)

func TestChunkedContract(t *testing.T) {
	t.Parallel()
	store := newMemory(winCredBlob)
	contract(t, func(testing.TB) *Ring {
		return &Ring{backend: winCred, store: chunked{store: store, limit: winCredBlob}}
	})
	if len(store.items) != 0 {
		t.Errorf("%d parts stay behind", len(store.items))
	}
}

func set(c chunked, name string, data []byte) error {
	return c.Set(keyring.Item{Key: name, Data: data})
}

// TestChunkedBrokenWrite breaks a write after every number of changes. The
// item is then the old one or the new one, and long-lived keys, which fit in
// one item, are never anything else.
func TestChunkedBrokenWrite(t *testing.T) {
	t.Parallel()
	old, long, short := bytes.Repeat([]byte("old "), 300), bytes.Repeat([]byte("new "), 900), []byte("short")
	for _, written := range [][]byte{long, short} {
		for _, before := range [][]byte{old, short, long} {
			for changes := range 12 {
				store := newMemory(1000)
				c := chunked{store: store, limit: 1000}
				if err := set(c, "session-a", before); err != nil {
					t.Fatal(err)
				}
				store.breakIn = changes
				err := set(c, "session-a", written)
				got, readErr := c.Get("session-a")
				if readErr != nil {
					t.Fatalf("after a write that broke at change %d: %v", changes, readErr)
				}
				want := before
				if err == nil {
					want = written
				}
				if !bytes.Equal(got.Data, want) {
					t.Fatalf("broken at change %d (%v): %.10q", changes, err, got.Data)
				}
				store.breakIn = -1
				if err := set(c, "session-a", written); err != nil {
					t.Fatal(err)
				}
				if err := c.Remove("session-a"); err != nil || len(store.items) != 0 {
					t.Fatalf("%d items stay behind, %v", len(store.items), err)
				}
			}
		}
	}
}

// tornStore returns a store with two large items whose names are alike.
func tornStore(t *testing.T) (*memory, chunked) {
	t.Helper()
	store := newMemory(1000)
	c := chunked{store: store, limit: 1000}
	for _, name := range []string{"session-a", "session-ab"} {
		if err := set(c, name, append([]byte(name), bytes.Repeat([]byte("0123456789"), 400)...)); err != nil {
			t.Fatal(err)
		}
	}
	return store, c
}

// TestChunkedTorn damages each piece of an item in turn, in each way.
func TestChunkedTorn(t *testing.T) {
	t.Parallel()
	store, c := tornStore(t)
	for name, whole := range maps.Clone(store.items) {
		if strings.Contains(name, "session-ab") {
			continue
		}
		for _, damaged := range [][]byte{
			nil, whole[:len(whole)-1], append([]byte{whole[0] ^ 1}, whole[1:]...), append(bytes.Clone(whole), 0),
		} {
			store.items[name] = damaged
			if got, err := c.Get("session-a"); !errors.Is(err, ErrDamaged) {
				t.Errorf("with %s damaged: %.20q, %v; want ErrDamaged", name, got.Data, err)
			}
		}
		if delete(store.items, name); name != "session-a" {
			if _, err := c.Get("session-a"); !errors.Is(err, ErrDamaged) {
				t.Errorf("without %s: %v; want ErrDamaged", name, err)
			}
		}
		store.items[name] = whole
	}
	if _, err := c.Get("session-a"); err != nil {
		t.Errorf("mended: %v", err)
	}
}

func TestChunkedSwappedHeads(t *testing.T) {
	t.Parallel()
	store, c := tornStore(t)
	store.items["session-a"], store.items["session-ab"] = store.items["session-ab"], store.items["session-a"]
	if _, err := c.Get("session-a"); !errors.Is(err, ErrDamaged) {
		t.Errorf("swapped heads: %v", err)
	}
}

func TestChunkedLeavesNothingBehind(t *testing.T) {
	t.Parallel()
	store, c := tornStore(t)
	count := len(store.items)
	if err := set(c, "session-a", bytes.Repeat([]byte("9876543210"), 401)); err != nil || len(store.items) != count {
		t.Errorf("%d items became %d, %v", count, len(store.items), err)
	}
	if err := set(c, "session-a", []byte("short")); err != nil || len(store.items) >= count {
		t.Errorf("%d items became %d, %v", count, len(store.items), err)
	}
}

// TestChunkedKilledWriter has a writer that never came to its head.
func TestChunkedKilledWriter(t *testing.T) {
	t.Parallel()
	store, c := tornStore(t)
	delete(store.items, "session-a")
	names, err := c.Keys()
	if want := []string{"session-a", "session-ab"}; err != nil || !slices.Equal(names, want) {
		t.Errorf("Keys() = %q, %v; want %q", names, err, want)
	}
	if _, err := c.Get("session-a"); !errors.Is(err, keyring.ErrKeyNotFound) {
		t.Errorf("an item without a head: %v", err)
	}
	for _, name := range names {
		if err := c.Remove(name); err != nil && !errors.Is(err, keyring.ErrKeyNotFound) {
			t.Error(err)
		}
	}
	if len(store.items) != 0 {
		t.Errorf("%d parts stay behind", len(store.items))
	}
}

// TestChunkedSlowWriter has one writer overtaken by another between its parts
// and its head.
func TestChunkedSlowWriter(t *testing.T) {
	t.Parallel()
	_, c := tornStore(t)
	slow := keyring.Item{Key: "session-a", Data: bytes.Repeat([]byte("slow "), 800)}
	b, _, err := c.prepare(slow)
	if err != nil {
		t.Fatal(err)
	}
	if err := set(c, "session-a", bytes.Repeat([]byte("fast "), 800)); err != nil {
		t.Fatal(err)
	}
	if err := c.store.Set(keyring.Item{Key: "session-a", Data: b}); err != nil {
		t.Fatal(err)
	}
	if got, err := c.Get("session-a"); err != nil || !bytes.Equal(got.Data, slow.Data) {
		t.Errorf("%.10q, %v", got.Data, err)
	}
}

func TestChunkedHugeItem(t *testing.T) {
	t.Parallel()
	store := newMemory(100)
	err := set(chunked{store: store, limit: 100}, "session-a", make([]byte, 100*maxParts+1))
	if !errors.Is(err, ErrFull) || len(store.items) != 0 {
		t.Errorf("%v, %d items", err, len(store.items))
	}
}

func FuzzParseHead(f *testing.F) {
	f.Add([]byte{})
	f.Add(append([]byte{headWhole}, make([]byte, 40)...))
	f.Add(append([]byte{headParts}, make([]byte, headSize+generationSize+1)...))
	f.Fuzz(func(t *testing.T, b []byte) {
		h, err := parseHead(b)
		if err == nil && (h.parts > maxParts || h.generation != "" && h.whole != nil) {
			t.Errorf("accepted %+v", h)
		}
	})
}
