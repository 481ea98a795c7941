//go:build unix

package terminal

import "os"

// obeysEscapes: every terminal of Unix does, but for those that TERM calls
// dumb.
func obeysEscapes(*os.File) bool { return true }

// termSays: TERM says what a terminal is.
const termSays = true
