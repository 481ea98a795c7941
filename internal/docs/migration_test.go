package docs

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
)

// TestMigrationRuns runs the commands of the right-hand side of the tables in
// docs/migration.md. Those that need a browser or an old tool's store are run
// by the script that elsewhere names.
func TestMigrationRuns(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("the reader has a Unix shell")
	}
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Skip("bash is not installed")
	}
	commands := newCommands(readText(t, root+"/docs/migration.md"))
	if len(commands) < 50 {
		t.Fatalf("only %d commands are there", len(commands))
	}
	binary := build(t)
	shared := newReader(t, binary)
	for _, command := range commands {
		if script := elsewhere(command); script != "" {
			if _, err := os.Stat(root + "/cmd/testdata/script/" + script + ".txtar"); err != nil {
				t.Errorf("%s: %v", command, err)
			}
			continue
		}
		r := shared
		if regexp.MustCompile(` (rotate|remove) `).MatchString(command) {
			r = newReader(t, binary)
		}
		script := "set -e\n" + filledIn(command, r.code) + "\n"
		if regexp.MustCompile(`(?m)^assume\b[^-]`).MatchString(script) {
			script = `eval "$(assume-role init bash)"` + "\n" + script
		}
		r.run(t, "'"+bash+"' -c '"+strings.ReplaceAll(script, "'", `'\''`)+"' </dev/null")
	}
}

// newCommands are the commands of this tool in the second column of a page's
// tables.
func newCommands(page string) []string {
	var all []string
	for line := range strings.SplitSeq(page, "\n") {
		cells := strings.Split(strings.Trim(line, "| "), " | ")
		if !strings.HasPrefix(line, "| ") || len(cells) != 2 {
			continue
		}
		for _, m := range regexp.MustCompile("`((?:eval \"\\$\\()?assume(?:-role)? [^`]+)`").FindAllStringSubmatch(cells[1], -1) {
			all = append(all, m[1])
		}
	}
	return all
}

// elsewhere names the script that runs a command which cannot be run here.
func elsewhere(command string) string {
	for _, one := range []struct{ prefix, script string }{
		{"assume-role add ", "keys_terminal"}, {"assume-role import ", "import"},
		{"assume-role sso login", "sso_login_url"}, {"assume-role sso populate", "sso_populate_url"}, {"assume-role sso logout", "sso_logout"},
		{"assume-role login", "login"}, {"assume-role logout", "logout"},
		{"assume-role console", "console"}, {"assume -c", "init_bash"},
	} {
		if strings.HasPrefix(command, one.prefix) {
			return one.script
		}
	}
	return ""
}

// filledIn puts values in the place of the names in a command.
func filledIn(command string, code func() string) string {
	for _, word := range []struct{ name, value string }{
		{"ARN", "arn:aws:iam::123456789012:role/ci"}, {"CMD", "true"}, {"aws …", "aws sts get-caller-identity"},
		{"BUCKET.s3.REGION", "bucket.s3.eu-west-1"}, {"/KEY", "/key"}, {"REGION", "eu-central-1"},
	} {
		command = strings.ReplaceAll(command, word.name, word.value)
	}
	if strings.Contains(command, "CODE") {
		command = strings.ReplaceAll(command, "CODE", code()) + " --refresh"
	}
	if command == "assume-role remove NAME" {
		command += " --yes" // which a person is asked for
	}
	name := "prod"
	if regexp.MustCompile(` (rotate|remove) `).MatchString(command) {
		name = "base"
	}
	return regexp.MustCompile(`\bNAME\b`).ReplaceAllString(command, name)
}

func TestNewCommands(t *testing.T) {
	t.Parallel()
	got := newCommands("| a | b |\n| --- | --- |\n| `old` | `assume-role x`, or `assume y`; `--flag` |\n| `assume z` | eval | c |\n| o | `eval \"$(assume-role e)\"` |\n")
	if want := `assume-role x;assume y;eval "$(assume-role e)"`; strings.Join(got, ";") != want {
		t.Errorf("%q", got)
	}
	if script := elsewhere("assume-role add NAME"); script != "keys_terminal" {
		t.Errorf("add: %q", script)
	}
	if got := filledIn("assume-role exec ARN -- aws …", nil); got != "assume-role exec arn:aws:iam::123456789012:role/ci -- aws sts get-caller-identity" {
		t.Errorf("%q", got)
	}
	if got := filepath.Base(filledIn("assume-role rotate NAME", nil)); got != "assume-role rotate base" {
		t.Errorf("%q", got)
	}
}
