package main

import (
	"errors"
	"fmt"
)

// same holds two builds of one commit to each other, byte for byte: programs,
// archives, packages, SBOMs, the list of sums, Homebrew's and Scoop's files.
func same(first, second string) (string, error) {
	one, err := sumsOf(first)
	if err != nil {
		return "", err
	}
	other, err := sumsOf(second)
	if err != nil {
		return "", err
	}
	var wrong []error
	for path, sum := range one {
		if other[path] != sum {
			wrong = append(wrong, fmt.Errorf("%s is %s, and %s in the second build", path, sum, orMissing(other[path])))
		}
	}
	if len(wrong) == 0 && len(one) != len(other) {
		wrong = append(wrong, fmt.Errorf("the first build has %d files, the second %d", len(one), len(other)))
	}
	return fmt.Sprintf("%d files are the same in two folders, with two build caches", len(one)), errors.Join(wrong...)
}

func sumsOf(folder string) (map[string]string, error) {
	d, err := readDist(folder)
	if err != nil {
		return nil, err
	}
	files, err := d.of(append([]string{"Binary", "Checksum", "Homebrew Cask", "Scoop Manifest"}, published...)...)
	if err != nil {
		return nil, err
	}
	sums := map[string]string{}
	for _, a := range files {
		if sums[a.Path], err = sumOf(d.file(a)); err != nil {
			return nil, err
		}
	}
	return sums, nil
}

func orMissing(sum string) string {
	if sum == "" {
		return "missing"
	}
	return sum
}
