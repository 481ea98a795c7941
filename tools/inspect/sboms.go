package main

import (
	"debug/buildinfo"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"runtime/debug"
	"slices"
	"strings"
)

// bom is what is read of a CycloneDX file (https://cyclonedx.org/docs/1.6/json/).
type bom struct {
	Format     string      `json:"bomFormat"`
	Components []component `json:"components"`
}

type component struct {
	Name    string `json:"name"`
	Version string `json:"version"`
	PURL    string `json:"purl"`
}

// sboms holds each SBOM to the program that it is about.
func sboms(d dist) (string, error) {
	documents, err := d.of("SBOM")
	if err != nil {
		return "", err
	}
	found, err := d.of("Binary")
	if err != nil {
		return "", err
	}
	modules := 0
	var wrong []error
	for _, program := range found {
		i := slices.IndexFunc(documents, func(a artifact) bool { return strings.HasSuffix(a.Name, "_"+program.OS+"_"+program.Arch+".cdx.json") })
		if i < 0 {
			wrong = append(wrong, fmt.Errorf("%s has no SBOM", program.platform()))
			continue
		}
		info, err := buildinfo.ReadFile(d.file(program))
		if err != nil {
			return "", err
		}
		text, err := os.ReadFile(d.file(documents[i]))
		if err != nil {
			return "", err
		}
		modules = len(info.Deps)
		for _, problem := range wrongBOM(text, info) {
			wrong = append(wrong, fmt.Errorf("%s: %s", documents[i].Name, problem))
		}
	}
	return fmt.Sprintf("%d CycloneDX files, each with Go's version and all modules of its program (%d in the last)", len(documents), modules), errors.Join(wrong...)
}

// wrongBOM compares names and versions with what the program itself says.
func wrongBOM(text []byte, info *debug.BuildInfo) []string {
	var read bom
	if err := json.Unmarshal(text, &read); err != nil {
		return []string{err.Error()}
	}
	if read.Format != "CycloneDX" {
		return []string{fmt.Sprintf("its bomFormat is %q", read.Format)}
	}
	listed := map[string]string{}
	for _, c := range read.Components {
		listed[c.Name] = c.Version
	}
	var wrong []string
	expect := func(name, version string) {
		if listed[name] != version {
			wrong = append(wrong, fmt.Sprintf("%s is %q there, and %q in the program", name, listed[name], version))
		}
		delete(listed, name)
	}
	expect("std", info.GoVersion)
	for _, module := range info.Deps {
		if module.Replace != nil {
			module = module.Replace
		}
		expect(module.Path, module.Version)
	}
	for name := range listed {
		wrong = append(wrong, name+" is not in the program")
	}
	slices.Sort(wrong)
	return wrong
}
