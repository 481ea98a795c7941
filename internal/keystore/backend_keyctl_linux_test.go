package keystore

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/99designs/keyring"
	"golang.org/x/sys/unix"
)

// kernelOptions name a ring of the kernel that ends with the test.
func kernelOptions(t *testing.T) Options {
	t.Helper()
	needKernelKeys(t)
	o := options(t)
	o.Backend = keyctl
	o.ServiceName = fmt.Sprintf("assume-role-test-%d-%s", os.Getpid(), t.Name())
	t.Cleanup(func() {
		_ = withUserKeyring(func() error {
			id, err := unix.KeyctlSearch(unix.KEY_SPEC_USER_KEYRING, "keyring", o.ServiceName, 0)
			if err != nil {
				return err
			}
			return unlink(id, unix.KEY_SPEC_USER_KEYRING)
		})
	})
	return o
}

func TestKeyctlContract(t *testing.T) {
	o := kernelOptions(t)
	contract(t, func(t testing.TB) *Ring { return openRing(t, o) })
}

func TestKeyctlReadsMakeNoRing(t *testing.T) {
	o := kernelOptions(t)
	contractMissing(t, openRing(t, o))
	err := withUserKeyring(func() error {
		_, err := unix.KeyctlSearch(unix.KEY_SPEC_USER_KEYRING, "keyring", o.ServiceName, 0)
		return err
	})
	if !errors.Is(err, unix.ENOKEY) {
		t.Errorf("after reading, the search for the ring gives %v", err)
	}
}

func TestKeyctlFromAnotherSession(t *testing.T) {
	o := kernelOptions(t)
	service := "KEYSTORE_TEST_SERVICE=" + o.ServiceName
	if err := openRing(t, o).Set("session-one", []byte("from this session")); err != nil {
		t.Fatal(err)
	}
	if got := inSession(t, "keyctl", service); got != "from this session" {
		t.Errorf("another session read %q", got)
	}
	if got, err := openRing(t, o).Get("session-two"); err != nil || string(got) != "from that session" {
		t.Errorf("what another session wrote reads as %q, %v", got, err)
	}
}

// useKernelStore is a child that reads an item and writes another.
func useKernelStore() error {
	store := kernelStore{service: os.Getenv("KEYSTORE_TEST_SERVICE")}
	item, err := store.Get("session-one")
	if err != nil {
		return err
	}
	fmt.Print(string(item.Data))
	return store.Set(keyring.Item{Key: "session-two", Data: []byte("from that session")})
}

func TestKeyctlFullIsSaid(t *testing.T) {
	t.Parallel()
	err := explain(keyctl, "write to it", fmt.Errorf("%w: %w", ErrFull, unix.EDQUOT))
	if !errors.Is(err, ErrFull) || !strings.Contains(err.Error(), "clear-cache") || !strings.Contains(err.Error(), "--keyring-backend") {
		t.Errorf("a full quota is shown as %v", err)
	}
}
