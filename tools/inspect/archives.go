package main

import (
	"archive/tar"
	"archive/zip"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
)

// entry is one file of an archive.
type entry struct {
	name string
	mode fs.FileMode
}

// archives holds every archive to what a release promises to be inside.
func archives(d dist) (string, error) {
	found, err := d.of("Archive")
	if err != nil {
		return "", err
	}
	var wrong []error
	for _, a := range found {
		entries, err := entriesOf(d.file(a))
		if err != nil {
			return "", err
		}
		for _, problem := range wrongIn(entries, a.OS == "windows") {
			wrong = append(wrong, fmt.Errorf("%s: %s", a.Name, problem))
		}
	}
	return fmt.Sprintf("%d archives, each with the program, README, LICENSE, CHANGELOG, the manual and completions", len(found)), errors.Join(wrong...)
}

// wanted says of each file whether it has to be there; a pattern has to match
// at least once.
var wanted = []string{
	"README.md", "LICENSE", "CHANGELOG.md", "man/assume-role.1", "man/assume-role-*.1", "man/assume-role-config.5",
	"completions/assume-role", "completions/_assume-role", "completions/assume-role.fish", "completions/assume-role.ps1",
}

func wrongIn(entries []entry, windows bool) []string {
	program := "assume-role"
	if windows {
		program = "assume-role.exe"
	}
	patterns := append([]string{program}, wanted...)
	var wrong []string
	for _, pattern := range patterns {
		if !slices.ContainsFunc(entries, func(e entry) bool { return matches(pattern, e.name) }) {
			wrong = append(wrong, "it has no "+pattern)
		}
	}
	for _, e := range entries {
		known := slices.ContainsFunc(patterns, func(pattern string) bool { return matches(pattern, e.name) })
		switch {
		case !known:
			wrong = append(wrong, "what is "+e.name+" for?")
		case e.name == program && e.mode.Perm() != 0o755:
			wrong = append(wrong, fmt.Sprintf("%s has mode %v", e.name, e.mode.Perm()))
		case e.name != program && e.mode.Perm() != 0o644:
			wrong = append(wrong, fmt.Sprintf("%s has mode %v", e.name, e.mode.Perm()))
		}
	}
	return wrong
}

func matches(pattern, name string) bool {
	ok, _ := path.Match(pattern, name)
	return ok
}

func entriesOf(file string) ([]entry, error) {
	if strings.HasSuffix(file, ".zip") {
		return zipEntries(file)
	}
	return tarEntries(file)
}

func zipEntries(file string) ([]entry, error) {
	archive, err := zip.OpenReader(file)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	defer archive.Close()
	var entries []entry
	for _, f := range archive.File {
		entries = append(entries, entry{f.Name, f.Mode()})
	}
	return entries, nil
}

func tarEntries(file string) ([]entry, error) {
	opened, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer opened.Close()
	unpacked, err := gzip.NewReader(opened)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	var entries []entry
	for reader := tar.NewReader(unpacked); ; {
		header, err := reader.Next()
		if err == io.EOF {
			return entries, nil
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		entries = append(entries, entry{header.Name, header.FileInfo().Mode()})
	}
}
