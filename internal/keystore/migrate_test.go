package keystore

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/99designs/keyring"
	"github.com/google/go-cmp/cmp"

	"assume-role/internal/fault"
	"assume-role/internal/securefile"
)

// pair returns a migration from a file store with a key, a TOTP secret and two
// sessions to an empty store in memory, in use by Auto's choice.
func pair(t *testing.T) (Migration, *memory) {
	t.Helper()
	from := openFileRing(t, options(t))
	for _, name := range []string{"key-a", "key-b", "totp-device", "session-1", "session-2"} {
		if err := from.Set(name, []byte("what "+name+" holds")); err != nil {
			t.Fatal(err)
		}
	}
	to := newMemory(10_000)
	m := Migration{
		From: from, To: &Ring{store: to, backend: "other"}, StateDir: filepath.Join(t.TempDir(), "state"), InUse: file, Drop: true,
	}
	return m, to
}

// held returns what a store holds.
func held(t *testing.T, ring *Ring) map[string]string {
	t.Helper()
	names, err := ring.Names("")
	if err != nil {
		t.Fatal(err)
	}
	items := map[string]string{}
	for _, name := range names {
		data, err := ring.Get(name)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		items[name] = string(data)
	}
	return items
}

// moved is what the migration of pair has to leave in the new store.
func moved(names ...string) map[string]string {
	items := map[string]string{}
	for _, name := range names {
		items[name] = "what " + name + " holds"
	}
	return items
}

func TestMigrationMovesKeysAndSecrets(t *testing.T) {
	t.Parallel()
	m, _ := pair(t)
	done, err := m.Run(t.Context())
	want := []string{"key-a", "key-b", "totp-device"}
	if diff := cmp.Diff(Migrated{Copied: want, Removed: want, Dropped: []string{"1", "2"}}, done); err != nil || diff != "" {
		t.Fatalf("%v\n%s", err, diff)
	}
	if diff := cmp.Diff(moved(want...), held(t, m.To)); diff != "" {
		t.Error(diff)
	}
	if left := held(t, m.From); len(left) != 0 {
		t.Errorf("the old store still holds %v", left)
	}
	if name, err := recorded(m.StateDir); err != nil || name != "other" {
		t.Errorf("recorded is %q, %v", name, err)
	}
	if begun, err := Unfinished(m.StateDir); err != nil || begun.From != "" {
		t.Errorf("it counts as unfinished: %+v, %v", begun, err)
	}
}

func TestMigrationTakesSessionsAlong(t *testing.T) {
	t.Parallel()
	m, _ := pair(t)
	m.Sessions = true
	if _, err := m.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(moved("key-a", "key-b", "totp-device", "session-1", "session-2"), held(t, m.To)); diff != "" {
		t.Error(diff)
	}
}

// TestMigrationLeavesSessionsThatAreInUse: session.backend may name the store.
func TestMigrationLeavesSessionsThatAreInUse(t *testing.T) {
	t.Parallel()
	m, _ := pair(t)
	m.Drop = false
	if _, err := m.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(moved("session-1", "session-2"), held(t, m.From)); diff != "" {
		t.Error(diff)
	}
}

func TestMigrationRefusesToReplaceAKey(t *testing.T) {
	t.Parallel()
	m, to := pair(t)
	to.items["key-b"] = []byte("another key")
	before := held(t, m.From)
	_, err := m.Run(t.Context())
	if err == nil || !strings.Contains(err.Error(), "the access key of profile b") || strings.Contains(err.Error(), "another key") {
		t.Fatalf("%v", err)
	}
	if diff := cmp.Diff(before, held(t, m.From)); diff != "" || len(to.items) != 1 {
		t.Errorf("something was changed:\n%s", diff)
	}
	if begun, err := Unfinished(m.StateDir); err != nil || begun.From != "" {
		t.Errorf("it counts as begun: %+v, %v", begun, err)
	}
	to.items["key-b"] = []byte("what key-b holds")
	if done, err := m.Run(t.Context()); err != nil || slices.Contains(done.Copied, "key-b") || !slices.Contains(done.Removed, "key-b") {
		t.Errorf("with the same key in both: %+v, %v", done, err)
	}
}

func TestMigrationRefusesADamagedKey(t *testing.T) {
	t.Parallel()
	m, to := pair(t)
	for _, name := range []string{"key-a", "session-1"} {
		if err := os.WriteFile(filepath.Join(m.From.Folder(), name+itemSuffix), []byte("{}"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := m.Run(t.Context()); !errors.Is(err, ErrDamaged) || !strings.Contains(err.Error(), "profile a") || len(to.items) != 0 {
		t.Errorf("%v, %v", to.items, err)
	}
	if err := m.From.Remove("key-a"); err != nil {
		t.Fatal(err)
	}
	m.Sessions = true
	if done, err := m.Run(t.Context()); err != nil || slices.Contains(done.Copied, "session-1") {
		t.Errorf("a damaged session stops it, or is taken along: %+v, %v", done, err)
	}
}

// TestMigrationOfAStoreChosenByName removes nothing before the choice changes.
func TestMigrationOfAStoreChosenByName(t *testing.T) {
	t.Parallel()
	m, _ := pair(t)
	m.Named = true
	before := held(t, m.From)
	for range 2 {
		done, err := m.Run(t.Context())
		if err != nil || !done.Waits || done.Removed != nil {
			t.Fatalf("%+v, %v", done, err)
		}
		if diff := cmp.Diff(before, held(t, m.From)); diff != "" {
			t.Fatalf("the store in use changed:\n%s", diff)
		}
		if err := m.From.Set("key-b", []byte("rotated meanwhile")); err != nil {
			t.Fatal(err)
		}
		before["key-b"] = "rotated meanwhile"
	}
	m.InUse = "other"
	if done, err := m.Run(t.Context()); err != nil || len(done.Removed) != 3 || done.Kept != nil {
		t.Fatalf("once the choice has changed: %+v, %v", done, err)
	}
	if got := held(t, m.To); got["key-b"] != "rotated meanwhile" || len(got) != 3 {
		t.Errorf("the new store holds %v", got)
	}
}

// TestMigrationKeepsBothThatDiffer: after the choice has changed, a key that
// differs is not lost in either store.
func TestMigrationKeepsBothThatDiffer(t *testing.T) {
	t.Parallel()
	m, to := pair(t)
	m.Named = true
	if _, err := m.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	to.items["key-a"] = []byte("rotated")
	m.InUse = "other"
	done, err := m.Run(t.Context())
	if err != nil || !slices.Equal(done.Kept, []string{"key-a"}) {
		t.Fatalf("%+v, %v", done, err)
	}
	if string(to.items["key-a"]) != "rotated" || held(t, m.From)["key-a"] != "what key-a holds" {
		t.Error("one of the two was lost")
	}
}

// counting ends every change of a store after a number of them, as a kill does.
type counting struct {
	keyring.Keyring
	left *int
}

var errKilled = errors.New("killed")

func (c counting) Set(item keyring.Item) error {
	return c.change(func() error { return c.Keyring.Set(item) })
}
func (c counting) Remove(name string) error {
	return c.change(func() error { return c.Keyring.Remove(name) })
}

func (c counting) change(call func() error) error {
	if *c.left == 0 {
		return errKilled
	}
	*c.left--
	return call()
}

// TestMigrationEndedAnywhere ends it at each change to either store: the store
// in use has every key, and the next run completes it.
func TestMigrationEndedAnywhere(t *testing.T) {
	t.Parallel()
	keys := moved("key-a", "key-b", "totp-device")
	steps := 0
	for ; ; steps++ {
		m, to := pair(t)
		left := steps
		broken := m
		broken.From = &Ring{store: counting{m.From.store, &left}, backend: file}
		broken.To = &Ring{store: counting{to, &left}, backend: "other"}
		_, err := broken.Run(t.Context())
		if err == nil {
			break
		}
		if !errors.Is(err, errKilled) {
			t.Fatal(err)
		}
		inUse := m.From
		if name, err := recorded(m.StateDir); err != nil || name == "other" {
			inUse, m.InUse = m.To, "other"
		}
		got := held(t, inUse)
		for name, want := range keys {
			if got[name] != want {
				t.Fatalf("ended after %d changes, the %s store lacks %s", steps, inUse.backend, name)
			}
		}
		if begun, err := Unfinished(m.StateDir); err != nil || begun.From != file || begun.To != "other" {
			t.Fatalf("ended after %d changes: %+v, %v", steps, begun, err)
		}
		if done, err := m.Run(t.Context()); err != nil || done.Kept != nil {
			t.Fatalf("ended after %d changes, the next run: %+v, %v", steps, done, err)
		}
		if diff := cmp.Diff(keys, held(t, m.To)); diff != "" || len(held(t, m.From)) != 0 {
			t.Fatalf("ended after %d changes, the next run left %v in the old store, and in the new one\n%s", steps, held(t, m.From), diff)
		}
	}
	if steps < 8 {
		t.Errorf("only %d steps: the doubles count nothing", steps)
	}
}

// altering gives back something else than was written.
type altering struct{ *memory }

func (a altering) Get(name string) (keyring.Item, error) {
	item, err := a.memory.Get(name)
	return keyring.Item{Key: name, Data: append(item.Data, '!')}, err
}

func TestMigrationReadsBack(t *testing.T) {
	t.Parallel()
	m, to := pair(t)
	before := held(t, m.From)
	m.To.store = altering{to}
	if _, err := m.Run(t.Context()); err == nil || !strings.Contains(err.Error(), "something else") {
		t.Errorf("%v", err)
	}
	if diff := cmp.Diff(before, held(t, m.From)); diff != "" {
		t.Error(diff)
	}
}

func TestMigrationHoldsWritersOff(t *testing.T) {
	t.Parallel()
	o := bare(t)
	ring := openFileRing(t, o)
	if err := ring.Set("key-a", []byte("x")); err != nil {
		t.Fatal(err)
	}
	late := openFileRing(t, o) // opened before, writes after
	named := o
	named.Backend = file
	m := Migration{From: openFileRing(t, named), To: &Ring{store: newMemory(100), backend: keyctl}, StateDir: o.StateDir, InUse: file}
	if err := (Begun{From: file, To: keyctl}).write(o.StateDir); err != nil {
		t.Fatal(err)
	}
	if err := late.Set("key-b", []byte("x")); err != nil {
		t.Errorf("a write while a killed migration is unfinished: %v", err)
	}
	if err := record(o.StateDir, keyctl); err != nil {
		t.Fatal(err)
	}
	if err := late.Set("key-c", []byte("x")); err == nil || !strings.Contains(err.Error(), keyctl) {
		t.Errorf("a write to the store that was left: %v", err)
	}
	m.InUse = keyctl
	if _, err := m.Run(t.Context()); err != nil || len(held(t, m.To)) != 2 {
		t.Errorf("%v, %v", held(t, m.To), err)
	}
}

func TestUnfinishedThatCannotBeRead(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "{", "{}", `{"from":"file"}`, "[]"} {
		dir := t.TempDir()
		if err := os.WriteFile(unfinishedPath(dir), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if begun, err := Unfinished(dir); err == nil || !strings.Contains(err.Error(), dir) {
			t.Errorf("%q: %+v, %v", text, begun, err)
		}
	}
}

func TestTitleOfAnItem(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		itemName(keyPrefix, "Prod"): "the access key of profile Prod", "mfa-x": "mfa-x",
		itemName(keyPrefix, strings.Repeat("X", 300)): itemName(keyPrefix, strings.Repeat("X", 300)),
	} {
		if got := Title(name); got != want {
			t.Errorf("Title(%q) = %q", name, got)
		}
	}
}

// TestWriterBesideAHeldMigration: a writer that cannot have its turn says who
// holds it up, and writes nowhere.
func TestWriterBesideAHeldMigration(t *testing.T) {
	t.Parallel()
	o := bare(t)
	if err := openFileRing(t, o).Set("key-a", []byte("x")); err != nil {
		t.Fatal(err)
	}
	if err := (Begun{From: file, To: keyctl}).write(o.StateDir); err != nil {
		t.Fatal(err)
	}
	lock, err := securefile.Acquire(t.Context(), recordPath(o.StateDir)+".lock")
	if err != nil {
		t.Fatal(err)
	}
	defer lock.Release()
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	late := &claim{ctx: ctx, dir: o.StateDir, backend: file, earlier: true, debug: o.Debug}
	err = late.during(func() error { t.Error("it wrote"); return nil })
	if err == nil || !strings.Contains(err.Error(), fmt.Sprintf("process %d", os.Getpid())) {
		t.Errorf("%v", err)
	}
	lock.Release()
	ctx, cancel = context.WithCancel(t.Context())
	cancel()
	late.ctx = ctx
	again, err := securefile.Acquire(t.Context(), recordPath(o.StateDir)+".lock")
	if err != nil {
		t.Fatal(err)
	}
	defer again.Release()
	if _, err := (Migration{StateDir: o.StateDir}).Run(ctx); !errors.Is(err, fault.ErrInterrupted) {
		t.Errorf("a migration after Ctrl-C: %v", err)
	}
	if err := late.during(func() error { t.Error("it wrote"); return nil }); !errors.Is(err, fault.ErrInterrupted) {
		t.Errorf("after Ctrl-C: %v", err)
	}
}

// inUseSoon is a store into which another process writes as soon as the choice
// of it is recorded.
type inUseSoon struct {
	*memory
	stateDir string
	written  bool
}

func (s *inUseSoon) Get(name string) (keyring.Item, error) {
	if chosen, _ := recorded(s.stateDir); chosen == "other" && !s.written {
		s.written = true
		if err := s.Set(keyring.Item{Key: "key-a", Data: []byte("newer")}); err != nil {
			return keyring.Item{}, err
		}
	}
	return s.memory.Get(name)
}

// TestMigrationKeepsWhatTheStoreInUseHas: from the switch on, the new store's
// own counts, and the old one is not emptied of what differs.
func TestMigrationKeepsWhatTheStoreInUseHas(t *testing.T) {
	t.Parallel()
	m, to := pair(t)
	m.To.store = &inUseSoon{memory: to, stateDir: m.StateDir}
	done, err := m.Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"key-a"}, done.Kept); diff != "" {
		t.Error(diff)
	}
	if got := held(t, m.To)["key-a"]; got != "newer" {
		t.Errorf("the store in use has %q", got)
	}
	if got := held(t, m.From)["key-a"]; got != "what key-a holds" {
		t.Errorf("the old store has %q", got)
	}
}
