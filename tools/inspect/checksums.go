package main

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
)

// checksums holds the list of sums to the files: all that are published are in
// it, and each sum is right.
func checksums(d dist) (string, error) {
	lists, err := d.of("Checksum")
	if err != nil {
		return "", err
	}
	text, err := os.ReadFile(d.file(lists[0]))
	if err != nil {
		return "", err
	}
	files, err := d.of(published...)
	if err != nil {
		return "", err
	}
	listed := sumsIn(string(text))
	var wrong []error
	for _, a := range files {
		sum, err := sumOf(d.file(a))
		switch {
		case err != nil:
			return "", err
		case listed[a.Name] == "":
			wrong = append(wrong, fmt.Errorf("%s has no sum for %s", lists[0].Name, a.Name))
		case listed[a.Name] != sum:
			wrong = append(wrong, fmt.Errorf("%s has %s for %s, which is %s", lists[0].Name, listed[a.Name], a.Name, sum))
		}
	}
	if extra := len(listed) - len(files); len(wrong) == 0 && extra != 0 {
		wrong = append(wrong, fmt.Errorf("%s has %d more lines than there are files", lists[0].Name, extra))
	}
	return fmt.Sprintf("SHA-256 of %d files in %s", len(files), lists[0].Name), errors.Join(wrong...)
}

// sumsIn reads the form of sha256sum: a sum, two spaces, a name.
func sumsIn(text string) map[string]string {
	sums := map[string]string{}
	for line := range strings.Lines(text) {
		if sum, name, ok := strings.Cut(strings.TrimSpace(line), "  "); ok {
			sums[name] = sum
		}
	}
	return sums
}

func sumOf(file string) (string, error) {
	opened, err := os.Open(file)
	if err != nil {
		return "", err
	}
	defer opened.Close()
	hash := sha256.New()
	if _, err := io.Copy(hash, opened); err != nil {
		return "", err
	}
	return hex.EncodeToString(hash.Sum(nil)), nil
}
