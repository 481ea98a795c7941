// Assume-role turns any AWS profile into credentials and hands them to a
// command, a shell or a program.
package main

import (
	"os"

	"assume-role/cmd"
)

func main() { os.Exit(cmd.Main(cmd.System(), os.Args[1:])) }
