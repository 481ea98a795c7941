// Package mfa gets the codes of multi-factor devices: one given ahead, one made
// from the device's stored secret, one that a program prints, or one that a
// person types, at the terminal or into a dialog.
//
// A device's code works once (AWS: "you must wait for the next code"), so the
// package sends no code twice, whichever process asks, and asks for the codes
// of one device one at a time.
package mfa

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"assume-role/internal/creds"
	"assume-role/internal/fault"
	"assume-role/internal/profile"
	"assume-role/internal/program"
	"assume-role/internal/securefile"
	"assume-role/internal/waiting"
)

// Asker is a terminal that a person answers at, with the echo off.
type Asker interface {
	AskSecret(ctx context.Context, prompt string) (creds.Secret, error)
}

// Options are what Codes needs from its caller. Terminal, LockDir, Now and
// Note must be set.
type Options struct {
	// Given is a code given ahead (--mfa-token, ASSUME_ROLE_MFA_TOKEN), used
	// once; empty for none.
	Given creds.Secret
	// Driver is the only way to get a code (--mfa-prompt), one of Drivers;
	// empty for the first that works.
	Driver string
	// NoPrompt forbids asking a person.
	NoPrompt bool
	// Terminal opens the terminal. It is called when a code is needed.
	Terminal func() (Asker, error)
	// Stored reports, without reading a secret, whether one of the device is
	// stored; nil where none is. Seed reads it.
	Stored func(serial string) bool
	Seed   func(ctx context.Context, serial string) (Seed, error)
	// Program runs mfa_process. Its Environ is that of the dialogs, too.
	Program program.Runner
	// LockDir is the folder of the devices' locks and of the codes used. With
	// none (empty) no code can be used.
	LockDir string
	// NoLockDir is why LockDir is empty.
	NoLockDir error
	// Now is the clock.
	Now func() time.Time
	// Sleep waits for the next code of a device; nil means a timer.
	Sleep func(ctx context.Context, d time.Duration) error
	// Note shows one line to the user.
	Note func(string)
	// Status shows a line that passes, in place of the one before; empty takes
	// it away. nil shows none.
	Status func(string)
	// Getenv and LookPath find the dialogs' programs.
	Getenv   func(string) string
	LookPath func(string) (string, error)
}

// Codes gets codes. Its methods may be called at the same time.
type Codes struct {
	Options
	given sync.Mutex
	spent bool
	// silence is how long to wait for the device without a Note.
	silence time.Duration
	// patience is how long a person may take to answer.
	patience time.Duration
}

// New checks the code given ahead and the driver's name, before anything is
// asked of anybody.
func New(o Options) (*Codes, error) {
	if o.Given != "" && !wellFormed(o.Given) {
		return nil, fault.New(fault.InvalidValue, "the MFA code given ahead is not 6 digits").
			Fix("give --mfa-token (or ASSUME_ROLE_MFA_TOKEN) the 6 digits that the device shows")
	}
	if err := checkDriver(o.Driver); err != nil {
		return nil, err
	}
	if o.Sleep == nil {
		o.Sleep = sleep
	}
	return &Codes{Options: o, silence: defaultSilence, patience: answerTime}, nil
}

const (
	// maxSent is how many codes AWS may refuse before WithCode gives up.
	maxSent = 3
	// maxLost is how many answers may get lost before the error counts.
	maxLost = 1
	// maxAsked bounds the answers of one WithCode that cannot be sent.
	maxAsked = 12
	// defaultSilence is longer than a call with a code takes.
	defaultSilence = 3 * time.Second
	// period is how long a device shows a code (RFC 6238, section 5.2).
	period = 30 * time.Second
)

// WithCode gets a code of the device and hands it to try, which sends it to
// AWS at sts. Where try says that the code is spent and did no good (AWS
// refused it, or with an error: the answer was lost), WithCode asks for
// another: three codes are sent at most, two if answers are lost. Any other
// result of try is WithCode's own. While try runs, no other process gets a
// code of the device.
func (c *Codes) WithCode(ctx context.Context, sts profile.Endpoint, device profile.Device, try func(creds.Secret) (spent bool, err error)) error {
	ways, err := c.ways(device)
	if err != nil {
		return err
	}
	return c.having(ctx, sts, device, func(t *turn) error {
		t.ways = ways
		return t.run(ctx, try)
	})
}

// having does something while no other process gets a code of the device.
func (c *Codes) having(ctx context.Context, sts profile.Endpoint, device profile.Device, do func(*turn) error) error {
	if c.LockDir == "" {
		return fault.New("", "the MFA device %s cannot be used: there is no safe folder for its lock: %v", device.Serial, c.NoLockDir).
			In(device.Profile).Fix("mend that: a code must not be sent twice").Because(c.NoLockDir)
	}
	name := deviceName(sts, device.Serial)
	lock, err := securefile.AcquireSaying(ctx, filepath.Join(c.LockDir, name+".lock"), waiting.Silence(ctx, c.silence), func(held *securefile.HeldError) func() {
		return waiting.Or(ctx, fmt.Sprintf("%swaiting for %s, which uses the MFA device %s", forProfile(device), held.Holder(), device.Serial), c.Note)
	})
	if err != nil {
		return c.lockFailed(ctx, device, err)
	}
	defer lock.Release()
	return do(&turn{codes: c, device: device, memory: memory{path: filepath.Join(c.LockDir, name+".used"), now: c.Now}})
}

// forProfile begins a note. A code that is only printed is for none.
func forProfile(device profile.Device) string {
	if device.Profile == "" {
		return ""
	}
	return fmt.Sprintf("profile %q: ", device.Profile)
}

// lockFailed says why the device could not be had for this process alone.
func (c *Codes) lockFailed(ctx context.Context, device profile.Device, err error) error {
	if errors.Is(ctx.Err(), context.Canceled) {
		return fault.ErrInterrupted
	}
	f := fault.New("", "the MFA device %s cannot be used: %v", device.Serial, err).In(device.Profile).Because(err)
	var held *securefile.HeldError
	if errors.As(err, &held) {
		return f.Fix("answer the MFA prompt of that process, or end it")
	}
	return f.Fix("make the folder %s writable for yourself alone", c.LockDir)
}

// wellFormed reports whether a code is 6 digits, which is what STS takes.
func wellFormed(code creds.Secret) bool {
	return len(code) == 6 && strings.Trim(code.Reveal(), "0123456789") == ""
}

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return fault.ErrInterrupted
	}
}
