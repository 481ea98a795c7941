// Inspect proves what can be read off the files of a release, without running
// them:
//
//	inspect archives DIST        every archive has what it should have, nothing else
//	inspect checksums DIST       the list of SHA-256 sums is right and complete
//	inspect programs DIST        each program says its commit, and of what it was made
//	inspect sboms DIST           each SBOM lists the modules of its program, no more and no less
//	inspect scoop DIST           Scoop's file has the archives for Windows and their hashes
//	inspect cask DIST            the same for Homebrew, with every page of the manual
//	inspect same DIST DIST       two builds made the same bytes
//
// It prints what was proven in one line, or what is wrong, a line each, and
// fails. DIST is the folder that goreleaser wrote.
package main

import (
	"errors"
	"fmt"
	"os"
)

type inspection struct {
	run     func(folders []string) (proven string, err error)
	folders int
}

func inspections() map[string]inspection {
	return map[string]inspection{
		"archives":  {one(archives), 1},
		"checksums": {one(checksums), 1},
		"cask":      {one(cask), 1},
		"programs":  {one(programs), 1},
		"sboms":     {one(sboms), 1},
		"scoop":     {one(scoop), 1},
		"same":      {func(folders []string) (string, error) { return same(folders[0], folders[1]) }, 2},
	}
}

func one(inspect func(dist) (string, error)) func([]string) (string, error) {
	return func(folders []string) (string, error) {
		d, err := readDist(folders[0])
		if err != nil {
			return "", err
		}
		return inspect(d)
	}
}

func main() { os.Exit(start(os.Args[1:])) }

func start(args []string) int {
	proven, err := inspect(args)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	fmt.Println(proven)
	return 0
}

func inspect(args []string) (string, error) {
	if len(args) == 0 {
		return "", errors.New("usage: inspect archives|checksums|programs|sboms|scoop|cask|same DIST [DIST]")
	}
	chosen, known := inspections()[args[0]]
	if !known || len(args)-1 != chosen.folders {
		return "", fmt.Errorf("inspect: %q with %d folders is nothing to inspect", args[0], len(args)-1)
	}
	return chosen.run(args[1:])
}
