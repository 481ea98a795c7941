package keystore

import (
	"context"

	"github.com/99designs/keyring"
)

// winCredBlob is the most that one credential of Windows holds, in bytes:
// CRED_MAX_CREDENTIAL_BLOB_SIZE,
// https://learn.microsoft.com/windows/win32/api/wincred/ns-wincred-credentialw.
const winCredBlob = 5 * 512

// probeWinCred needs Windows.
func probeWinCred(context.Context, Options) error {
	if !compiled(winCred) {
		return unusable("only on Windows")
	}
	return nil
}

// openWinCred splits what one credential cannot hold.
func openWinCred(ctx context.Context, o Options) (opened, error) {
	if err := probeWinCred(ctx, o); err != nil {
		return opened{}, err
	}
	store, err := openLibrary(ctx, winCred, answerTime, keyring.Config{ServiceName: o.ServiceName})
	if err != nil {
		return opened{}, err
	}
	whole := chunked{store: store, limit: winCredBlob}
	return opened{store: limited{ctx: ctx, store: whole, backend: winCred, limit: answerTime}}, nil
}
