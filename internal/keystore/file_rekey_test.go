package keystore

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"assume-role/internal/creds"
	"assume-role/internal/fault"
	"assume-role/internal/securefile"
)

// answer is what is said when a passphrase is asked for.
func answer(passphrase creds.Secret) func() (creds.Secret, error) {
	return func() (creds.Secret, error) { return passphrase, nil }
}

// with returns the options with another passphrase.
func (o Options) with(passphrase creds.Secret) Options {
	o.Given = given(passphrase)
	return o
}

// tree returns every file below a folder with its content.
func tree(t testing.TB, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || d.Name() == folderLock {
			return err
		}
		data, err := os.ReadFile(path)
		files[strings.TrimPrefix(path, dir)] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// opensAll reports whether every item reads as what was stored.
func opensAll(t testing.TB, o Options, items map[string]string) bool {
	t.Helper()
	ring := openFileRing(t, o)
	for name, want := range items {
		data, err := ring.Get(name)
		if errors.Is(err, ErrWrongPassphrase) {
			return false
		}
		if err != nil || string(data) != want {
			t.Fatalf("%s reads as %.40q, %v; want %.40q", name, data, err, want)
		}
	}
	return true
}

// filled returns a folder with that many items.
func filled(t testing.TB, count int) (Options, map[string]string) {
	t.Helper()
	o, items := options(t), map[string]string{}
	ring := openFileRing(t, o)
	for i := range count {
		name := fmt.Sprintf("%s-%d", []string{"key", "session", "mfa"}[i%3], i)
		items[name] = strings.Repeat(name+" ", 1+40*i)
		if err := ring.Set(name, []byte(items[name])); err != nil {
			t.Fatal(err)
		}
	}
	return o, items
}

func TestRekeyChangesEveryItem(t *testing.T) {
	t.Parallel()
	o, items := filled(t, 7)
	done, err := openFileRing(t, o).ChangePassphrase(answer("correct horse"), answer("battery staple"))
	if err != nil || done.Items != 7 || done.Left != nil {
		t.Fatalf("ChangePassphrase: %+v, %v", done, err)
	}
	if opensAll(t, o, items) {
		t.Error("the old passphrase still opens the items")
	}
	if !opensAll(t, o.with("battery staple"), items) {
		t.Error("the new passphrase does not open the items")
	}
	left := tree(t, o.FileDir)
	if len(left) != 7 {
		t.Errorf("the folder has more than its items: %d files", len(left))
	}
	ring := openFileRing(t, o.with("battery staple"))
	if err := ring.Set("session-later", []byte("x")); err != nil {
		t.Error(err)
	}
	if keys := len(ring.file.unlocker.keys); keys != 1 {
		t.Errorf("%d salts in the folder, want 1", keys)
	}
}

func TestRekeyRefusals(t *testing.T) {
	t.Parallel()
	o, items := filled(t, 4)
	before := tree(t, o.FileDir)
	stop := errors.New("the person went away")
	for name, c := range map[string]struct {
		old  creds.Secret
		next func() (creds.Secret, error)
		want string
	}{
		"wrong": {"wrong", func() (creds.Secret, error) {
			t.Error("the new passphrase was asked for after a wrong old one")
			return "", nil
		}, "wrong passphrase"},
		"empty old":   {"", answer("x"), "empty"},
		"empty new":   {"correct horse", answer(""), "empty"},
		"interrupted": {"correct horse", func() (creds.Secret, error) { return "", stop }, stop.Error()},
	} {
		_, err := openFileRing(t, o).ChangePassphrase(answer(c.old), c.next)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
	if fmt.Sprint(tree(t, o.FileDir)) != fmt.Sprint(before) || !opensAll(t, o, items) {
		t.Error("a refused change changed something")
	}
}

func TestRekeyNothingStored(t *testing.T) {
	t.Parallel()
	o := options(t)
	for _, dir := range []string{o.FileDir, filepath.Join(o.FileDir, "none")} {
		o.FileDir = dir
		_, err := openFileRing(t, o).ChangePassphrase(func() (creds.Secret, error) {
			t.Error("the passphrase of nothing was asked for")
			return "", nil
		}, answer("y"))
		if err == nil || !strings.Contains(err.Error(), "nothing is stored") {
			t.Errorf("%s: %v", dir, err)
		}
	}
	if _, err := os.Stat(o.FileDir); !errors.Is(err, os.ErrNotExist) {
		t.Error("the folder was made")
	}
}

// TestRekeyAfterAnother: while one process asks for the new passphrase, another
// changes it, or removes everything.
func TestRekeyAfterAnother(t *testing.T) {
	t.Parallel()
	o, items := filled(t, 3)
	_, err := openFileRing(t, o).ChangePassphrase(answer("correct horse"), func() (creds.Secret, error) {
		if _, err := openFileRing(t, o).ChangePassphrase(answer("correct horse"), answer("battery staple")); err != nil {
			t.Error(err)
		}
		return "third", nil
	})
	if !errors.Is(err, ErrWrongPassphrase) || !strings.Contains(err.Error(), "another process has changed") {
		t.Errorf("%v, want that another process was faster", err)
	}
	if !opensAll(t, o.with("battery staple"), items) {
		t.Error("the passphrase of the faster process does not open the items")
	}
	_, err = openFileRing(t, o).ChangePassphrase(answer("battery staple"), func() (creds.Secret, error) {
		ring := openFileRing(t, o.with("battery staple"))
		for name := range items {
			if err := ring.Remove(name); err != nil {
				t.Error(err)
			}
		}
		return "third", nil
	})
	if err == nil || !strings.Contains(err.Error(), "nothing is stored") {
		t.Errorf("%v, want that nothing is stored", err)
	}
}

func TestRekeyIsTheFileBackendsOnly(t *testing.T) {
	t.Parallel()
	for _, name := range Backends()[1:] {
		if name == file {
			continue
		}
		ring := &Ring{backend: name}
		_, err := ring.ChangePassphrase(answer("x"), answer("y"))
		if err == nil || !strings.Contains(err.Error(), PassphraseElsewhere(name)) || PassphraseElsewhere(name) == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestRekeyLeavesWhatItCannotOpen: damaged and foreign items stay as they were.
func TestRekeyLeavesWhatItCannotOpen(t *testing.T) {
	t.Parallel()
	o, items := filled(t, 3)
	other := options(t).with("another")
	if err := openFileRing(t, other).Set("aaa-foreign", []byte("x")); err != nil {
		t.Fatal(err)
	}
	foreign := filepath.Join(o.FileDir, "aaa-foreign.item")
	if err := os.Rename(filepath.Join(other.FileDir, "aaa-foreign.item"), foreign); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(o.FileDir, "key-damaged.item"), []byte("{}"), 0o600); err != nil {
		t.Fatal(err)
	}
	before := tree(t, o.FileDir)
	done, err := openFileRing(t, o).ChangePassphrase(answer("correct horse"), answer("battery staple"))
	if err != nil || done.Items != 3 || !slices.Equal(done.Left, []string{"aaa-foreign", "key-damaged"}) {
		t.Fatalf("%+v, %v", done, err)
	}
	after := tree(t, o.FileDir)
	for _, name := range done.Left {
		if after["/"+name+".item"] != before["/"+name+".item"] {
			t.Errorf("%s was changed", name)
		}
	}
	if !opensAll(t, o.with("battery staple"), items) {
		t.Error("the new passphrase does not open the items")
	}
}

// TestRekeyInterruptedByCtrlC waits for a folder that somebody is at work in.
func TestRekeyInterruptedByCtrlC(t *testing.T) {
	t.Parallel()
	o, items := filled(t, 2)
	lock, err := securefile.Acquire(t.Context(), filepath.Join(o.FileDir, folderLock))
	if err != nil {
		t.Fatal(err)
	}
	ring := openFileRing(t, o)
	ctx, cancel := context.WithCancel(t.Context())
	ring.file.ctx = ctx
	cancel()
	if _, err := ring.ChangePassphrase(answer("correct horse"), answer("battery staple")); !errors.Is(err, fault.ErrInterrupted) {
		t.Errorf("%v", err)
	}
	lock.Release()
	if !opensAll(t, o, items) {
		t.Error("it changed something")
	}
}

// interrupted returns a folder whose change of passphrase ended at the moment
// of change, with that many of its items moved into place.
func interrupted(t *testing.T, count, moved int) (Options, map[string]string) {
	t.Helper()
	o, items := filled(t, count)
	f := openFileRing(t, o).file
	if err := f.opens(); err != nil {
		t.Fatal(err)
	}
	if _, lacking, err := f.stage(derive("battery staple", f.fresh, newSalt()), nil); err != nil || lacking != nil {
		t.Fatal(lacking, err)
	}
	if err := os.Rename(f.in(stagingFolder), f.in(rekeyedFolder)); err != nil {
		t.Fatal(err)
	}
	names, _ := f.Keys()
	for _, name := range names[:moved] {
		if err := os.Rename(filepath.Join(f.in(rekeyedFolder), name+itemSuffix), f.path(name)); err != nil {
			t.Fatal(err)
		}
	}
	return o, items
}

// TestRekeyInterruptedAnywhere: the new passphrase reads all, whatever has been
// moved; reading moves nothing; the next write does, and loses nothing.
func TestRekeyInterruptedAnywhere(t *testing.T) {
	t.Parallel()
	const count = 5
	for moved := range count + 1 {
		o, items := interrupted(t, count, moved)
		before := tree(t, o.FileDir)
		if !opensAll(t, o.with("battery staple"), items) {
			t.Fatalf("with %d of %d moved, the new passphrase does not open all", moved, count)
		}
		if fmt.Sprint(tree(t, o.FileDir)) != fmt.Sprint(before) {
			t.Error("reading wrote")
		}
		if _, err := openFileRing(t, o).Get("key-0"); err != nil && !errors.Is(err, ErrWrongPassphrase) {
			t.Errorf("with %d moved, the old passphrase: %v", moved, err)
		}
		items["session-1"] = "newer than the change"
		if err := openFileRing(t, o.with("battery staple")).Set("session-1", []byte(items["session-1"])); err != nil {
			t.Fatal(err)
		}
		if len(tree(t, o.FileDir)) != count || !opensAll(t, o.with("battery staple"), items) {
			t.Errorf("with %d moved, the next write did not finish the change", moved)
		}
	}
}

func TestRekeyInterruptedThenRemoved(t *testing.T) {
	t.Parallel()
	o, items := interrupted(t, 4, 1)
	locked := o
	locked.Given = nil
	if err := openFileRing(t, locked).Remove("key-3"); err != nil {
		t.Fatal(err)
	}
	delete(items, "key-3")
	if err := openFileRing(t, o.with("battery staple")).Set("session-x", nil); err != nil {
		t.Fatal(err)
	}
	if _, err := openFileRing(t, o.with("battery staple")).Get("key-3"); !errors.Is(err, ErrNotFound) {
		t.Errorf("a removed item came back: %v", err)
	}
	if !opensAll(t, o.with("battery staple"), items) {
		t.Error("other items were lost")
	}
}

func TestRekeyInterruptedThenChangedAgain(t *testing.T) {
	t.Parallel()
	o, items := interrupted(t, 4, 2)
	_, err := openFileRing(t, o).ChangePassphrase(answer("correct horse"), answer("third"))
	if !errors.Is(err, ErrWrongPassphrase) || !strings.Contains(err.Error(), "interrupted") {
		t.Errorf("with the old passphrase: %v", err)
	}
	if _, err := openFileRing(t, o).ChangePassphrase(answer("battery staple"), answer("third")); err != nil {
		t.Fatal(err)
	}
	if !opensAll(t, o.with("third"), items) {
		t.Error("the third passphrase does not open the items")
	}
}

// TestRekeyDamagedFormIsNotMoved: the one whole form stays.
func TestRekeyDamagedFormIsNotMoved(t *testing.T) {
	t.Parallel()
	o, items := interrupted(t, 3, 0)
	if err := os.WriteFile(filepath.Join(o.FileDir, rekeyedFolder, "key-0.item"), []byte("cut"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := openFileRing(t, o.with("battery staple")).Set("session-x", nil); err != nil {
		t.Fatal(err)
	}
	if data, err := openFileRing(t, o).Get("key-0"); err == nil && string(data) != items["key-0"] {
		t.Errorf("key-0 reads as %q", data)
	}
	if item, err := openFileRing(t, o).file.read("key-0.item"); err != nil {
		t.Errorf("a damaged form took the place of a whole item: %+v, %v", item.header, err)
	}
}

func TestRekeyAbandonedStagingIsThrownAway(t *testing.T) {
	t.Parallel()
	o, items := interrupted(t, 3, 0)
	if err := os.Rename(filepath.Join(o.FileDir, rekeyedFolder), filepath.Join(o.FileDir, stagingFolder)); err != nil {
		t.Fatal(err)
	}
	if !opensAll(t, o, items) {
		t.Error("the old passphrase does not open the items")
	}
	if err := openFileRing(t, o).Set("session-x", nil); err != nil {
		t.Fatal(err)
	}
	if n := len(tree(t, o.FileDir)); n != 4 || !opensAll(t, o, items) {
		t.Errorf("%d files are left, want 4", n)
	}
}

// TestRekeyBesideWriters changes the passphrase while others write and read:
// nothing is lost, nothing reads as damaged.
func TestRekeyBesideWriters(t *testing.T) {
	t.Parallel()
	o, items := filled(t, 5)
	phrases := []creds.Secret{"correct horse", "battery staple"}
	var all sync.WaitGroup
	stop := make(chan struct{})
	all.Go(func() {
		for round := 0; ; round++ {
			select {
			case <-stop:
				return
			default:
			}
			for _, phrase := range phrases {
				ring := openFileRing(t, o.with(phrase))
				if data, err := ring.Get("key-0"); err != nil && !errors.Is(err, ErrWrongPassphrase) || err == nil && string(data) != items["key-0"] {
					t.Errorf("round %d: key-0 reads as %.20q, %v", round, data, err)
				}
				name := fmt.Sprintf("session-new%d", round)
				if err := ring.Set(name, []byte(name)); err == nil {
					items[name] = name
				} else if !errors.Is(err, ErrWrongPassphrase) {
					t.Errorf("round %d: Set: %v", round, err)
				}
			}
		}
	})
	for i := range 20 {
		if _, err := openFileRing(t, o).ChangePassphrase(answer(phrases[i%2]), answer(phrases[(i+1)%2])); err != nil {
			t.Error(err)
		}
	}
	close(stop)
	all.Wait()
	if !opensAll(t, o, items) {
		t.Error("after 20 changes the passphrase is not the last one")
	}
}

// changeForEver is a child that changes the passphrase back and forth, saying so
// before each time.
func changeForEver() error {
	o := Options{FileDir: os.Getenv("KEYSTORE_TEST_DIR"), Debug: func(string) {}}
	phrases := strings.Split(os.Getenv("KEYSTORE_TEST_PHRASES"), ",")
	for n := 0; ; n++ {
		store := newFileStore(context.Background(), o)
		store.fresh, store.floor = cheap(), cheap()
		fmt.Println(n)
		if _, err := store.changePassphrase(answer(creds.Secret(phrases[n%2])), answer(creds.Secret(phrases[(n+1)%2]))); err != nil {
			return err
		}
	}
}

// TestRekeySurvivesKill kills changes of the passphrase at random moments: one
// of the two passphrases opens every item, each time.
func TestRekeySurvivesKill(t *testing.T) {
	t.Parallel()
	o, items := filled(t, 12)
	current, other := creds.Secret("correct horse"), creds.Secret("battery staple")
	changed, midway := 0, 0
	for round := range 100 {
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), childVariable+"=rekey", "KEYSTORE_TEST_DIR="+o.FileDir,
			"KEYSTORE_TEST_PHRASES="+current.Reveal()+","+other.Reveal())
		var problems bytes.Buffer
		cmd.Stderr = &problems
		out, err := cmd.StdoutPipe()
		if err == nil {
			err = cmd.Start()
		}
		if err == nil {
			_, err = out.Read(make([]byte, 1)) // it begins
		}
		if err != nil {
			t.Fatal(err, problems.String())
		}
		time.Sleep(rand.N(25 * time.Millisecond)) // the random moment
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		if problems.Len() > 0 {
			t.Fatalf("round %d: %s", round, problems.String())
		}
		if openFileRing(t, o).file.changing() {
			midway++
		}
		if !opensAll(t, o.with(current), items) {
			changed++
			current, other = other, current
		}
		if !opensAll(t, o.with(current), items) {
			t.Fatalf("round %d: neither passphrase opens all items", round)
		}
		items["session-1"] = fmt.Sprint("written after round ", round)
		err = openFileRing(t, o.with(current)).Set("session-1", []byte(items["session-1"]))
		if errors.Is(err, ErrWrongPassphrase) { // it had happened, and nothing was moved yet
			current, other = other, current
			err = openFileRing(t, o.with(current)).Set("session-1", []byte(items["session-1"]))
		}
		if err != nil || !opensAll(t, o.with(current), items) {
			t.Fatalf("round %d: after the next write: %v", round, err)
		}
	}
	t.Logf("100 kills: %d left another passphrase, %d between the two forms; no item lost", changed, midway)
}
