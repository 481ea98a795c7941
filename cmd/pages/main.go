// Pages writes what packages carry beside the program, from its own tree of
// commands, so that it is the same wherever it is made:
//
//	pages man FOLDER           the manual, in mdoc
//	pages completions FOLDER   what shells load: bash, zsh, fish, PowerShell
//
// SOURCE_DATE_EPOCH is the manual's date, in seconds
// (https://reproducible-builds.org/specs/source-date-epoch/).
package main

import (
	"fmt"
	"os"
)

func main() { os.Exit(start(os.Args[1:])) }

func start(args []string) int {
	if err := write(args); err != nil {
		fmt.Fprintln(os.Stderr, "pages:", err)
		return 1
	}
	return 0
}

func write(args []string) error {
	if len(args) != 2 {
		return fmt.Errorf("usage: pages man|completions FOLDER")
	}
	var files map[string]string
	var err error
	switch args[0] {
	case "man":
		files, err = manual(os.Getenv("SOURCE_DATE_EPOCH"))
	case "completions":
		files, err = completions()
	default:
		err = fmt.Errorf("unknown word %q: man or completions", args[0])
	}
	if err != nil {
		return err
	}
	return put(args[1], files)
}
