//go:build !linux

package mfa

import "os/exec"

// bound runs a command. It ends with the context that it was made with, and
// with its window.
func bound(_ *exec.Cmd, run func() error) error { return run() }
