//go:build !linux

package cmd_test

import "github.com/rogpeppe/go-internal/testscript"

// remoteCommands need Linux's pseudo-terminals.
func remoteCommands() map[string]func(*testscript.TestScript, bool, []string) { return nil }
