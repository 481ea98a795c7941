package keystore

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"assume-role/internal/creds"
	"assume-role/internal/fault"
	"assume-role/internal/securefile"
)

// given supplies a passphrase as a variable would.
func given(passphrase creds.Secret) func() (creds.Secret, bool, error) {
	return func() (creds.Secret, bool, error) { return passphrase, true, nil }
}

// openFileRing opens the file backend with a derivation that costs nothing.
func openFileRing(t testing.TB, o Options) *Ring {
	t.Helper()
	ring, err := Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	ring.file.fresh, ring.file.floor = cheap(), cheap()
	return ring
}

func TestFileContract(t *testing.T) {
	t.Parallel()
	o := options(t)
	o.FileDir = filepath.Join(o.FileDir, "not", "yet")
	contract(t, func(t testing.TB) *Ring { return openFileRing(t, o) })
}

// stored returns a folder with one key and one session, and its options.
func stored(t testing.TB) Options {
	t.Helper()
	o := options(t)
	ring := openFileRing(t, o)
	if err := ring.Set("session-one", []byte("a session of "+canary)); err != nil {
		t.Fatal(err)
	}
	if err := ring.Keys().SaveKey("one", longLived(1)); err != nil {
		t.Fatal(err)
	}
	return o
}

// snapshot returns every file of a folder with its content.
func snapshot(t testing.TB, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		data, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		if e.Name() != folderLock {
			files[e.Name()] = string(data)
		}
	}
	return files
}

func TestFileWrongPassphraseChangesNothing(t *testing.T) {
	t.Parallel()
	o := stored(t)
	before := snapshot(t, o.FileDir)
	o.Given = given("battery staple")
	ring := openFileRing(t, o)
	_, err := ring.Get("session-one")
	for what, err := range map[string]error{
		"Get": err, "Set": ring.Set("session-two", []byte("x")), "overwrite": ring.Set("session-one", []byte("x")),
		"SaveKey": ring.Keys().SaveKey("one", longLived(2)),
	} {
		if !errors.Is(err, ErrWrongPassphrase) {
			t.Errorf("%s with a wrong passphrase: %v", what, err)
		} else if !strings.Contains(err.Error(), o.FileDir) || strings.Contains(err.Error(), "staple") {
			t.Errorf("%s: the message is %q", what, err)
		}
	}
	if after := snapshot(t, o.FileDir); fmt.Sprint(after) != fmt.Sprint(before) {
		t.Error("a wrong passphrase changed the folder")
	}
}

func TestFileEmptyPassphraseIsRefused(t *testing.T) {
	t.Parallel()
	o := options(t)
	o.Given = given("")
	if err := openFileRing(t, o).Set("session-a", []byte("x")); err == nil || !strings.Contains(err.Error(), "empty") {
		t.Errorf("an empty variable: %v", err)
	}
	o.Given = nil
	o.Ask = func(Question) (creds.Secret, error) { return "", nil }
	if err := openFileRing(t, o).Set("session-a", []byte("x")); err == nil || !strings.Contains(err.Error(), "empty") {
		t.Errorf("an empty answer: %v", err)
	}
	if files := snapshot(t, o.FileDir); len(files) != 0 {
		t.Errorf("something was written: %v", files)
	}
}

func TestFileAsksOnceAndOnlyWhenNeeded(t *testing.T) {
	t.Parallel()
	o := options(t)
	o.Given = nil
	var asked []Question
	o.Ask = func(q Question) (creds.Secret, error) {
		asked = append(asked, q)
		return "correct horse", nil
	}
	ring := openFileRing(t, o)
	if _, err := ring.Get("session-a"); !errors.Is(err, ErrNotFound) || len(asked) != 0 {
		t.Errorf("a missing item: %v, asked %v", err, asked)
	}
	for _, name := range []string{"session-a", "session-b"} {
		if err := ring.Set(name, []byte("x")); err != nil {
			t.Fatal(err)
		}
	}
	if len(asked) != 1 || asked[0] != (Question{Folder: o.FileDir, New: true}) {
		t.Errorf("a new folder asked %v", asked)
	}
	asked = nil
	ring = openFileRing(t, o)
	for range 2 {
		if _, err := ring.Get("session-a"); err != nil {
			t.Fatal(err)
		}
	}
	if err := ring.Set("session-c", []byte("x")); err != nil {
		t.Fatal(err)
	}
	if len(asked) != 1 || asked[0].New {
		t.Errorf("an old folder asked %v", asked)
	}
}

func TestFileAskingThatFails(t *testing.T) {
	t.Parallel()
	o := stored(t)
	o.Given = nil
	for _, answer := range []error{
		fault.New("", "no terminal").Fix("set a variable"),
		fault.ErrInterrupted,
		fault.New("", "nobody there").Because(ErrLocked),
	} {
		o.Ask = func(Question) (creds.Secret, error) { return "", answer }
		if _, err := openFileRing(t, o).Get("session-one"); !errors.Is(err, answer) || err.Error() != answer.Error() {
			t.Errorf("asking failed with %q: %v", answer, err)
		}
	}
}

func TestFileLockedIsListedAndCleared(t *testing.T) {
	t.Parallel()
	o := stored(t)
	o.Given = nil
	ring := openFileRing(t, o)
	if _, err := ring.Get("session-one"); !errors.Is(err, ErrLocked) || !strings.Contains(err.Error(), "passphrase_command") {
		t.Errorf("Get of a locked item: %v", err)
	}
	if err := ring.Set("session-two", []byte("x")); !errors.Is(err, ErrLocked) {
		t.Errorf("Set in a locked folder: %v", err)
	}
	profiles, err := ring.Keys().KeyProfiles()
	if err != nil || len(profiles) != 1 || profiles[0] != "one" {
		t.Errorf("KeyProfiles of a locked folder: %q, %v", profiles, err)
	}
	if err := ring.Sessions().Remove("one"); err != nil {
		t.Error(err)
	}
}

// TestFileNeverGivesWrongData cuts the file everywhere and flips a bit in each
// byte.
func TestFileNeverGivesWrongData(t *testing.T) {
	t.Parallel()
	o := stored(t)
	path := filepath.Join(o.FileDir, "session-one.item")
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var broken [][]byte
	for i := range whole {
		flipped := bytes.Clone(whole)
		flipped[i] ^= 1 << (i % 8)
		broken = append(broken, whole[:i], flipped)
	}
	broken = append(broken, append(bytes.Clone(whole), 0), bytes.Repeat([]byte{0}, 4096), []byte("{}"))
	ring := openFileRing(t, o)
	for i, content := range broken {
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		if data, err := ring.Get("session-one"); !errors.Is(err, ErrDamaged) || data != nil {
			t.Fatalf("content %d of %d bytes: %q, %v; want ErrDamaged", i, len(content), data, err)
		}
	}
	if err := ring.Set("session-one", []byte("new")); err != nil {
		t.Errorf("a damaged item cannot be replaced: %v", err)
	}
}

func TestFileSwappedItemsAreDamaged(t *testing.T) {
	t.Parallel()
	o := stored(t)
	ring := openFileRing(t, o)
	if err := ring.Keys().SaveKey("two", longLived(2)); err != nil {
		t.Fatal(err)
	}
	one, two := filepath.Join(o.FileDir, "key-one.item"), filepath.Join(o.FileDir, "key-two.item")
	for _, move := range [][2]string{{one, one + ".x"}, {two, one}, {one + ".x", two}} {
		if err := os.Rename(move[0], move[1]); err != nil {
			t.Fatal(err)
		}
	}
	if data, err := ring.Get("key-one"); !errors.Is(err, ErrDamaged) {
		t.Errorf("an item under another's name reads as %q, %v", data, err)
	}
	for _, profile := range []string{"one", "two"} {
		_, err := ring.Keys().LoadKey(profile)
		if !errors.Is(err, ErrDamaged) || !strings.Contains(err.Error(), `profile "`+profile+`"`) {
			t.Errorf("LoadKey(%q) of a swapped item: %v", profile, err)
		}
	}
}

// TestFileItemsStandAlone moves items between folders of one passphrase: each
// brings its own salt.
func TestFileItemsStandAlone(t *testing.T) {
	t.Parallel()
	from, to := stored(t), stored(t)
	for _, name := range []string{"session-moved.item", "session-moved2.item"} {
		if err := openFileRing(t, from).Set(strings.TrimSuffix(name, ".item"), []byte("moved")); err != nil {
			t.Fatal(err)
		}
		if err := os.Rename(filepath.Join(from.FileDir, name), filepath.Join(to.FileDir, name)); err != nil {
			t.Fatal(err)
		}
	}
	ring := openFileRing(t, to)
	for _, name := range []string{"session-moved", "session-one", "session-moved2"} {
		if _, err := ring.Get(name); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestFileOneSaltForAFolder(t *testing.T) {
	t.Parallel()
	o := stored(t)
	salts := map[[saltSize]byte]bool{}
	for name := range snapshot(t, o.FileDir) {
		item, err := openFileRing(t, o).file.read(name)
		if err != nil {
			t.Fatal(err)
		}
		salts[item.header.salt] = true
	}
	if len(salts) != 1 {
		t.Errorf("%d salts in one folder: every one costs a derivation", len(salts))
	}
}

func TestFileModesAndReadsWriteNothing(t *testing.T) {
	t.Parallel()
	o := options(t)
	o.FileDir = filepath.Join(o.FileDir, "store")
	ring := openFileRing(t, o)
	_, _ = ring.Get("session-a")
	_, _ = ring.Names("")
	_ = ring.Remove("session-a")
	if _, err := os.Stat(o.FileDir); !errors.Is(err, os.ErrNotExist) {
		t.Error("reading made the folder")
	}
	if err := ring.Set("session-a", []byte("x")); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]os.FileMode{o.FileDir: 0o700, filepath.Join(o.FileDir, "session-a.item"): 0o600} {
		info, err := os.Stat(path)
		if err != nil || info.Mode().Perm() != want && os.PathSeparator == '/' {
			t.Errorf("%s: mode %v, %v; want %o", path, info.Mode(), err, want)
		}
	}
}

func TestFileFailedWriteKeepsTheOldItem(t *testing.T) {
	if os.Geteuid() == 0 {
		t.Skip("root writes anywhere")
	}
	o := stored(t)
	if err := os.Chmod(o.FileDir, 0o500); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.Chmod(o.FileDir, 0o700) })
	ring := openFileRing(t, o)
	if err := ring.Set("session-one", []byte("new")); err == nil {
		t.Error("a write into a read-only folder succeeded")
	}
	if data, err := ring.Get("session-one"); err != nil || !strings.Contains(string(data), canary) {
		t.Errorf("the old item: %q, %v", data, err)
	}
}

func TestFileUnreadableNamesThePath(t *testing.T) {
	t.Parallel()
	if os.Geteuid() == 0 {
		t.Skip("root may read everything")
	}
	o := stored(t)
	path := filepath.Join(o.FileDir, "session-one.item")
	if err := os.Chmod(path, 0); err != nil {
		t.Skip(err)
	}
	_, err := openFileRing(t, o).Get("session-one")
	if err == nil || errors.Is(err, ErrNotFound) || !strings.Contains(err.Error(), path) {
		t.Errorf("reading an item without the right to: %v", err)
	}
}

func TestFileFolderAsItemIsDamaged(t *testing.T) {
	t.Parallel()
	o := stored(t)
	if err := os.Mkdir(filepath.Join(o.FileDir, "session-dir.item"), 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := openFileRing(t, o).Get("session-dir"); !errors.Is(err, ErrDamaged) {
		t.Errorf("reading a folder as an item: %v", err)
	}
}

// TestFileInPlaceOfTheFolder: nothing is stored there, and nothing can be.
func TestFileInPlaceOfTheFolder(t *testing.T) {
	t.Parallel()
	o := options(t)
	path := filepath.Join(o.FileDir, "file")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	o.FileDir = path
	ring := openFileRing(t, o)
	if _, err := ring.Get("session-one"); !errors.Is(err, ErrNotFound) {
		t.Errorf("Get: %v", err)
	}
	if err := ring.Remove("session-one"); err != nil {
		t.Errorf("Remove: %v", err)
	}
	if err := ring.Set("session-one", nil); err == nil || !strings.Contains(err.Error(), path) {
		t.Errorf("Set: %v", err)
	}
}

// TestFileForeignItemsAreDamaged: an item of another passphrase in a folder
// that the passphrase opens is not a wrong passphrase, and stops nothing.
func TestFileForeignItemsAreDamaged(t *testing.T) {
	t.Parallel()
	o, other := stored(t), options(t)
	other.Given = given("another passphrase")
	foreign := openFileRing(t, other)
	for _, name := range []string{"aaa-first", "session-one"} {
		if err := foreign.Set(name, []byte("foreign")); err != nil {
			t.Fatal(err)
		}
		if err := os.Rename(filepath.Join(other.FileDir, name+".item"), filepath.Join(o.FileDir, name+".item")); err != nil {
			t.Fatal(err)
		}
	}
	ring := openFileRing(t, o)
	if _, err := ring.Get("session-one"); !errors.Is(err, ErrDamaged) {
		t.Errorf("Get of a foreign item: %v", err)
	}
	if err := openFileRing(t, o).Set("session-one", []byte("ours")); err != nil {
		t.Errorf("Set beside foreign items: %v", err)
	}
	if _, err := ring.Keys().LoadKey("one"); err != nil {
		t.Errorf("LoadKey beside foreign items: %v", err)
	}
	if data, err := openFileRing(t, o).Get("session-one"); err != nil || string(data) != "ours" {
		t.Errorf("Get: %q, %v", data, err)
	}
	wrong := o
	wrong.Given = given("a third one")
	if _, err := openFileRing(t, wrong).Get("session-one"); !errors.Is(err, ErrWrongPassphrase) {
		t.Errorf("Get with a passphrase that opens nothing: %v", err)
	}
	if err := openFileRing(t, wrong).Set("session-two", nil); !errors.Is(err, ErrWrongPassphrase) {
		t.Errorf("Set with a passphrase that opens nothing: %v", err)
	}
}

// BenchmarkFileGet is the warm path: the key waits in the kernel, each
// iteration is a new command.
func BenchmarkFileGet(b *testing.B) {
	o := options(b)
	o.UnlockTTL = 1 << 40
	ring, err := Open(b.Context(), o)
	if err != nil {
		b.Fatal(err)
	}
	if err := ring.Set("session-a", bytes.Repeat([]byte("x"), 1500)); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = ring.Lock() })
	o.Given = nil
	if again, err := Open(b.Context(), o); err != nil {
		b.Skip(err)
	} else if _, err := again.Get("session-a"); err != nil {
		b.Skip("the kernel of this machine keeps no unlocked key")
	}
	b.ReportAllocs()
	for b.Loop() {
		ring, err := Open(context.Background(), o)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := ring.Get("session-a"); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkDerive is one unlocking with the standard cost.
func BenchmarkDerive(b *testing.B) {
	salt := newSalt()
	for b.Loop() {
		derive("correct horse", standardCost(), salt)
	}
}

// TestFileWaitNamesTheWriter: another process holds the folder and does not go
// on. What only reads is not held up.
func TestFileWaitNamesTheWriter(t *testing.T) {
	t.Parallel()
	o, items := filled(t, 2)
	lock, err := securefile.Acquire(t.Context(), filepath.Join(o.FileDir, folderLock))
	if err != nil {
		t.Fatal(err)
	}
	ring := openFileRing(t, o)
	ring.file.wait = time.Millisecond
	for what, err := range map[string]error{"Set": ring.Set("session-a", []byte("x")), "Remove": ring.Remove("session-a")} {
		var held *securefile.HeldError
		if !errors.As(err, &held) || !strings.Contains(err.Error(), fmt.Sprintf("waited 1ms for process %d", os.Getpid())) ||
			!strings.Contains(err.Error(), "--keyring-backend") || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v", what, err)
		}
	}
	if !opensAll(t, o, items) {
		t.Error("an item cannot be read")
	}
	lock.Release()
	if err := ring.Set("session-a", []byte("x")); err != nil {
		t.Errorf("afterwards: %v", err)
	}
}
