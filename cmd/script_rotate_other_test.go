//go:build !unix

package cmd_test

import "github.com/rogpeppe/go-internal/testscript"

// rotateCommands kill processes as only Unix can.
func rotateCommands() map[string]func(*testscript.TestScript, bool, []string) { return nil }
