package cmd_test

import (
	"github.com/rogpeppe/go-internal/testscript"

	"assume-role/internal/awsfake"
)

// webCommands are the scripts' commands for web identities and SAML.
func webCommands() map[string]func(*testscript.TestScript, bool, []string) {
	return map[string]func(*testscript.TestScript, bool, []string){
		"webtoken": webToken, "unsigned": unsigned,
	}
}

// webWorld fills the fake, and names what is in it for the scripts.
func webWorld(aws *awsfake.Fake) map[string]string { return webIdentityWorld(aws) }
