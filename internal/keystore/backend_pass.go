package keystore

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"time"

	"github.com/99designs/keyring"
)

// probePass needs the pass program (https://www.passwordstore.org) and a store
// that `pass init` has given a GnuPG key.
func probePass(_ context.Context, o Options) error {
	if runtime.GOOS == "windows" {
		return unusable("pass does not exist for Windows")
	}
	if _, err := exec.LookPath("pass"); err != nil {
		return unusable("the program pass is not installed")
	}
	dir := passDir(o)
	if dir == "" {
		return unusable("no folder is known for it: set keyring.pass_dir")
	}
	if _, err := os.Stat(filepath.Join(dir, ".gpg-id")); err != nil {
		return unusable("no password store in " + dir + ": `pass init` makes one")
	}
	return nil
}

// openPass opens the store that `pass init` made.
func openPass(ctx context.Context, o Options) (opened, error) {
	if err := probePass(ctx, o); err != nil {
		return opened{}, err
	}
	dir := passDir(o)
	store, err := openLibrary(ctx, pass, answerTime, keyring.Config{PassDir: dir, PassPrefix: o.ServiceName})
	if err != nil {
		return opened{}, err
	}
	whole := passStore{Keyring: store, ctx: ctx, dir: dir, prefix: o.ServiceName}
	return opened{store: limited{ctx: ctx, store: whole, backend: pass, limit: passTime(runtime.GOOS, o)}}, nil
}

// passTime allows for a person at a pinentry: on a desktop, or on the terminal
// that GPG_TTY names
// (https://www.gnupg.org/documentation/manuals/gnupg/Invoking-GPG_002dAGENT.html).
func passTime(goos string, o Options) time.Duration {
	if goos == "linux" && o.Env("DISPLAY") == "" && o.Env("WAYLAND_DISPLAY") == "" && o.Env("GPG_TTY") == "" {
		return answerTime
	}
	return personTime
}

// passDir returns the password store's folder by pass's own rule, or "".
func passDir(o Options) string {
	if o.PassDir != "" {
		return o.PassDir
	}
	if dir := o.Env("PASSWORD_STORE_DIR"); dir != "" {
		return dir
	}
	if home := o.Env("HOME"); home != "" {
		return filepath.Join(home, ".password-store")
	}
	return ""
}
