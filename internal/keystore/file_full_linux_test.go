package keystore

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/sys/unix"
)

// smallDisk mounts a file system of 256 KiB in memory and returns its folder.
func smallDisk(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := unix.Mount("none", dir, "tmpfs", 0, "size=256k,mode=0700"); err != nil {
		t.Skipf("a file system for the test cannot be mounted: %v", err)
	}
	t.Cleanup(func() { _ = unix.Unmount(dir, unix.MNT_DETACH) })
	return dir
}

// TestRekeyDiskFull changes the passphrase with ever more room on the disk: the
// old one holds until there is enough, then the new one.
func TestRekeyDiskFull(t *testing.T) {
	t.Parallel()
	disk := smallDisk(t)
	o := options(t)
	o.FileDir = filepath.Join(disk, "store")
	items := map[string]string{"key-a": "a", "key-b": "b", "session-c": string(bytes.Repeat([]byte("c"), 9000))}
	ring := openFileRing(t, o)
	for name, data := range items {
		if err := ring.Set(name, []byte(data)); err != nil {
			t.Fatal(err)
		}
	}
	ballast, failed := filepath.Join(disk, "ballast"), 0
	fillDisk(t, ballast)
	for {
		_, err := openFileRing(t, o).ChangePassphrase(answer("correct horse"), answer("battery staple"))
		if err == nil {
			break
		}
		failed++
		if !opensAll(t, o, items) || len(tree(t, o.FileDir)) != len(items) {
			t.Fatalf("after %d failures: the old passphrase does not open the items, or something is left: %v", failed, err)
		}
		makeRoom(t, ballast)
	}
	if failed == 0 || !opensAll(t, o.with("battery staple"), items) {
		t.Errorf("after %d failures the new passphrase does not open the items", failed)
	}
	t.Logf("%d changes failed for want of room, and changed nothing", failed)
}

// TestRekeyDiskFullAfterTheChange: what was interrupted is finished, and items
// are removed, with no room at all.
func TestRekeyDiskFullAfterTheChange(t *testing.T) {
	t.Parallel()
	disk := smallDisk(t)
	from, items := interrupted(t, 5, 2)
	o := from
	o.FileDir = filepath.Join(disk, "store")
	if err := os.CopyFS(o.FileDir, os.DirFS(from.FileDir)); err != nil {
		t.Fatal(err)
	}
	fillDisk(t, filepath.Join(disk, "ballast"))
	if !opensAll(t, o.with("battery staple"), items) {
		t.Error("the new passphrase does not open the items")
	}
	if _, err := openFileRing(t, o).file.settle(); err != nil {
		t.Fatal(err)
	}
	if err := openFileRing(t, o).Remove("session-1"); err != nil {
		t.Errorf("Remove on a full disk: %v", err)
	}
	delete(items, "session-1")
	if !opensAll(t, o.with("battery staple"), items) || len(tree(t, o.FileDir)) != len(items) {
		t.Error("the change was not finished")
	}
}

// fillDisk takes all room that there is.
func fillDisk(t *testing.T, ballast string) {
	t.Helper()
	file, err := os.Create(ballast)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	for err == nil {
		_, err = file.Write(make([]byte, os.Getpagesize()))
	}
}

// makeRoom gives one page back.
func makeRoom(t *testing.T, ballast string) {
	t.Helper()
	info, err := os.Stat(ballast)
	if err == nil && info.Size() == 0 {
		t.Fatal("there never is enough room")
	}
	if err == nil {
		err = os.Truncate(ballast, max(0, info.Size()-int64(os.Getpagesize())))
	}
	if err != nil {
		t.Fatal(err)
	}
}
