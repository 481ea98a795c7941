//go:build !linux

package keystore

import (
	"context"
	"time"

	"github.com/99designs/keyring"
)

// present reports whether this machine may have the backend.
func present(name string) bool { return compiled(name) }

// openStore opens a store as the library's configuration says.
func openStore(ctx context.Context, name string, limit time.Duration, c keyring.Config) (keyring.Keyring, error) {
	return openLibrary(ctx, name, limit, c)
}
