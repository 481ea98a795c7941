// Demo shows the main job of assume-role against an AWS on this machine: no
// account, no network, nothing of the caller's own is read or changed.
//
//	demo [PATH-TO-ASSUME-ROLE]
//
// Without a path it builds the tool itself. It ends with status 1 as soon as a
// step does not do what it announces.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
)

func main() { os.Exit(start(os.Args)) }

// start is the demo, or one of the small programs that it needs as children.
func start(args []string) (status int) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	var err error
	switch {
	case len(args) == 2 && args[1] == showCredentials:
		err = runShowCredentials(os.Stdout, os.Getenv)
	case len(args) == 3 && args[1] == printCode:
		err = runPrintCode(os.Stdout, args[2])
	case len(args) <= 2:
		err = perform(ctx, os.Stdout, args[1:])
	default:
		err = fmt.Errorf("usage: demo [PATH-TO-ASSUME-ROLE]")
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "demo:", err)
		return 1
	}
	return 0
}
