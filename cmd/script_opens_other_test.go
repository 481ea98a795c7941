//go:build !linux

package cmd_test

import "github.com/rogpeppe/go-internal/testscript"

// opensCommands: the kernel is asked in Linux's way.
func opensCommands() map[string]func(*testscript.TestScript, bool, []string) { return nil }
