package keystore

import (
	"context"
	"runtime"
	"strings"

	"github.com/99designs/keyring"
)

// probeKeychain needs macOS and a build with cgo, which the library's binding
// to the Security framework is written in.
func probeKeychain(context.Context, Options) error {
	switch {
	case compiled(keychain):
		return nil
	case runtime.GOOS == "darwin":
		return unusable("this build has no cgo, which the keychain needs")
	}
	return unusable("only on macOS")
}

// openKeychain uses the login keychain, which is unlocked while its user is at
// the desktop, and trusts this program with its own items: no dialog for what
// is read often.
func openKeychain(ctx context.Context, o Options) (opened, error) {
	if err := probeKeychain(ctx, o); err != nil {
		return opened{}, err
	}
	store, err := openLibrary(ctx, keychain, answerTime, keyring.Config{
		ServiceName: o.ServiceName, KeychainTrustApplication: true, KeychainAccessibleWhenUnlocked: true,
	})
	if err != nil {
		return opened{}, err
	}
	return opened{store: limited{ctx: ctx, store: store, backend: keychain, limit: personTime}}, nil
}

// keychainLocked recognises errSecInteractionNotAllowed: the keychain would
// show a dialog and cannot, over SSH for one
// (https://developer.apple.com/documentation/security/errsecinteractionnotallowed).
func keychainLocked(err error) bool { return strings.Contains(err.Error(), "-25308") }
