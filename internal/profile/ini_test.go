package profile

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
	"gopkg.in/ini.v1"
)

// TestPlainFilesReadAsByOthers: where a file uses nothing but sections and
// one-line settings, ini.v1 (which aws-vault and granted read it with) finds
// the same.
func TestPlainFilesReadAsByOthers(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/chains/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no files: %v", err)
	}
	compared := 0
	for _, file := range files {
		a, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, part := range a.Files {
			if part.Name == inConfigFile {
				compared += compareWithINI(t, string(part.Data))
			}
		}
	}
	if compared < 500 {
		t.Errorf("only %d settings were compared", compared)
	}
}

// compareWithINI returns how many settings both found.
func compareWithINI(t *testing.T, text string) (compared int) {
	t.Helper()
	cfg, err := parseTexts(text, "")
	if err != nil {
		return 0
	}
	theirs, err := ini.LoadSources(ini.LoadOptions{
		IgnoreContinuation: true, IgnoreInlineComment: true, PreserveSurroundedQuote: true,
		AllowNestedValues: true, KeyValueDelimiters: "=",
	}, []byte(text))
	if err != nil {
		return 0
	}
	for _, name := range cfg.Names() {
		own, err := cfg.own(name)
		if err != nil {
			t.Fatal(err)
		}
		section := theirs.Section("profile " + name)
		for _, key := range own.Keys() {
			value := section.Key(key).String()
			if value == "" || strings.Contains(value, " #") || strings.Contains(own.settings[key].Text, "\n") {
				continue
			}
			if compared++; value != own.settings[key].Text {
				t.Errorf("profile %q: %s is %q, and ini.v1 reads %q", name, key, own.settings[key].Text, value)
			}
		}
	}
	return compared
}
