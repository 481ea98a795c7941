package cmd

import (
	"context"
	"errors"
	"os/exec"
	"slices"

	"assume-role/internal/fault"
	"assume-role/internal/keystore"
	"assume-role/internal/mfa"
	"assume-role/internal/program"
)

// codes are how a command gets MFA codes. Nothing is opened yet.
func (a *app) codes(f *credentialFlags, settings Settings, helpers program.Runner) (*mfa.Codes, error) {
	locks, why := a.locks()
	return mfa.New(mfa.Options{
		Given: f.mfaCode(a.host), Driver: settings.MFAPrompt, NoPrompt: settings.Prompt == "never",
		Terminal: func() (mfa.Asker, error) { return a.openTerminal("an MFA code", "give --mfa-token CODE") },
		Stored:   a.storedDevice, Seed: a.seed,
		Program: helpers, Getenv: a.host.Getenv, LookPath: exec.LookPath,
		LockDir: locks, NoLockDir: why, Now: a.host.Now,
		Note: a.note, Status: a.passing(),
	})
}

// storedDevice answers from the index, so that no keyring is opened for a
// device whose TOTP secret is not stored.
func (a *app) storedDevice(serial string) bool {
	return slices.Contains(a.known().Devices, serial)
}

// seed reads a device's TOTP secret from the key store.
func (a *app) seed(ctx context.Context, serial string) (mfa.Seed, error) {
	ring, err := a.keyRing(ctx)
	if err != nil {
		return mfa.Seed{}, err
	}
	stored, err := ring.TOTPs().LoadTOTP(serial)
	if errors.Is(err, keystore.ErrNotFound) {
		return mfa.Seed{}, a.noSeed(ring, serial).Because(err)
	}
	if err == nil && !a.storedDevice(serial) {
		a.correctDevice(serial)
	}
	return mfa.Seed{Secret: stored.Secret, Algorithm: stored.Algorithm}, err
}

// correctDevice enters a device that the index turns out to lack.
func (a *app) correctDevice(serial string) {
	if err := a.recordDevice(serial); err != nil {
		a.debug("the index could not be corrected: %s", err)
	}
}

// noSeed names the devices that do have a secret in the store.
func (a *app) noSeed(ring *keystore.Ring, serial string) *fault.Error {
	missing := fault.New("", "no TOTP secret of %s is in the %s key store", serial, ring.Backend())
	if stored, err := ring.TOTPs().Serials(); err == nil && len(stored) > 0 {
		return missing.Fix("stored are those of: %s", joinNames(stored))
	}
	return missing.Fix("store it with: assume-role mfa add %s", serial)
}

// recordDevice puts a device into the index.
func (a *app) recordDevice(serial string) error {
	index, err := a.index()
	if err != nil {
		return err
	}
	return index.PutDevice(serial)
}

// unrecordDevice takes a device out of the index.
func (a *app) unrecordDevice(serial string) error {
	index, err := a.index()
	if err != nil {
		return err
	}
	return index.RemoveDevice(serial)
}
