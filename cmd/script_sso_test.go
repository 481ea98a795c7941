package cmd_test

import (
	"github.com/rogpeppe/go-internal/testscript"

	"assume-role/internal/awsfake"
)

// ssoCommands are the scripts' commands for IAM Identity Center.
func ssoCommands() map[string]func(*testscript.TestScript, bool, []string) {
	return map[string]func(*testscript.TestScript, bool, []string){}
}

// ssoWorld fills the fake, and names what is in it for the scripts.
func ssoWorld(*awsfake.Fake) map[string]string { return nil }
