package cmd

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"assume-role/internal/keystore"
	"assume-role/internal/mfa"
)

// setting is one key of config.yaml and how its text becomes a value.
type setting struct {
	key string
	// doc is what `docs/settings.md` says.
	doc string
	// fallback is the value when nobody says anything, as text.
	fallback string
	// envOnly settings may not stand in config.yaml.
	envOnly bool
	// list settings take several values (a YAML list, or commas).
	list bool
	// guard refuses what a variable may not loosen; nil allows everything.
	guard func(file, env string) bool
	// set parses the text into its place.
	set func(s *Settings, text string) error
}

// variable is the environment's name of the setting.
func (s setting) variable() string {
	return "ASSUME_ROLE_" + strings.ToUpper(strings.ReplaceAll(s.key, ".", "_"))
}

// settingsTable lists every setting; the order is the documentation's.
func settingsTable() []setting {
	return []setting{
		{key: "keyring.backend", fallback: "auto", doc: "where secrets are kept: " + strings.Join(keystore.Backends(), ", "),
			set: oneOf(func(s *Settings) *string { return &s.Keyring.Backend }, keystore.Backends()...)},
		{key: "keyring.file_dir", doc: "folder of the file backend",
			set: path(func(s *Settings) *string { return &s.Keyring.FileDir })},
		{key: "keyring.file_passphrase", envOnly: true, doc: "passphrase of the file backend (a variable only)",
			set: func(*Settings, string) error { return nil }}, // read where it is used: see passphrase.given
		{key: "keyring.file_passphrase_file", doc: "file of mode 0600 that holds the passphrase",
			set: path(func(s *Settings) *string { return &s.Keyring.FilePassphraseFile })},
		{key: "keyring.file_passphrase_command", doc: "command that prints the passphrase",
			set: text(func(s *Settings) *string { return &s.Keyring.FilePassphraseCommand })},
		{key: "keyring.file_unlock_ttl", fallback: "8h", doc: "how long the file backend stays unlocked (Linux kernel keyring); 0 asks every time",
			set: duration(func(s *Settings) *time.Duration { return &s.Keyring.FileUnlockTTL })},
		{key: "keyring.pass_dir", doc: "folder of the pass store",
			set: path(func(s *Settings) *string { return &s.Keyring.PassDir })},
		{key: "keyring.service_name", fallback: "assume-role", doc: "name under which the keyring files our items",
			set: text(func(s *Settings) *string { return &s.Keyring.ServiceName })},
		{key: "mfa.prompt", doc: "the only way to get an MFA code (default: the first of totp, process and terminal that works): " + strings.Join(mfa.Drivers(), ", "),
			set: oneOf(func(s *Settings) *string { return &s.MFAPrompt }, mfa.Drivers()...)},
		{key: "session.token_duration", fallback: "8h", doc: "GetSessionToken's duration",
			set: durationWithin(36*time.Hour, func(s *Settings) *time.Duration { return &s.TokenDuration })},
		{key: "session.role_duration", fallback: "1h", doc: "AssumeRole's duration where the profile has no duration_seconds",
			set: durationWithin(12*time.Hour, func(s *Settings) *time.Duration { return &s.RoleDuration })},
		{key: "session.min_ttl", doc: "least validity that a session must have left; a command's own default where unset",
			set: duration(func(s *Settings) *time.Duration { return &s.MinTTL })},
		{key: "session.backend", doc: "keyring backend for sessions, where it differs from the one for keys",
			set: oneOf(func(s *Settings) *string { return &s.SessionBackend }, keystore.Backends()...)},
		{key: "session.name", doc: "template of the role session name: {user}, {host}, {profile}, ${VARIABLE}",
			set: sessionNameTemplate},
		{key: "session_token", doc: "GetSessionToken in front of a chain: always, mfa, never",
			set: oneOf(func(s *Settings) *string { return &s.SessionToken }, "always", "mfa", "never")},
		{key: "sts.regional", fallback: "true", doc: "regional STS endpoints; false asks for the global one where AWS still has it",
			set: boolean(func(s *Settings) *bool { return &s.RegionalSTS })},
		{key: "prompt", fallback: "auto", doc: "auto, or never: fail instead of asking", guard: stricterPrompt,
			set: oneOf(func(s *Settings) *string { return &s.Prompt }, "auto", "never")},
		{key: "quiet", fallback: "false", doc: "no notes on stderr, errors only",
			set: boolean(func(s *Settings) *bool { return &s.Quiet })},
		{key: "env.account_id", fallback: "true", doc: "give the child AWS_ACCOUNT_ID",
			set: boolean(func(s *Settings) *bool { return &s.EnvAccountID })},
		{key: "env.aws_vault", fallback: "true", doc: "give the child AWS_VAULT, which shell prompts show",
			set: boolean(func(s *Settings) *bool { return &s.EnvAWSVault })},
		{key: "clear_cache.aws_cli", fallback: "true", doc: "clear-cache clears the AWS CLI's role cache, too",
			set: boolean(func(s *Settings) *bool { return &s.ClearAWSCLI })},
		{key: "console.browser", doc: "program that opens addresses, with %s for the address; default: BROWSER, else the desktop's",
			set: text(func(s *Settings) *string { return &s.ConsoleBrowser })},
		{key: "server.port", fallback: "0", doc: "port of serve, 0 for a free one",
			set: port(func(s *Settings) *int { return &s.ServerPort })},
		{key: "login.auto", fallback: "true", doc: "sign in when a token is missing or has ended and a person is at the terminal", guard: stricterBool,
			set: boolean(func(s *Settings) *bool { return &s.LoginAuto })},
		{key: "endpoints.trusted", list: true, doc: "hosts, HOST or HOST:PORT, that may get bearer secrets over plain http", guard: subset,
			set: hosts(func(s *Settings) *[]string { return &s.TrustedEndpoints })},
		{key: "agents.detect", list: true, fallback: "CLAUDECODE,CODEX_SANDBOX,CURSOR_AGENT,GEMINI_CLI,OPENCODE", doc: "variables whose presence means that a coding agent runs the command", guard: superset,
			set: list(func(s *Settings) *[]string { return &s.AgentVariables })},
	}
}

func text(at func(*Settings) *string) func(*Settings, string) error {
	return func(s *Settings, v string) error { *at(s) = v; return nil }
}

func oneOf(at func(*Settings) *string, allowed ...string) func(*Settings, string) error {
	return func(s *Settings, v string) error {
		if v != "" && !slices.Contains(allowed, v) {
			return fmt.Errorf("must be one of %s", strings.Join(allowed, ", "))
		}
		*at(s) = v
		return nil
	}
}

func duration(at func(*Settings) *time.Duration) func(*Settings, string) error {
	return func(s *Settings, v string) error {
		if v == "" {
			return nil
		}
		d, err := parseDuration(v)
		if err != nil {
			return err
		}
		*at(s) = d
		return nil
	}
}

// durationWithin takes what STS takes: 15 minutes at least
// (https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html).
func durationWithin(most time.Duration, at func(*Settings) *time.Duration) func(*Settings, string) error {
	read := duration(at)
	return func(s *Settings, v string) error {
		if err := read(s, v); err != nil {
			return err
		}
		if d := *at(s); v != "" && (d < 15*time.Minute || d > most) {
			return fmt.Errorf("must be from 15m to %gh", most.Hours())
		}
		return nil
	}
}

func boolean(at func(*Settings) *bool) func(*Settings, string) error {
	return func(s *Settings, v string) error {
		b, err := strconv.ParseBool(v)
		if err != nil {
			return fmt.Errorf("must be true or false")
		}
		*at(s) = b
		return nil
	}
}

func port(at func(*Settings) *int) func(*Settings, string) error {
	return func(s *Settings, v string) error {
		n, err := strconv.Atoi(v)
		if err != nil || n < 0 || n > 65535 {
			return fmt.Errorf("must be a port from 0 to 65535")
		}
		*at(s) = n
		return nil
	}
}

func list(at func(*Settings) *[]string) func(*Settings, string) error {
	return func(s *Settings, v string) error { *at(s) = splitList(v); return nil }
}

// hosts is a list of HOST or HOST:PORT.
func hosts(at func(*Settings) *[]string) func(*Settings, string) error {
	read := list(at)
	return func(s *Settings, v string) error {
		for _, host := range splitList(v) {
			if strings.ContainsAny(host, "/*@?#") {
				return fmt.Errorf("has %q, which is neither HOST nor HOST:PORT", host)
			}
		}
		return read(s, v)
	}
}

func splitList(v string) []string {
	return strings.FieldsFunc(v, func(r rune) bool { return r == ',' || r == '\n' || r == ' ' })
}

// The guards: the environment may make a setting stricter, never looser.

func stricterPrompt(file, env string) bool { return env == "never" || file == "auto" }

func stricterBool(file, env string) bool { return env == "false" || file == "true" }

func subset(file, env string) bool {
	have := splitList(file)
	return !slices.ContainsFunc(splitList(env), func(v string) bool { return !slices.Contains(have, v) })
}

func superset(file, env string) bool { return subset(env, file) }
