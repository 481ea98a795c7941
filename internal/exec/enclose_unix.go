//go:build unix

package exec

import "syscall"

// enclose does nothing here: a child outlives a parent that was killed, as any
// job of a shell does.
func enclose() (open func()) { return func() {} }

// line is nothing here: words reach a program as they are.
func (Command) line() *syscall.SysProcAttr { return nil }
