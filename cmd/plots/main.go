// Plots draws how the cost of runs grows, for docs/performance.md:
//
//	plots GROWTH.csv FOLDER
//
// The points are measured by `make growth`. The same points give the same bytes.
package main

import (
	"fmt"
	"os"
	"path/filepath"
)

func main() { os.Exit(start(os.Args[1:])) }

func start(args []string) int {
	if len(args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: plots GROWTH.csv FOLDER")
		return 2
	}
	if err := draw(args[0], args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "plots:", err)
		return 1
	}
	return 0
}

// draw writes every plot of the points into the folder.
func draw(csv, folder string) error {
	file, err := os.Open(csv)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	points, err := readPoints(file)
	if err != nil {
		return fmt.Errorf("%s: %w", csv, err)
	}
	for _, p := range plots() {
		p.lines = linesOf(points, p.by)
		if len(p.lines) == 0 {
			return fmt.Errorf("%s: no points by %s", csv, p.by)
		}
		if err := os.WriteFile(filepath.Join(folder, p.file), []byte(p.svg()), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// plots are the pictures, without their points.
func plots() []plot {
	return []plot{
		{
			file: "growth-profiles.svg", by: "profiles", x: logarithmic, y: logarithmic,
			title: "Time of a run, by the number of profiles", across: "profiles in the config file",
		},
		{
			file: "growth-sessions.svg", by: "sessions", x: logarithmic, y: logarithmic,
			title: "Time of status, by the number of sessions", across: "sessions in the cache",
		},
		{
			file: "growth-calls.svg", by: "calls", x: linear, y: linear,
			title: "Time of a cold exec, by the length of the chain", across: "calls of the chain, 20 ms each",
		},
	}
}
