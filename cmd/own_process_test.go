package cmd

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/pflag"

	"assume-role/internal/profile"
)

// TestOwnCommandLines: package profile recognises a credential_process that is
// this tool for the same profile, with every flag that takes no value.
func TestOwnCommandLines(t *testing.T) {
	t.Parallel()
	held := 0
	for _, words := range []string{"credential-process", "export --format process"} {
		name, _, _ := strings.Cut(words, " ")
		command, _, err := newApp(Host{}).root([]string{name}).Find([]string{name})
		if err != nil {
			t.Fatal(err)
		}
		check := func(f *pflag.Flag) {
			if f.NoOptDefVal != "" && f.Name != "help" {
				held++
				checkOwnCommandLine(t, "assume-role "+words+" --"+f.Name+" p")
			}
		}
		command.Flags().VisitAll(check)
		command.InheritedFlags().VisitAll(check)
	}
	if held < 10 {
		t.Errorf("only %d flags were held", held)
	}
}

func checkOwnCommandLine(t *testing.T, line string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "config")
	if err := os.WriteFile(path, []byte("[profile p]\ncredential_process = "+line+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	config, err := profile.Load(profile.Files{Config: profile.File{Path: path}})
	if err != nil {
		t.Fatal(err)
	}
	_, err = profile.Resolve(config, profile.Request{Profile: "p"})
	if err == nil || !strings.Contains(err.Error(), "asks for the profile itself") {
		t.Errorf("%s: %v", line, err)
	}
}
