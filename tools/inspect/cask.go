package main

import (
	"errors"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
)

// cask holds Homebrew's file to the archives for macOS and Linux.
func cask(d dist) (string, error) {
	files, err := d.of("Homebrew Cask")
	if err != nil {
		return "", err
	}
	text, err := os.ReadFile(d.file(files[0]))
	if err != nil {
		return "", err
	}
	found, err := d.of("Archive")
	if err != nil {
		return "", err
	}
	sums := map[string]string{}
	var inside []string
	for _, a := range found {
		if a.OS == "windows" {
			continue
		}
		if sums[a.Name], err = sumOf(d.file(a)); err != nil {
			return "", err
		}
		entries, err := entriesOf(d.file(a))
		if err != nil {
			return "", err
		}
		inside = inside[:0]
		for _, e := range entries {
			inside = append(inside, e.name)
		}
	}
	return fmt.Sprintf("Homebrew's cask, with the hashes of %d archives and each of their files in its place", len(sums)),
		wrongCask(string(text), sums, inside)
}

// wrongCask takes the sums of the archives by their names, and the files inside.
func wrongCask(text string, sums map[string]string, inside []string) error {
	var wrong []error
	for name, sum := range sums {
		if !strings.Contains(text, `sha256 "`+sum+`"`) {
			wrong = append(wrong, fmt.Errorf("the hash of %s, %s, is not there", name, sum))
		}
	}
	named := namedIn(text)
	for _, file := range inside {
		installed := file == "assume-role" || strings.HasPrefix(file, "man/") ||
			strings.HasPrefix(file, "completions/") && !strings.HasSuffix(file, ".ps1")
		if installed && !slices.Contains(named, file) {
			wrong = append(wrong, fmt.Errorf("%s is in the archives, and not in the cask", file))
		}
	}
	for _, file := range named {
		if !slices.Contains(inside, file) {
			wrong = append(wrong, fmt.Errorf("%s is in the cask, and not in the archives", file))
		}
	}
	return errors.Join(wrong...)
}

// namedIn are the files that a cask puts somewhere
// (https://docs.brew.sh/Cask-Cookbook#stanzas).
func namedIn(text string) []string {
	var named []string
	for _, found := range regexp.MustCompile(`(?m)^\s*(?:binary|manpage|\w+_completion) "([^"]+)"`).FindAllStringSubmatch(text, -1) {
		named = append(named, found[1])
	}
	return named
}
