//go:build !linux

package cmd_test

import "github.com/rogpeppe/go-internal/testscript"

// killCommands need strace.
func killCommands() map[string]func(*testscript.TestScript, bool, []string) { return nil }
