//go:build !linux

package keystore

import "time"

// waitingKeys would keep derived keys between commands. Only Linux has a place
// that is neither a file nor a program that has to be running.
type waitingKeys struct {
	ttl   time.Duration
	debug func(string)
}

// load finds nothing.
func (waitingKeys) load(string) (waitingKey, bool) { return waitingKey{}, false }

// keep keeps nothing.
func (waitingKeys) keep(string, waitingKey) {}

// forget has nothing to forget.
func (waitingKeys) forget(string) error { return nil }
