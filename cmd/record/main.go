// Record makes the pictures of the documentation from real runs: it plays a
// person at a terminal who uses the tool against an AWS on this machine, and
// draws what the terminal shows.
//
//	record PATH-TO-ASSUME-ROLE FOLDER
//
// Every word in a picture is the tool's own, but for what differs from run to
// run: see settle.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
)

func main() { os.Exit(start(os.Args[1:])) }

func start(args []string) (status int) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if len(args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: record PATH-TO-ASSUME-ROLE FOLDER")
		return 2
	}
	if err := record(ctx, args[0], args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "record:", err)
		return 1
	}
	return 0
}

// record plays every scene and writes its picture.
func record(ctx context.Context, tool, folder string) error {
	for _, sc := range scenes() {
		p, err := play(ctx, tool, sc)
		if err != nil {
			return fmt.Errorf("%s: %w", sc.name, err)
		}
		if err := os.WriteFile(filepath.Join(folder, sc.name+".svg"), []byte(p.svg()), 0o644); err != nil {
			return err
		}
	}
	return nil
}
