package cmd_test

import (
	"github.com/rogpeppe/go-internal/testscript"

	"assume-role/internal/awsfake"
)

// metadataCommands are the scripts' commands for containers and instances.
func metadataCommands() map[string]func(*testscript.TestScript, bool, []string) {
	return map[string]func(*testscript.TestScript, bool, []string){}
}

// metadataWorld fills the fake, and names what is in it for the scripts.
func metadataWorld(*awsfake.Fake) map[string]string { return nil }
