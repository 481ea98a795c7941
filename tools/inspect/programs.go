package main

import (
	"debug/buildinfo"
	"errors"
	"fmt"
	"os"
	"runtime/debug"
	"slices"
	"strings"
)

// platforms are what a release is built for.
var platforms = []string{"darwin/amd64", "darwin/arm64", "linux/amd64", "linux/arm64", "windows/amd64", "windows/arm64"}

// programs holds each program to what the Go tool recorded in it: a commit with
// nothing changed, no path of the machine that built it, no HTTP/2, no cgo but on
// macOS, and within its size.
func programs(d dist) (string, error) {
	found, err := d.of("Binary")
	if err != nil {
		return "", err
	}
	var wrong []error
	var seen, cgo []string
	for _, a := range found {
		info, err := buildinfo.ReadFile(d.file(a))
		if err != nil {
			return "", err
		}
		seen = append(seen, a.platform())
		if setting(info, "CGO_ENABLED") == "1" {
			cgo = append(cgo, a.platform())
		}
		for _, problem := range slices.Concat(wrongBuild(info), wrongSize(d.file(a))) {
			wrong = append(wrong, fmt.Errorf("%s: %s", a.platform(), problem))
		}
	}
	if slices.Sort(seen); !slices.Equal(seen, platforms) {
		wrong = append(wrong, fmt.Errorf("it has programs for %q", seen))
	}
	return fmt.Sprintf("%d programs record their commit; with cgo: %s", len(found), orNone(cgo)), errors.Join(wrong...)
}

func wrongBuild(info *debug.BuildInfo) []string {
	var wrong []string
	for key, want := range map[string]string{"-trimpath": "true", "-tags": "nethttpomithttp2", "vcs": "git", "vcs.modified": "false"} {
		if got := setting(info, key); got != want {
			wrong = append(wrong, fmt.Sprintf("its %s is %q, not %q", key, got, want))
		}
	}
	for _, key := range []string{"vcs.revision", "vcs.time"} {
		if setting(info, key) == "" {
			wrong = append(wrong, "it has no "+key)
		}
	}
	if setting(info, "CGO_ENABLED") == "1" && setting(info, "GOOS") != "darwin" {
		wrong = append(wrong, "it is built with cgo")
	}
	slices.Sort(wrong)
	return wrong
}

// largest is what a program may have, in bytes, as in the budgets of `make bench`.
const largest = 14_000_000

func wrongSize(program string) []string {
	info, err := os.Stat(program)
	switch {
	case err != nil:
		return []string{err.Error()}
	case info.Size() > largest:
		return []string{fmt.Sprintf("it has %d bytes, more than %d", info.Size(), largest)}
	}
	return nil
}

func setting(info *debug.BuildInfo, key string) string {
	for _, s := range info.Settings {
		if s.Key == key {
			return s.Value
		}
	}
	return ""
}

func orNone(names []string) string {
	if len(names) == 0 {
		return "none"
	}
	return strings.Join(names, ", ")
}
