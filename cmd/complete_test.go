package cmd

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// freeText are the flags whose values nobody but the person knows.
func freeText() []string {
	return []string{
		"before", "data", "destination", "external-id", "federate", "for", "header", "mfa-token", "name", "port",
		"session-name", "source-identity", "template",
	}
}

// eachCommand calls visit for every command of the tree.
func eachCommand(c *cobra.Command, visit func(*cobra.Command)) {
	if c.Hidden {
		return // programs run it, and no person types it
	}
	visit(c)
	for _, sub := range c.Commands() {
		eachCommand(sub, visit)
	}
}

// eachValue calls visit for every flag of the tree that takes a value.
func eachValue(root *cobra.Command, visit func(*cobra.Command, *pflag.Flag)) {
	eachCommand(root, func(c *cobra.Command) {
		c.LocalFlags().VisitAll(func(flag *pflag.Flag) {
			if flag.NoOptDefVal == "" && !flag.Hidden {
				visit(c, flag)
			}
		})
	})
}

// TestEveryFlagIsCompleted: a flag that takes a value has a place in flagValues,
// a function registered with cobra, or in the list of free text.
func TestEveryFlagIsCompleted(t *testing.T) {
	t.Parallel()
	a := newApp(Host{})
	listed, seen := a.flagValues(), map[string]bool{}
	eachValue(a.root(nil), func(c *cobra.Command, flag *pflag.Flag) {
		seen[flag.Name] = true
		_, own := c.GetFlagCompletionFunc(flag.Name)
		if _, ok := listed[flag.Name]; !ok && !own && !slices.Contains(freeText(), flag.Name) {
			t.Errorf("%s --%s is not completed: add it to flagValues in cmd/complete_flags.go, or to freeText here", c.CommandPath(), flag.Name)
		}
		if own && slices.Contains(freeText(), flag.Name) {
			t.Errorf("%s --%s is completed, and in the list of free text", c.CommandPath(), flag.Name)
		}
	})
	for name := range listed {
		if !seen[name] || slices.Contains(freeText(), name) {
			t.Errorf("flagValues has %q, which no command has or which is free text", name)
		}
	}
	for _, name := range freeText() {
		if !seen[name] {
			t.Errorf("the list of free text has %q, which no command has", name)
		}
	}
}

// TestEveryArgumentIsCompleted: a command whose use shows a word in capitals
// has a function for it.
func TestEveryArgumentIsCompleted(t *testing.T) {
	t.Parallel()
	eachCommand(newApp(Host{}).root(nil), func(c *cobra.Command) {
		use := strings.TrimPrefix(c.Use, c.Name())
		if use == strings.ToLower(use) || strings.Contains(use, "--") {
			return
		}
		if c.ValidArgsFunction == nil && len(c.ValidArgs) == 0 {
			t.Errorf("the arguments of %q are not completed: give it a ValidArgsFunction", c.Use)
		}
	})
}

// homeOf is a home folder with a config file.
func homeOf(t *testing.T, config string) string {
	t.Helper()
	home := t.TempDir()
	if err := os.Mkdir(filepath.Join(home, ".aws"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(home, ".aws", "config"), []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	return home
}

// completed is what the program answers about a line, in that home.
func completed(t *testing.T, home string, words ...string) string {
	t.Helper()
	var out, noise bytes.Buffer
	host := Host{Out: &out, Err: &noise, Environ: []string{"HOME=" + home}, GOOS: "linux", Now: func() time.Time { return noon }}
	if status := Main(host, append([]string{"__complete"}, words...)); status != 0 || noise.Len() > 0 {
		t.Errorf("status %d, %q on stderr", status, noise.String())
	}
	return out.String()
}

// TestEveryFlagAnswers: no value of a flag, and no name of one, fails, writes to
// stderr or leaves the answer without its last line.
func TestEveryFlagAnswers(t *testing.T) {
	t.Parallel()
	home := homeOf(t, "[profile a]\nregion = eu-west-1\n")
	eachValue(newApp(Host{}).root(nil), func(c *cobra.Command, flag *pflag.Flag) {
		path := strings.Fields(c.CommandPath())[1:]
		for _, words := range [][]string{{"--" + flag.Name, ""}, {"--" + flag.Name + "="}, {"--" + flag.Name, "\x00", "--" + flag.Name, "x"}, {"--" + flag.Name}} {
			got := completed(t, home, append(slices.Clone(path), words...)...)
			if last := got[strings.LastIndexByte(strings.TrimSuffix(got, "\n"), '\n')+1:]; !strings.HasPrefix(last, ":") {
				t.Errorf("%v %q: %q", path, words, got)
			}
		}
	})
}

// TestDescribedAtMost: more profiles than anyone reads go without descriptions,
// and none is lost.
func TestDescribedAtMost(t *testing.T) {
	t.Parallel()
	config := func(profiles int) string {
		var text strings.Builder
		for range profiles {
			text.WriteString("[profile p" + strings.Repeat("x", text.Len()%7) + strings.Repeat("y", text.Len()/40) + "]\nregion = eu-west-1\n")
		}
		return text.String()
	}
	few, many := completed(t, homeOf(t, config(describedAtMost/4)), "exec", ""), completed(t, homeOf(t, config(describedAtMost+1)), "exec", "")
	if lines := strings.Count(few, "\t"); lines != strings.Count(few, "\n")-1 || lines == 0 {
		t.Errorf("not each of a few profiles is described:\n%s", few)
	}
	if strings.Contains(many, "\t") || strings.Count(many, "\n") < describedAtMost {
		t.Errorf("of many profiles: %d lines, descriptions %v", strings.Count(many, "\n"), strings.Contains(many, "\t"))
	}
}

// TestAnswerIsOneWrite: however many candidates there are.
func TestAnswerIsOneWrite(t *testing.T) {
	t.Parallel()
	var out writes
	a := newApp(Host{Out: &out, GOOS: "linux"})
	if status := a.complete([]string{""}, true); status != 0 || len(out) != 1 {
		t.Errorf("status %d, %d writes", status, len(out))
	}
	full := newApp(Host{Out: failingWriter{}, GOOS: "linux"})
	if status := full.complete([]string{""}, true); status != 1 {
		t.Errorf("an answer that could not be written: status %d", status)
	}
}

type writes [][]byte

func (w *writes) Write(p []byte) (int, error) { *w = append(*w, p); return len(p), nil }

type failingWriter struct{}

func (failingWriter) Write([]byte) (int, error) { return 0, errors.New("no space left") }

// TestMatching: beginnings as typed come before those in other letters' case.
func TestMatching(t *testing.T) {
	t.Parallel()
	for word, want := range map[string][]string{
		"": {"Prod\tx", "prod", "other"}, "pr": {"prod"}, "Pr": {"Prod\tx"}, "PR": {"Prod\tx", "prod"}, "z": {},
	} {
		if diff := cmp.Diff(want, matching([]string{"Prod\tx", "prod", "other"}, word)); diff != "" {
			t.Errorf("%q (-want +got):\n%s", word, diff)
		}
	}
}
