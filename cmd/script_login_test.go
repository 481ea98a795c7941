package cmd_test

import (
	"github.com/rogpeppe/go-internal/testscript"

	"assume-role/internal/awsfake"
)

// loginCommands are the scripts' commands for aws login.
func loginCommands() map[string]func(*testscript.TestScript, bool, []string) {
	return map[string]func(*testscript.TestScript, bool, []string){}
}

// loginWorld fills the fake, and names what is in it for the scripts.
func loginWorld(*awsfake.Fake) map[string]string { return nil }
