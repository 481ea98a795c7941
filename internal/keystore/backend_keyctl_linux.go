package keystore

import (
	"context"
	"errors"
	"fmt"

	"github.com/99designs/keyring"
	"golang.org/x/sys/unix"
)

// probeKeyctl needs a kernel that lets this process use key rings; container
// runtimes often do not.
func probeKeyctl(context.Context, Options) error {
	if err := withUserKeyring(func() error { return nil }); err != nil {
		return unusable("the kernel refuses key rings: " + err.Error())
	}
	return nil
}

// openKeyctl makes nothing: the ring of our items is made at the first write.
func openKeyctl(ctx context.Context, o Options) (opened, error) {
	if err := probeKeyctl(ctx, o); err != nil {
		return opened{}, err
	}
	store := kernelStore{service: o.ServiceName}
	return opened{store: limited{ctx: ctx, store: store, backend: keyctl, limit: answerTime}}, nil
}

// kernelStore is the library's keyctl backend on the user's key ring, reached
// as withUserKeyring does. The library could instead make keys that their user
// may read without possessing them, but does so by way of the session's ring,
// where two writers of one item undo each other's work.
type kernelStore struct{ service string }

// with calls with the opened ring. Without create, a ring that does not exist
// is an item that does not exist.
func (k kernelStore) with(create bool, call func(keyring.Keyring) error) error {
	err := withUserKeyring(func() error {
		_, err := unix.KeyctlSearch(unix.KEY_SPEC_USER_KEYRING, "keyring", k.service, 0)
		if err != nil && !create {
			return err
		}
		ring, err := keyring.Open(keyring.Config{
			AllowedBackends: []keyring.BackendType{keyring.KeyCtlBackend},
			ServiceName:     k.service,
			KeyCtlScope:     "user",
		})
		if err != nil {
			return err
		}
		return call(ring)
	})
	switch {
	case gone(err):
		return keyring.ErrKeyNotFound
	case errors.Is(err, unix.EDQUOT):
		return fmt.Errorf("%w: %w", ErrFull, err)
	}
	return err
}

// Get returns one item.
func (k kernelStore) Get(name string) (item keyring.Item, err error) {
	err = k.with(false, func(ring keyring.Keyring) error {
		item, err = ring.Get(name)
		return err
	})
	return item, err
}

// GetMetadata is not supported: the kernel has no times of change.
func (k kernelStore) GetMetadata(string) (keyring.Metadata, error) {
	return keyring.Metadata{}, keyring.ErrMetadataNotSupported
}

// Set writes one item; a full quota is ErrFull.
func (k kernelStore) Set(item keyring.Item) error {
	return k.with(true, func(ring keyring.Keyring) error { return ring.Set(item) })
}

// Remove unlinks one item.
func (k kernelStore) Remove(name string) error {
	return k.with(false, func(ring keyring.Keyring) error { return ring.Remove(name) })
}

// Keys lists the items. When one goes away meanwhile the library gives up:
// then it is asked again.
func (k kernelStore) Keys() (names []string, err error) {
	for range 10 {
		found := false
		err = k.with(false, func(ring keyring.Keyring) error {
			found = true
			names, err = ring.Keys()
			return err
		})
		if !errors.Is(err, keyring.ErrKeyNotFound) {
			return names, err
		}
		if !found {
			return nil, nil
		}
	}
	return nil, err
}
