package cmd

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func load(t *testing.T, yaml string, env ...string) (Settings, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "config.yaml")
	if yaml == "/" {
		path = t.TempDir()
	} else if yaml != "" {
		if err := os.WriteFile(path, []byte(yaml), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return loadSettings(Host{Environ: env}, path)
}

func TestSettingsDefaults(t *testing.T) {
	s, err := load(t, "")
	if err != nil {
		t.Fatal(err)
	}
	if s.TokenDuration != 8*time.Hour || s.RoleDuration != time.Hour || !s.RegionalSTS ||
		s.Keyring.Backend != "auto" || s.Keyring.FileUnlockTTL != 8*time.Hour || s.Prompt != "auto" ||
		!s.EnvAccountID || !s.EnvAWSVault || !s.ClearAWSCLI || !s.LoginAuto {
		t.Errorf("defaults: %+v", s)
	}
}

func TestLaterSettingsWin(t *testing.T) {
	s, err := load(t, "keyring:\n  backend: pass\nsession:\n  token_duration: 1h\n  role_duration: 1800\n",
		"ASSUME_ROLE_KEYRING_BACKEND=file", "ASSUME_ROLE_SOMEBODY_ELSES=x")
	if err != nil {
		t.Fatal(err)
	}
	if s.Keyring.Backend != "file" || s.TokenDuration != time.Hour || s.RoleDuration != 30*time.Minute {
		t.Errorf("got %+v", s)
	}
}

func TestSettingsRefused(t *testing.T) {
	for _, tc := range []struct {
		name, yaml, env string
		want            []string
	}{
		{"unknown key", "keyrings: x\n", "", []string{"keyrings"}},
		{"unknown nested key", "keyring:\n  backnd: file\n", "", []string{"keyring.backnd"}},
		{"bad value", "session:\n  role_duration: soon\n", "", []string{"session.role_duration", "duration"}},
		{"bad backend", "keyring:\n  backend: vault\n", "", []string{"keyring.backend", "file"}},
		{"bad variable", "", "ASSUME_ROLE_STS_REGIONAL=maybe", []string{"ASSUME_ROLE_STS_REGIONAL", "true or false"}},
		{"list for a value", "mfa:\n  prompt: [a, b]\n", "", []string{"mfa.prompt", "list"}},
		{"section for a value", "quiet:\n  a: b\n", "", []string{"quiet"}},
		{"value for a section", "keyring: file\n", "", []string{"keyring", "section", "config.yaml"}},
		{"token too long", "", "ASSUME_ROLE_SESSION_TOKEN_DURATION=129601", []string{"ASSUME_ROLE_SESSION_TOKEN_DURATION", "15m", "36h"}},
		{"token too short", "session:\n  token_duration: 1m\n", "", []string{"session.token_duration", "config.yaml", "15m"}},
		{"role too long", "session:\n  role_duration: 20h\n", "", []string{"session.role_duration", "12h"}},
		{"unknown place in the name", "session:\n  name: \"{user}-{team}\"\n", "", []string{"session.name", "{team}", "{profile}"}},
		{"open brace in the name", "session:\n  name: \"x{user\"\n", "", []string{"session.name"}},
		{"path of no fixed place", "keyring:\n  file_dir: keys\n", "", []string{"keyring.file_dir", "absolute", "~/"}},
		{"path of another's home", "", "ASSUME_ROLE_KEYRING_FILE_PASSPHRASE_FILE=~root/x", []string{"ASSUME_ROLE_KEYRING_FILE_PASSPHRASE_FILE", "absolute"}},
		{"said twice, in two cases", "quiet: true\nQUIET: false\n", "", []string{"setting QUIET is said twice", "config.yaml:2"}},
		{"a section twice, in two cases", "keyring: {backend: file}\nKeyring: {service_name: x}\n", "", []string{"setting Keyring is said twice", "config.yaml:2"}},
		{"said twice, once with a dot", "session:\n  role_duration: 2h\nsession.role_duration: 3h\n", "", []string{"session.role_duration", "twice", "config.yaml:3"}},
		{"two documents", "quiet: true\n---\nquiet: false\n", "", []string{"several", "---"}},
		{"a list in a list", "agents:\n  detect: [A, [B, C]]\n", "", []string{"agents.detect", "words", "config.yaml:2"}},
		{"nothing in a list", "endpoints:\n  trusted: [a, null]\n", "", []string{"endpoints.trusted", "words", "config.yaml:2"}},
		{"a folder", "/", "", []string{"cannot read the settings", "not a regular file"}},
		{"larger than any settings", strings.Repeat("# nothing\n", 200_000), "", []string{"cannot read the settings", "within the limit"}},
		{"not yaml", "a: b: c\n", "", []string{"not valid YAML"}},
		{"passphrase in the file", "keyring:\n  file_passphrase: hunter2\n", "", []string{"keyring.file_passphrase", "ASSUME_ROLE_KEYRING_FILE_PASSPHRASE"}},
		{"prompt made looser", "prompt: never\n", "ASSUME_ROLE_PROMPT=auto", []string{"prompt", "stricter"}},
		{"endpoints made looser", "endpoints:\n  trusted: [a]\n", "ASSUME_ROLE_ENDPOINTS_TRUSTED=b", []string{"endpoints.trusted", "stricter"}},
		{"an address for a host", "endpoints:\n  trusted: [a, \"http://b\"]\n", "", []string{"endpoints.trusted", "http://b", "HOST:PORT"}},
		{"a pattern for a host", "endpoints:\n  trusted: \"*.b\"\n", "", []string{"endpoints.trusted", "*.b", "HOST:PORT"}},
		{"agents made looser", "agents:\n  detect: [A, B]\n", "ASSUME_ROLE_AGENTS_DETECT=A", []string{"agents.detect", "stricter"}},
		{"login made looser", "login:\n  auto: false\n", "ASSUME_ROLE_LOGIN_AUTO=true", []string{"login.auto", "stricter"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := load(t, tc.yaml, tc.env)
			if err == nil {
				t.Fatal("accepted")
			}
			for _, word := range tc.want {
				if !strings.Contains(err.Error(), word) {
					t.Errorf("%q is not in %q", word, err)
				}
			}
			if strings.Contains(err.Error(), "hunter2") {
				t.Errorf("a secret is in %q", err)
			}
		})
	}
}

func TestSettingsThatSayNothing(t *testing.T) {
	for _, yaml := range []string{"", "# nothing\n", "null\n", "keyring:\n", "keyring:\n  # backend: file\nquiet:\n", "session:\n  name: ${TEAM}-{user}\n"} {
		if _, err := load(t, yaml); err != nil {
			t.Errorf("%q: %v", yaml, err)
		}
	}
	_, err := loadSettings(Host{}, filepath.Join(os.DevNull, "assume-role", "config.yaml"))
	if err != nil {
		t.Errorf("a home folder that is none: %v", err)
	}
}

// TestSettingsAsWritten: what YAML takes for a number or a date is the text that
// the user wrote.
func TestSettingsAsWritten(t *testing.T) {
	for written, want := range map[string]string{
		"0123": "0123", "1.50": "1.50", "2026-11-22": "2026-11-22", "0x1F": "0x1F", "on": "on", `"a b"`: "a b", "&x 007": "007",
	} {
		s, err := load(t, "keyring:\n  service_name: "+written+"\n")
		if err != nil || s.Keyring.ServiceName != want {
			t.Errorf("%s: %q, %v", written, s.Keyring.ServiceName, err)
		}
	}
	s, err := load(t, "keyring: &k\n  service_name: &n 007\n", "ASSUME_ROLE_PROMPT=never")
	if err != nil || s.Keyring.ServiceName != "007" {
		t.Errorf("%+v, %v", s.Keyring, err)
	}
}

func TestSettingsMadeStricter(t *testing.T) {
	s, err := load(t, "endpoints:\n  trusted: [a, b]\nagents:\n  detect: [A]\n",
		"ASSUME_ROLE_PROMPT=never", "ASSUME_ROLE_LOGIN_AUTO=false", "ASSUME_ROLE_ENDPOINTS_TRUSTED=a", "ASSUME_ROLE_AGENTS_DETECT=A,B")
	if err != nil {
		t.Fatal(err)
	}
	if s.Prompt != "never" || s.LoginAuto || len(s.TrustedEndpoints) != 1 || len(s.AgentVariables) != 2 {
		t.Errorf("got %+v", s)
	}
}

func TestPlacesFollowXDG(t *testing.T) {
	home := string(filepath.Separator) + filepath.Join("home", "u")
	abs := string(filepath.Separator) + "x"
	got := placesOf(Host{GOOS: "linux", Environ: []string{"XDG_CONFIG_HOME=" + abs, "XDG_STATE_HOME=relative"}}, home)
	want := places{
		settings: filepath.Join(abs, "assume-role", "config.yaml"),
		state:    filepath.Join(home, ".local", "state", "assume-role"),
		keyring:  filepath.Join(home, ".local", "share", "assume-role", "keyring"),
	}
	if got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}
