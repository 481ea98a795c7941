package cmd

import (
	"net"

	"assume-role/internal/browser"
	"assume-role/internal/server"
)

// sameUser refuses to lead another user's program to a secret link, who may
// have read the address of its page among the arguments of the browser, where
// the system tells whose a connection is. In WSL the browser's is not the
// user's.
func (a *app) sameUser(opener browser.Opener) func(net.Conn) error {
	if !server.TellsUsers() || opener.WSL() {
		return nil
	}
	return func(c net.Conn) error {
		err := server.SameUser(c)
		if err != nil {
			a.debug("the page was asked for, and not given: %s", err)
		}
		return err
	}
}
