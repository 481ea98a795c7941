package cmd

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/pflag"

	"assume-role/internal/profile"
)

func oddWords() []string {
	return []string{
		"plain", "", "two words", "it's", `"q"`, `'`, `''`, `\`, `a\b`, "a #b", "a ;b", "\t#", "# x", "$(touch x)", "`x`", "${HOME}", "a&b|c<d>e", "!x", "*", "?", "~", "~/x",
		"-x", "--tag=a=b c", "üñí", "{\"a\": [1]}", "a' #'b", "%PATH%",
	}
}

// TestProcessLineIsExact: the shell gives every word back, and no reader of the
// file takes a part of the line for a comment.
func TestProcessLineIsExact(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("there is no sh")
	}
	words := append([]string{"/bin/a tool"}, oddWords()...)
	line, err := processLine(words, "linux")
	if err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("/bin/sh", "-c", "for w in "+line+`; do printf '%s\0' "$w"; done`).Output()
	if got := strings.Split(strings.TrimSuffix(string(out), "\x00"), "\x00"); err != nil || !slices.Equal(got, words) {
		t.Errorf("%v: %s", err, cmp.Diff(words, got))
	}
	if line[0] == '\'' {
		t.Errorf("the SDK for Go may take off the quotes of %s", line)
	}
	for _, mark := range []string{" #", " ;", "\t#", "\t;"} {
		if strings.Contains(line, mark) {
			t.Errorf("%q begins a comment in %s", mark, line)
		}
	}
}

func FuzzPosixWord(f *testing.F) {
	for _, word := range oddWords() {
		f.Add(word)
	}
	f.Fuzz(func(t *testing.T, word string) {
		quoted, _ := posixWord(word)
		if got, ok := unquotePosix(quoted); !ok || got != word {
			t.Errorf("%q is %s, read as %q", word, quoted, got)
		}
	})
}

// unquotePosix reads a word that is made of plain characters and quoted parts.
func unquotePosix(text string) (string, bool) {
	var word strings.Builder
	for text != "" {
		quote := text[0]
		if quote != '\'' && quote != '"' {
			if !strings.ContainsRune(bareWord, rune(quote)) {
				return "", false
			}
			word.WriteByte(quote)
			text = text[1:]
			continue
		}
		part, rest, ok := strings.Cut(text[1:], string(quote))
		if !ok || quote == '"' && part != "'" {
			return "", false
		}
		word.WriteString(part)
		text = rest
	}
	return word.String(), true
}

func TestProcessLineOnWindows(t *testing.T) {
	t.Parallel()
	line, err := processLine([]string{`C:\PROGRA~1\assume-role.exe`, "credential-process", "two words", `--config-file=C:\Users\a b\config`, "a&b", "--quiet"}, "windows")
	want := `C:\PROGRA~1\assume-role.exe credential-process "two words" "--config-file=C:\Users\a b\config" "a&b" --quiet`
	if err != nil || line != want {
		t.Errorf("got  %s, %v\nwant %s", line, err, want)
	}
	for _, word := range []string{`a"b`, "%PATH%", "a!b", `a b\`, "a #b", "a ;b", "a\tb", "a\nb"} {
		if line, err := processLine([]string{"x", word}, "windows"); err == nil {
			t.Errorf("%q is %s", word, line)
		}
	}
	if _, err := processLine([]string{"a\nb"}, "linux"); err == nil {
		t.Error("a line break stands in one line")
	}
}

func TestHeadersOf(t *testing.T) {
	t.Parallel()
	for name, want := range map[string][]string{
		"dev": {"profile dev"}, "a/b@c": {"profile a/b@c"},
		"two words": {"profile 'two words'", "profile two words"},
		"it's":      {`profile 'it'"'"'s'`, "profile it's"},
		"'x'":       {`profile ''"'"'x'"'"''`},
		`a\b`:       {`profile 'a\b'`},
		`"x"`:       {`profile '"x"'`},
		"a'b'c":     {`profile 'a'"'"'b'"'"'c'`},
	} {
		if got, err := profileHeaders(name); err != nil || !slices.Equal(got, want) {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
	if got, err := profileHeaders("default"); err != nil || !slices.Equal(got, []string{"default"}) {
		t.Errorf("default: %q, %v", got, err)
	}
	for _, name := range []string{"a]b", "[", "a#b", ";", "a\tb"} {
		if got, err := profileHeaders(name); err == nil {
			t.Errorf("%q has headers %q", name, got)
		}
	}
}

func TestLineFlags(t *testing.T) {
	t.Parallel()
	flags := pflag.NewFlagSet("exec", pflag.ContinueOnError)
	for _, name := range []string{"profiles", "mfa-token", "policy", "session-name", "keyring-backend", "unset"} {
		flags.String(name, "", "")
	}
	flags.Bool("read-only", false, "")
	flags.Bool("refresh", false, "")
	flags.Bool("debug", false, "")
	flags.StringArray("tag", nil, "")
	args := []string{"--profiles=a", "--mfa-token=000001", "--policy=file", "--session-name", "me", "--keyring-backend=file", "--read-only", "--refresh", "--debug", "--tag=a=b,c", "--tag", "d=e f"}
	if err := flags.Parse(args); err != nil {
		t.Fatal(err)
	}
	got := lineFlags(flags, "{}")
	want := []string{"--keyring-backend=file", "--policy={}", "--read-only=true", "--session-name=me", "--tag=a=b,c", "--tag=d=e f", "--quiet"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

const kept = `[default]
region = us-east-1
role_arn = arn:aws:iam::123456789012:role/x
source_profile = keys
[profile two words]
region = eu-west-1
output = json # not this
services = s 1
s3 =
  max_concurrent_requests = 20
  addressing_style = path
retry_mode = adaptive
sso_session = corp
sso_account_id = 123456789012
web_identity_token_file = /x
saml_process = x
login_session = x
include_profile = default
credential_source = Environment
aws_session_token = x
credential_process = other --thing
[sso-session corp]
sso_region = eu-west-1
[services s 1]
s3 =
  endpoint_url = http://127.0.0.1:1
dynamodb =
  endpoint_url = http://127.0.0.1:2
`

// TestNamedConfigKeepsSettings: the file is read back as the profiles were, less
// what gives credentials.
func TestNamedConfigKeepsSettings(t *testing.T) {
	t.Parallel()
	made := &namedConfig{config: loadText(t, kept), before: []string{"/a tool", "credential-process"}, after: []string{"--quiet"}, goos: "linux"}
	for _, name := range []string{"two words", "default", "stored only"} {
		if err := made.add(name); err != nil {
			t.Fatal(err)
		}
	}
	back := loadText(t, made.text.String())
	for name, want := range map[string]map[string]any{
		"default":     {"region": "us-east-1", "credential_process": "/a' tool' credential-process default --quiet"},
		"stored only": {"credential_process": "/a' tool' credential-process stored' only' --quiet"},
		"two words": {
			"region": "eu-west-1", "output": "json", "services": "s 1", "retry_mode": "adaptive",
			"s3":                 map[string]string{"max_concurrent_requests": "20", "addressing_style": "path"},
			"credential_process": "/a' tool' credential-process two' words' --quiet",
		},
	} {
		p, err := back.Profile(name)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, p.Settings()); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	s, ok := back.Services("s 1")
	if !ok || len(s.Keys()) != 2 || s.Sub("dynamodb")["endpoint_url"].Text != "http://127.0.0.1:2" {
		t.Errorf("services: %v", s)
	}
}

// A name that cannot be written leaves the file as it was.
func TestNamedConfigRefuses(t *testing.T) {
	t.Parallel()
	made := &namedConfig{config: loadText(t, kept), before: []string{"x"}, goos: "windows"}
	for _, name := range []string{"a#b", "100%", "a\nb"} {
		if err := made.add(name); err == nil || made.text.Len() > 0 || made.names != nil {
			t.Errorf("%q: %v, %q", name, err, made.text.String())
		}
	}
	if line, err := made.process("-dash"); err != nil || line != "x -- -dash" {
		t.Errorf("%s, %v", line, err)
	}
}

func loadText(t *testing.T, text string) *profile.Config {
	t.Helper()
	path := filepath.Join(t.TempDir(), "config")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	config, err := profile.Load(profile.Files{Config: profile.File{Path: path}})
	if err != nil {
		t.Fatal(err)
	}
	return config
}
