package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"testing"
)

// complete is an archive with nothing wrong.
func complete(program string) []entry {
	entries := []entry{{program, 0o755}}
	for _, name := range []string{
		"README.md", "LICENSE", "CHANGELOG.md", "man/assume-role.1", "man/assume-role-exec.1", "man/assume-role-config.5",
		"completions/assume-role", "completions/_assume-role", "completions/assume-role.fish", "completions/assume-role.ps1",
	} {
		entries = append(entries, entry{name, 0o644})
	}
	return entries
}

func TestWrongIn(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		windows bool
		change  func([]entry) []entry
		want    string
	}{
		"complete":           {change: func(e []entry) []entry { return e }},
		"no licence":         {change: without("LICENSE"), want: "it has no LICENSE"},
		"no completion":      {change: without("completions/_assume-role"), want: "it has no completions/_assume-role"},
		"no page a command":  {change: without("man/assume-role-exec.1"), want: "it has no man/assume-role-*.1"},
		"a stranger":         {change: with(entry{".env", 0o644}), want: "what is .env for?"},
		"cannot be run":      {change: func(e []entry) []entry { e[0].mode = 0o644; return e }, want: "assume-role has mode -rw-r--r--"},
		"others may write":   {change: func(e []entry) []entry { e[1].mode = 0o666; return e }, want: "README.md has mode -rw-rw-rw-"},
		"windows, with .exe": {windows: true, change: func(e []entry) []entry { e[0].name = "assume-role.exe"; return e }},
		"windows, without":   {windows: true, change: func(e []entry) []entry { return e }, want: "it has no assume-role.exe; what is assume-role for?"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := strings.Join(wrongIn(test.change(complete("assume-role")), test.windows), "; "); got != test.want {
				t.Errorf("wrong: %q, want %q", got, test.want)
			}
		})
	}
}

func without(name string) func([]entry) []entry {
	return func(entries []entry) []entry {
		return slices.DeleteFunc(entries, func(e entry) bool { return e.name == name })
	}
}

func with(added entry) func([]entry) []entry {
	return func(entries []entry) []entry { return append(entries, added) }
}

func TestEntriesOf(t *testing.T) {
	t.Parallel()
	want := []entry{{"assume-role", 0o755}, {"man/assume-role.1", 0o644}}
	folder := t.TempDir()
	for _, file := range []string{"a.tar.gz", "a.zip"} {
		path := filepath.Join(folder, file)
		write(t, path, packed(t, file, want))
		got, err := entriesOf(path)
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%s: %v, %v", file, got, err)
		}
		write(t, path, []byte("no archive"))
		if _, err := entriesOf(path); err == nil {
			t.Errorf("%s: text was read as an archive", file)
		}
	}
}

func packed(t *testing.T, file string, entries []entry) []byte {
	t.Helper()
	var archive bytes.Buffer
	if strings.HasSuffix(file, ".zip") {
		w := zip.NewWriter(&archive)
		for _, e := range entries {
			header := &zip.FileHeader{Name: e.name}
			header.SetMode(e.mode)
			_, err := w.CreateHeader(header)
			check(t, err)
		}
		check(t, w.Close())
		return archive.Bytes()
	}
	compressed := gzip.NewWriter(&archive)
	w := tar.NewWriter(compressed)
	for _, e := range entries {
		check(t, w.WriteHeader(&tar.Header{Name: e.name, Mode: int64(e.mode.Perm())}))
	}
	check(t, w.Close())
	check(t, compressed.Close())
	return archive.Bytes()
}

// newDist is a folder as goreleaser leaves it, with one published file.
func newDist(t *testing.T, content string, sums string) string {
	t.Helper()
	folder := t.TempDir()
	write(t, filepath.Join(folder, "artifacts.json"), []byte(`[
		{"name":"a.tar.gz","path":"dist/a.tar.gz","type":"Archive","goos":"linux","goarch":"amd64"},
		{"name":"assume-role","path":"dist/linux/assume-role","type":"Binary","goos":"linux","goarch":"amd64"},
		{"name":"sums.txt","path":"dist/sums.txt","type":"Checksum"}]`))
	write(t, filepath.Join(folder, "a.tar.gz"), []byte(content))
	check(t, os.Mkdir(filepath.Join(folder, "linux"), 0o700))
	write(t, filepath.Join(folder, "linux", "assume-role"), []byte("program"))
	write(t, filepath.Join(folder, "sums.txt"), []byte(sums))
	return folder
}

// sumOfA is the SHA-256 of "a".
const sumOfA = "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"

func TestChecksums(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ content, sums, want string }{
		"right":   {"a", sumOfA + "  a.tar.gz\n", ""},
		"changed": {"b", sumOfA + "  a.tar.gz\n", "which is 3e23e8160039594a33894f6564e1b1348bbd7a0088d42c4acb73eeaed59c009d"},
		"missing": {"a", "", "sums.txt has no sum for a.tar.gz"},
		"extra":   {"a", sumOfA + "  a.tar.gz\n" + sumOfA + "  b.tar.gz\n", "sums.txt has 1 more lines"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := inspect([]string{"checksums", newDist(t, test.content, test.sums)})
			said(t, err, test.want)
		})
	}
}

func TestSame(t *testing.T) {
	t.Parallel()
	one, other := newDist(t, "a", ""), newDist(t, "a", "")
	_, err := inspect([]string{"same", one, other})
	said(t, err, "")
	write(t, filepath.Join(other, "linux", "assume-role"), []byte("another program"))
	_, err = inspect([]string{"same", one, other})
	said(t, err, "dist/linux/assume-role is ")
	check(t, os.Remove(filepath.Join(other, "artifacts.json")))
	_, err = inspect([]string{"same", one, other})
	said(t, err, "artifacts.json")
}

func TestWrongBuild(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ key, value, want string }{
		"right":            {"", "", ""},
		"a changed tree":   {"vcs.modified", "true", `its vcs.modified is "true", not "false"`},
		"paths are inside": {"-trimpath", "", `its -trimpath is "", not "true"`},
		"HTTP/2 is inside": {"-tags", "", `its -tags is "", not "nethttpomithttp2"`},
		"no commit":        {"vcs.revision", "", "it has no vcs.revision"},
		"cgo":              {"CGO_ENABLED", "1", "it is built with cgo"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			settings := map[string]string{"-trimpath": "true", "-tags": "nethttpomithttp2", "vcs": "git", "vcs.modified": "false",
				"vcs.revision": "0123", "vcs.time": "2026-01-01T00:00:00Z", "CGO_ENABLED": "0", "GOOS": "linux"}
			settings[test.key] = test.value
			info := &debug.BuildInfo{}
			for key, value := range settings {
				info.Settings = append(info.Settings, debug.BuildSetting{Key: key, Value: value})
			}
			if got := strings.Join(wrongBuild(info), "; "); got != test.want {
				t.Errorf("wrong: %q, want %q", got, test.want)
			}
		})
	}
}

func TestWrongSize(t *testing.T) {
	t.Parallel()
	program := filepath.Join(t.TempDir(), "assume-role")
	for size, want := range map[int64]string{largest: "", largest + 1: "it has 14000001 bytes, more than 14000000"} {
		write(t, program, nil)
		check(t, os.Truncate(program, size))
		if got := strings.Join(wrongSize(program), "; "); got != want {
			t.Errorf("wrong: %q, want %q", got, want)
		}
	}
	if got := wrongSize(program + ".missing"); len(got) != 1 {
		t.Errorf("of no program: %q", got)
	}
}

func TestWrongBOM(t *testing.T) {
	t.Parallel()
	const form = `{"bomFormat":"CycloneDX","components":[%s]}`
	const std, dep = `{"name":"std","version":"go1.26.8"}`, `{"name":"example.com/a","version":"v1.0.0"}`
	info := &debug.BuildInfo{GoVersion: "go1.26.8", Deps: []*debug.Module{{Path: "example.com/a", Version: "v1.0.0"}}}
	for name, test := range map[string]struct{ text, want string }{
		"right":           {fmt.Sprintf(form, std+","+dep), ""},
		"a module less":   {fmt.Sprintf(form, std), `example.com/a is "" there, and "v1.0.0" in the program`},
		"another version": {fmt.Sprintf(form, std+","+strings.ReplaceAll(dep, "v1.0.0", "v1.0.1")), `example.com/a is "v1.0.1" there, and "v1.0.0" in the program`},
		"a module more":   {fmt.Sprintf(form, std+","+dep+`,{"name":"example.com/b"}`), "example.com/b is not in the program"},
		"no Go":           {fmt.Sprintf(form, dep), `std is "" there, and "go1.26.8" in the program`},
		"another format":  {`{"spdxVersion":"SPDX-2.3"}`, `its bomFormat is ""`},
		"no JSON":         {"<bom/>", "invalid character '<' looking for beginning of value"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := strings.Join(wrongBOM([]byte(test.text), info), "; "); got != test.want {
				t.Errorf("wrong: %q, want %q", got, test.want)
			}
		})
	}
}

func TestWrongScoop(t *testing.T) {
	t.Parallel()
	const right = `{"version":"1.0.0","license":"MIT","homepage":"https://example.com","architecture":{
		"64bit":{"url":"https://example.com/x64.zip","hash":"11","bin":["assume-role.exe"]},
		"arm64":{"url":"https://example.com/arm.zip","hash":"22","bin":["assume-role.exe"]}}}`
	sums := map[string]string{"x64.zip": "11", "arm.zip": "22"}
	for name, test := range map[string]struct{ old, new, want string }{
		"right":           {"", "", ""},
		"another hash":    {`"11"`, `"12"`, "64bit: the hash is 12, the archive's 11"},
		"another archive": {"arm.zip", "arm7.zip", "is no archive of this release"},
		"no program":      {`"hash":"22","bin":["assume-role.exe"]`, `"hash":"22"`, "arm64: its programs are []"},
		"no licence":      {`"MIT"`, `""`, `licence ""`},
		"no JSON":         {right, "{", "unexpected end of JSON input"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			said(t, wrongScoop([]byte(strings.Replace(right, test.old, test.new, 1)), sums), test.want)
		})
	}
}

func TestUsage(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{nil, {"nothing", "dist"}, {"same", "dist"}, {"archives"}, {"archives", "a", "b"}} {
		if _, err := inspect(args); err == nil {
			t.Errorf("inspect %q was taken", args)
		}
	}
}

func said(t *testing.T, err error, want string) {
	t.Helper()
	switch {
	case want == "" && err != nil:
		t.Errorf("refused: %v", err)
	case want != "" && (err == nil || !strings.Contains(err.Error(), want)):
		t.Errorf("error %v, want %q in it", err, want)
	}
}

func write(t *testing.T, path string, content []byte) {
	t.Helper()
	check(t, os.WriteFile(path, content, fs.FileMode(0o600)))
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestWrongCask(t *testing.T) {
	t.Parallel()
	const right = `cask "assume-role" do
  sha256 "11"
  binary "assume-role"
  manpage "man/assume-role.1"
  bash_completion "completions/assume-role"
end`
	inside := []string{"assume-role", "README.md", "man/assume-role.1", "completions/assume-role", "completions/assume-role.ps1"}
	for name, test := range map[string]struct{ old, new, want string }{
		"right":         {"", "", ""},
		"another hash":  {`"11"`, `"12"`, "the hash of a.tar.gz, 11, is not there"},
		"a page less":   {`  manpage "man/assume-role.1"` + "\n", "", "man/assume-role.1 is in the archives, and not in the cask"},
		"a page more":   {`manpage "man/`, `manpage "man/x.1"` + "\n" + `  manpage "man/`, "man/x.1 is in the cask, and not in the archives"},
		"not installed": {`binary "assume-role"`, "", "assume-role is in the archives, and not in the cask"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			said(t, wrongCask(strings.Replace(right, test.old, test.new, 1), map[string]string{"a.tar.gz": "11"}, inside), test.want)
		})
	}
}
