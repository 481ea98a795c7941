//go:build unix

package browser

import "syscall"

// apart is a session of its own, without the terminal.
func apart() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setsid: true} }
