package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path"
)

// manifest is what is read of Scoop's file
// (https://github.com/ScoopInstaller/Scoop/wiki/App-Manifests).
type manifest struct {
	Version      string                    `json:"version"`
	License      string                    `json:"license"`
	Homepage     string                    `json:"homepage"`
	Architecture map[string]scoopedArchive `json:"architecture"`
}

type scoopedArchive struct {
	URL  string   `json:"url"`
	Hash string   `json:"hash"`
	Bin  []string `json:"bin"`
}

// scoop holds Scoop's file to the archives for Windows.
func scoop(d dist) (string, error) {
	files, err := d.of("Scoop Manifest")
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
	for _, a := range found {
		if a.OS != "windows" {
			continue
		}
		if sums[a.Name], err = sumOf(d.file(a)); err != nil {
			return "", err
		}
	}
	return fmt.Sprintf("Scoop's file, for 64bit and arm64, with the hashes of %d archives", len(sums)), wrongScoop(text, sums)
}

// wrongScoop takes the sums of the archives for Windows by their names.
func wrongScoop(text []byte, sums map[string]string) error {
	var read manifest
	if err := json.Unmarshal(text, &read); err != nil {
		return err
	}
	var wrong []error
	if read.Version == "" || read.License != "MIT" || read.Homepage == "" {
		wrong = append(wrong, fmt.Errorf("version %q, licence %q, homepage %q", read.Version, read.License, read.Homepage))
	}
	for _, name := range []string{"64bit", "arm64"} {
		archive := read.Architecture[name]
		sum, known := sums[path.Base(archive.URL)]
		switch {
		case !known:
			wrong = append(wrong, fmt.Errorf("%s: %q is no archive of this release", name, archive.URL))
		case archive.Hash != sum:
			wrong = append(wrong, fmt.Errorf("%s: the hash is %s, the archive's %s", name, archive.Hash, sum))
		case len(archive.Bin) != 1 || archive.Bin[0] != "assume-role.exe":
			wrong = append(wrong, fmt.Errorf("%s: its programs are %q", name, archive.Bin))
		}
	}
	return errors.Join(wrong...)
}
