//go:build !unix

package cmd_test

import "github.com/rogpeppe/go-internal/testscript"

// flightCommands send signals that only Unix has.
func flightCommands() map[string]func(*testscript.TestScript, bool, []string) { return nil }
