package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
)

// dist is a folder that goreleaser wrote, by its own list of what is in it
// (https://goreleaser.com/customization/general/artifacts/).
type dist struct {
	folder    string
	artifacts []artifact
}

type artifact struct {
	Name string `json:"name"`
	Path string `json:"path"`
	Type string `json:"type"`
	OS   string `json:"goos"`
	Arch string `json:"goarch"`
}

// published are the types of artifacts that a release offers for download.
var published = []string{"Archive", "Linux Package", "SBOM"}

func readDist(folder string) (dist, error) {
	text, err := os.ReadFile(filepath.Join(folder, "artifacts.json"))
	if err != nil {
		return dist{}, err
	}
	d := dist{folder: folder}
	if err := json.Unmarshal(text, &d.artifacts); err != nil {
		return dist{}, fmt.Errorf("%s: artifacts.json: %w", folder, err)
	}
	return d, nil
}

// of are the artifacts of some types, of which there must be one.
func (d dist) of(types ...string) ([]artifact, error) {
	var found []artifact
	for _, a := range d.artifacts {
		if slices.Contains(types, a.Type) {
			found = append(found, a)
		}
	}
	if len(found) == 0 {
		return nil, fmt.Errorf("%s has nothing of the types %q", d.folder, types)
	}
	return found, nil
}

// file is where an artifact is now: its path is relative to where it was built.
func (d dist) file(a artifact) string {
	path := filepath.FromSlash(a.Path)
	if inside, err := filepath.Rel("dist", path); err == nil && filepath.IsLocal(inside) {
		return filepath.Join(d.folder, inside)
	}
	return filepath.Join(d.folder, a.Name)
}

// platform is a system and a processor, such as linux/amd64.
func (a artifact) platform() string { return a.OS + "/" + a.Arch }
