package keystore

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/99designs/keyring"
)

// TestKernelQuota runs a child as a user of its own, whom the kernel allows
// 20,000 bytes of keys, as it does everybody but root.
func TestKernelQuota(t *testing.T) {
	t.Parallel()
	needKernelKeys(t)
	if os.Geteuid() != 0 {
		t.Skip("only root can run a child as another user")
	}
	const stranger = 54321
	dir, err := os.MkdirTemp("", "quota")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	binary, err := os.ReadFile(os.Args[0])
	if err == nil {
		// No other test may start a process while this one has the file open: it
		// would inherit that, and the kernel runs no file that may still be written.
		syscall.ForkLock.RLock()
		err = os.WriteFile(filepath.Join(dir, "child"), binary, 0o755)
		syscall.ForkLock.RUnlock()
	}
	if err = errors.Join(err, os.Chmod(dir, 0o700), os.Chown(dir, stranger, stranger)); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(filepath.Join(dir, "child"))
	cmd.Dir = dir
	cmd.Env = []string{childVariable + "=quota", "KEYSTORE_TEST_DIR=" + filepath.Join(dir, "store")}
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: stranger, Gid: stranger}}
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v: %s", err, out)
	}
}

// fillQuota is a child that fills the kernel's quota: the item that has no room
// is refused with ErrFull, those before stay, and the file store does without a
// waiting key.
func fillQuota() error {
	store := kernelStore{service: "assume-role-test-quota"}
	data := bytes.Repeat([]byte("x"), 1000)
	var full error
	count := 0
	for ; full == nil && count < 1000; count++ {
		full = store.Set(keyring.Item{Key: fmt.Sprintf("session-%d", count), Data: data})
	}
	if !errors.Is(full, ErrFull) {
		return fmt.Errorf("after %d items: %w; want ErrFull", count, full)
	}
	if item, err := store.Get("session-0"); err != nil || !bytes.Equal(item.Data, data) {
		return fmt.Errorf("the first item is %.10q, %w", item.Data, err)
	}
	for { // the last bytes, so that no key at all has room
		if store.Set(keyring.Item{Key: fmt.Sprintf("session-%d", count), Data: []byte("x")}) != nil {
			break
		}
		count++
	}
	return withoutRoom(Options{
		FileDir: os.Getenv("KEYSTORE_TEST_DIR"), UnlockTTL: time.Hour, Given: given("correct horse"), Debug: func(string) {},
	})
}

// withoutRoom uses the file store where the kernel has no room for a key.
func withoutRoom(o Options) error {
	if err := newFileStore(context.Background(), o).Set(keyring.Item{Key: "key-a", Data: []byte("kept")}); err != nil {
		return err
	}
	if item, err := newFileStore(context.Background(), o).Get("key-a"); err != nil || string(item.Data) != "kept" {
		return fmt.Errorf("read %q, %w", item.Data, err)
	}
	o.Given = nil
	if _, err := newFileStore(context.Background(), o).Get("key-a"); !errors.Is(err, ErrLocked) {
		return fmt.Errorf("without a passphrase: %w; want ErrLocked", err)
	}
	return nil
}
