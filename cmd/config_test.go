package cmd

import (
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestExampleSettings: what config --example prints is taken as it is, and
// says the defaults where its comment marks are taken away.
func TestExampleSettings(t *testing.T) {
	t.Parallel()
	want, err := load(t, "")
	if err != nil {
		t.Fatal(err)
	}
	example := exampleSettings(settingsTable())
	commented := regexp.MustCompile(`(?m)^( *)#([a-z_]+: )`)
	for name, text := range map[string]string{"as it is": example, "its defaults": commented.ReplaceAllStringFunc(example, func(line string) string {
		for _, entry := range settingsTable() {
			if entry.fallback == "" && leafOf(entry.key) == strings.Trim(line, " #:") {
				return line
			}
		}
		return commented.ReplaceAllString(line, "$1$2")
	})} {
		got, err := load(t, text)
		if err != nil {
			t.Fatalf("%s: %v\n%s", name, err, text)
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v, want %+v", name, got, want)
		}
	}
	if all, err := load(t, commented.ReplaceAllString(example, "$1$2")); err != nil || all.SessionName != "{user}-{profile}" || all.ConsoleBrowser != "firefox --private-window %s" {
		t.Errorf("its examples: %+v, %v", all, err)
	}
}

// TestSettingsAreDescribed: the list says all that the pages need, and each
// example is a value that is taken and changes something.
func TestSettingsAreDescribed(t *testing.T) {
	t.Parallel()
	standard, err := load(t, "")
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range settingsTable() {
		if entry.doc == "" || strings.HasSuffix(entry.doc, ".") || (entry.takes == "") == (entry.choices == nil) || (entry.fallback == "") == (entry.unset == "") {
			t.Errorf("%s is not described: %+v", entry.key, entry)
		}
		if (entry.example == "") != entry.envOnly {
			t.Errorf("%s has no example, or needs none", entry.key)
		}
		if entry.envOnly {
			continue
		}
		for _, value := range append(slices.Clone(entry.choices), entry.example) {
			got := standard
			if err := entry.set(&got, value); err != nil {
				t.Errorf("%s: %s: %v", entry.key, value, err)
			}
			if value != entry.fallback && value == entry.example && reflect.DeepEqual(got, standard) {
				t.Errorf("%s: %s changes nothing", entry.key, value)
			}
		}
	}
}

// TestEverySettingIsProven names for each setting the script that would fail
// if it had no effect.
func TestEverySettingIsProven(t *testing.T) {
	t.Parallel()
	proofs := map[string]string{
		"keyring.backend": "doctor", "keyring.file_dir": "keyring", "keyring.file_passphrase": "keyring",
		"keyring.file_passphrase_file": "keyring", "keyring.file_passphrase_command": "keyring", "keyring.file_unlock_ttl": "keyring",
		"keyring.pass_dir": "settings_pass", "keyring.service_name": "settings_pass", "mfa.prompt": "mfa_dialogs",
		"session.token_duration": "settings_effects", "session.role_duration": "settings_effects", "session.min_ttl": "time_limits",
		"session.backend": "keyring_migrate", "session.name": "settings_effects", "session_token": "settings_effects",
		"sts.regional": "settings_effects", "prompt": "mfa", "quiet": "settings_effects", "env.account_id": "exec_environment",
		"env.aws_vault": "exec_environment", "clear_cache.aws_cli": "clear_cache_awscli", "console.browser": "console_browsers",
		"server.port": "serve", "login.auto": "login_auto", "endpoints.trusted": "web_endpoint", "agents.detect": "settings_effects",
	}
	for _, entry := range settingsTable() {
		script, err := os.ReadFile(filepath.Join("testdata", "script", proofs[entry.key]+".txtar"))
		if err != nil {
			t.Errorf("%s: name the script that sees its effect: %v", entry.key, err)
			continue
		}
		if text := string(script); !strings.Contains(text, entry.variable()+"=") && !strings.Contains(text, leafOf(entry.key)+":") {
			t.Errorf("%s.txtar does not set %s", proofs[entry.key], entry.key)
		}
		delete(proofs, entry.key)
	}
	for key := range proofs {
		t.Errorf("%s is no setting any more", key)
	}
}

// TestMeantSetting: what a name stands for that is no setting.
func TestMeantSetting(t *testing.T) {
	t.Parallel()
	for yaml, want := range map[string]string{
		"keyring:\n  backnd: file\n":                    "unknown setting keyring.backnd (FILE:2): did you mean keyring.backend?",
		"# a comment\nkeyrng:\n  backend: file\n":       "unknown setting keyrng (FILE:2): did you mean keyring?",
		"keyrng: file\n":                                "unknown setting keyrng (FILE:1): did you mean keyring?",
		"token_duration: 1h\n":                          "unknown setting token_duration (FILE:1): did you mean session.token_duration?",
		"quiet: true\ntokn_duration: 1h\n":              "unknown setting tokn_duration (FILE:2): did you mean session.token_duration, session.role_duration?",
		"quite: true\n":                                 "unknown setting quite (FILE:1): did you mean quiet?",
		"session:\n  prompt: never\n":                   "unknown setting session.prompt (FILE:2): did you mean prompt?",
		"env:\n  keyring:\n    backend: file\n":         "unknown setting env.keyring.backend (FILE:3): did you mean keyring.backend?",
		"defaults:\n  file_dir: /x\n":                   "unknown setting defaults (FILE:1): did you mean keyring.file_dir?",
		"role_arn: x\n":                                 "unknown setting role_arn (FILE:1): role_arn is a setting of a profile: put it into ~/.aws/config",
		"session:\n  region: x\n":                       "unknown setting session.region (FILE:2): region is a setting of a profile: put it into ~/.aws/config",
		"zzzzzzzzzzz: x\n":                              "unknown setting zzzzzzzzzzz (FILE:1): see the names with: assume-role config",
		"keyring.backnd: file\n":                        "unknown setting keyring.backnd (FILE:1): did you mean keyring.backend?",
		"keyring:\n  backend: fiel\n":                   "setting keyring.backend must be one of auto, wincred, keychain, secret-service, kwallet, pass, file, keyctl (FILE:2): did you mean file?",
		"session:\n\n  # hm\n  role_duration: soon\n":   "setting session.role_duration must be a duration such as 1h, 90m or 3600 (seconds) (FILE:4)",
		"keyring:\n  file_passphrase: hunter2\n":        "setting keyring.file_passphrase must not stand in config.yaml (FILE:2): set the variable ASSUME_ROLE_KEYRING_FILE_PASSPHRASE",
		"quiet: true\nkeyring: file\n":                  "setting keyring is a section, and has a value (FILE:2): write its settings below it, indented",
		"Keyring:\n  Backnd: file\n":                    "unknown setting keyring.backnd (FILE:2): did you mean keyring.backend?",
		"mfa: &x\n  prompt: totp\nsession:\n  <<: *x\n": "unknown setting session.prompt (FILE): did you mean prompt?",
	} {
		path := filepath.Join(t.TempDir(), "config.yaml")
		if err := os.WriteFile(path, []byte(yaml), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := loadSettings(Host{}, path)
		if err == nil {
			t.Errorf("%q is taken", yaml)
			continue
		}
		if got := strings.ReplaceAll(err.Error(), path, "FILE"); got != want {
			t.Errorf("%q:\ngot  %s\nwant %s", yaml, got, want)
		}
	}
}

// TestEveryStrangerIsNamed: all of them, each once, for who mends the file.
func TestEveryStrangerIsNamed(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "config.yaml")
	if err := os.WriteFile(path, []byte("b: 1\nkeyrng:\n  backend: x\n  file_dir: y\na: 1\nquiet: true\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	file, err := readSettingsFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, s := range file.strangers(settingsTable()) {
		got = append(got, s.at.String()[len(path):]+" "+s.key)
	}
	if want := []string{":5 a", ":1 b", ":2 keyrng"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	var none *settingsFile
	if found := none.strangers(settingsTable()); found != nil {
		t.Errorf("of no file: %v", found)
	}
}
