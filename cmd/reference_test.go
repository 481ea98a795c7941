package cmd_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"assume-role/cmd"
)

// TestVariablesReference: a variable of this tool's own that the code names is
// described, as a setting or by itself, and none is described twice.
func TestVariablesReference(t *testing.T) {
	t.Parallel()
	var described []string
	for _, s := range cmd.SettingsReference() {
		described = append(described, s.Variable)
	}
	for _, v := range cmd.VariablesReference() {
		described = append(described, v.Name)
	}
	slices.Sort(described)
	if once := slices.Compact(slices.Clone(described)); len(once) != len(described) {
		t.Errorf("one is there twice: %q", described)
	}
	named := variablesInCode(t)
	if len(named) < 6 {
		t.Fatalf("only %q were found", named)
	}
	for _, name := range named {
		if !slices.Contains(described, name) {
			t.Errorf("%s is not described: add it to VariablesReference", name)
		}
	}
	for _, v := range cmd.VariablesReference() {
		if strings.HasPrefix(v.Name, "ASSUME_ROLE_") && !slices.Contains(named, v.Name) {
			t.Errorf("%s is described, and no code names it", v.Name)
		}
	}
}

// variablesInCode are the whole string constants that are names of variables
// of this tool.
func variablesInCode(t *testing.T) []string {
	t.Helper()
	var found []string
	name := regexp.MustCompile(`"(ASSUME_ROLE_[A-Z_]*[A-Z])"`)
	for _, pattern := range []string{"*.go", "../internal/*/*.go"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range name.FindAllStringSubmatch(string(text), -1) {
				found = append(found, m[1])
			}
		}
	}
	slices.Sort(found)
	return slices.Compact(found)
}

// TestFilesReference: paths are those of Linux wherever the pages are made.
func TestFilesReference(t *testing.T) {
	t.Parallel()
	var names []string
	for _, f := range cmd.FilesReference() {
		names = append(names, f.Name)
		if !strings.HasPrefix(f.Name, "~/") || strings.Contains(f.Name, `\`) || f.Meaning == "" {
			t.Errorf("%+v", f)
		}
	}
	for _, want := range []string{"~/.aws/config", "~/.config/assume-role/config.yaml", "~/.local/state/assume-role/index.json", "~/.local/share/assume-role/keyring"} {
		if !slices.Contains(names, want) {
			t.Errorf("no %s in %q", want, names)
		}
	}
}

// TestCredentialFlags: the shared flags are those that exec has.
func TestCredentialFlags(t *testing.T) {
	t.Parallel()
	run, _, err := cmd.Tree().Find([]string{"exec"})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"duration", "pick", "mfa-token", "no-cache"} {
		shared, has := cmd.CredentialFlags().Lookup(name), run.Flags().Lookup(name)
		if shared == nil || has == nil || shared.Usage != has.Usage {
			t.Errorf("--%s: %v, and exec has %v", name, shared, has)
		}
	}
	if cmd.CredentialFlags().Lookup("server") != nil {
		t.Error("--server is exec's own")
	}
}
