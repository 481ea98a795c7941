package cmd

import (
	"errors"
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
	// doc says what it is for.
	doc string
	// takes says what may be its value, where choices do not.
	takes string
	// choices are all the values there are.
	choices []string
	// fallback is the value when nobody says anything, as text.
	fallback string
	// unset says what holds where there is no fallback.
	unset string
	// example is a value that somebody may want.
	example string
	// flag is the command line's way to say it, if there is one.
	flag string
	// envOnly settings may not stand in config.yaml. They are secrets.
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

// settingsTable lists every setting; the order is the documentation's. It is
// walked at every start, so what it says is written out.
func settingsTable() []setting {
	backends := keystore.Backends()
	return slices.Concat(settingsOfKeyring(backends), settingsOfSessions(backends), settingsOfPrompts(mfa.Drivers()), settingsOfHandover())
}

func settingsOfKeyring(backends []string) []setting {
	return []setting{
		{key: "keyring.backend", fallback: "auto", choices: backends, example: "file", flag: "--keyring-backend",
			doc: "where secrets are kept",
			set: oneOf(func(s *Settings) *string { return &s.Keyring.Backend }, backends...)},
		{key: "keyring.file_dir", takes: "a folder", unset: "`keyring` in the tool's data folder", example: "~/secrets/assume-role",
			doc: "folder of the file backend",
			set: path(func(s *Settings) *string { return &s.Keyring.FileDir })},
		{key: "keyring.file_passphrase", takes: "a passphrase", envOnly: true, unset: "the file, the command, or a prompt",
			doc: "passphrase of the file backend; a variable only: it must not stand in config.yaml",
			set: func(*Settings, string) error { return nil }}, // read where it is used: see passphrase.given
		{key: "keyring.file_passphrase_file", takes: "a file", unset: "none", example: "~/.config/assume-role/passphrase",
			doc: "file of mode 0600 that holds the passphrase of the file backend",
			set: path(func(s *Settings) *string { return &s.Keyring.FilePassphraseFile })},
		{key: "keyring.file_passphrase_command", takes: "a command", unset: "none", example: "pass show assume-role",
			doc: "command that prints the passphrase of the file backend",
			set: text(func(s *Settings) *string { return &s.Keyring.FilePassphraseCommand })},
		{key: "keyring.file_unlock_ttl", fallback: "8h", takes: "a duration", example: "12h",
			doc: "how long the file backend stays unlocked, in the kernel keyring of Linux; 0 asks every time",
			set: duration(func(s *Settings) *time.Duration { return &s.Keyring.FileUnlockTTL })},
		{key: "keyring.pass_dir", takes: "a folder", unset: "what pass itself uses", example: "~/.password-store-work",
			doc: "folder of the pass store",
			set: path(func(s *Settings) *string { return &s.Keyring.PassDir })},
		{key: "keyring.service_name", fallback: "assume-role", takes: "a name", example: "assume-role-work",
			doc: "name under which the keyring files our items",
			set: text(func(s *Settings) *string { return &s.Keyring.ServiceName })},
	}
}

func settingsOfSessions(backends []string) []setting {
	return []setting{
		{key: "session.token_duration", fallback: "8h", takes: "a duration from 15m to 36h", example: "12h", flag: "--duration",
			doc: "how long a session of GetSessionToken or GetFederationToken lasts",
			set: durationWithin(36*time.Hour, func(s *Settings) *time.Duration { return &s.TokenDuration })},
		{key: "session.role_duration", fallback: "1h", takes: "a duration from 15m to 12h", example: "4h", flag: "--duration",
			doc: "how long a role's session lasts where the profile has no duration_seconds",
			set: durationWithin(12*time.Hour, func(s *Settings) *time.Duration { return &s.RoleDuration })},
		{key: "session.min_ttl", takes: "a duration", unset: "5m; 15m for credential-process and servers", example: "10m", flag: "--min-ttl",
			doc: "least validity that a session must have left to be used",
			set: duration(func(s *Settings) *time.Duration { return &s.MinTTL })},
		{key: "session.backend", choices: backends, unset: "keyring.backend", example: "keyctl",
			doc: "keyring backend for sessions, where it differs from the one for keys",
			set: oneOf(func(s *Settings) *string { return &s.SessionBackend }, backends...)},
		{key: "session.name", takes: "text with {user}, {host}, {profile} and ${VARIABLE}", unset: "{user}@{host}", example: "{user}-{profile}", flag: "--session-name",
			doc: "template of the role session name",
			set: sessionNameTemplate},
		{key: "session_token", choices: []string{"always", "mfa", "never"}, unset: "always; never with an endpoint outside AWS and no MFA device", example: "mfa", flag: "--no-session-token",
			doc: "whether GetSessionToken comes first where a chain begins with long-lived keys; a profile's own session_token comes before it",
			set: oneOf(func(s *Settings) *string { return &s.SessionToken }, "always", "mfa", "never")},
		{key: "sts.regional", fallback: "true", takes: trueOrFalse, example: "false",
			doc: "regional STS endpoints; false asks for the global one where AWS still has it",
			set: boolean(func(s *Settings) *bool { return &s.RegionalSTS })},
	}
}

const trueOrFalse = "true or false"

func settingsOfPrompts(drivers []string) []setting {
	return []setting{
		{key: "mfa.prompt", choices: drivers, unset: "the first of totp, process and terminal that works", example: "pinentry", flag: "--mfa-prompt",
			doc: "the only way to get an MFA code",
			set: oneOf(func(s *Settings) *string { return &s.MFAPrompt }, drivers...)},
		{key: "prompt", fallback: "auto", choices: []string{"auto", "never"}, example: "never", flag: "--no-prompt", guard: stricterPrompt,
			doc: "whether a person may be asked; never: fail instead",
			set: oneOf(func(s *Settings) *string { return &s.Prompt }, "auto", "never")},
		{key: "login.auto", fallback: "true", takes: trueOrFalse, example: "false", guard: stricterBool,
			doc: "sign in when a token is missing or has ended and a person is at the terminal",
			set: boolean(func(s *Settings) *bool { return &s.LoginAuto })},
		{key: "quiet", fallback: "false", takes: trueOrFalse, example: "true", flag: "--quiet",
			doc: "no notes on stderr, errors only",
			set: boolean(func(s *Settings) *bool { return &s.Quiet })},
		{key: "console.browser", takes: "a command, with %s for the address", unset: "BROWSER, else the desktop's", example: "firefox --private-window %s", flag: "--browser",
			doc: "program that opens addresses",
			set: text(func(s *Settings) *string { return &s.ConsoleBrowser })},
	}
}

func settingsOfHandover() []setting {
	return []setting{
		{key: "env.account_id", fallback: "true", takes: trueOrFalse, example: "false",
			doc: "give the child AWS_ACCOUNT_ID",
			set: boolean(func(s *Settings) *bool { return &s.EnvAccountID })},
		{key: "env.aws_vault", fallback: "true", takes: trueOrFalse, example: "false",
			doc: "give the child AWS_VAULT, which shell prompts show",
			set: boolean(func(s *Settings) *bool { return &s.EnvAWSVault })},
		{key: "clear_cache.aws_cli", fallback: "true", takes: trueOrFalse, example: "false", flag: "--keep-aws-cli",
			doc: "whether clear-cache clears the AWS CLI's role cache, too",
			set: boolean(func(s *Settings) *bool { return &s.ClearAWSCLI })},
		{key: "server.port", fallback: "0", takes: "a port from 0 to 65535", example: "9911", flag: "--port",
			doc: "port of serve; 0 takes a free one",
			set: port(func(s *Settings) *int { return &s.ServerPort })},
		{key: "endpoints.trusted", list: true, takes: "hosts, HOST or HOST:PORT", unset: "none", example: "sts.test.internal:8443", guard: subset,
			doc: "hosts that may get bearer secrets over plain http",
			set: hosts(func(s *Settings) *[]string { return &s.TrustedEndpoints })},
		{key: "agents.detect", list: true, fallback: agentVariables, takes: "names of variables", example: agentVariables + ",MY_AGENT", guard: superset,
			doc: "variables whose presence means that a coding agent runs the command",
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
			return errors.New("must be true or false")
		}
		*at(s) = b
		return nil
	}
}

func port(at func(*Settings) *int) func(*Settings, string) error {
	return func(s *Settings, v string) error {
		n, err := strconv.Atoi(v)
		if err != nil || n < 0 || n > 65535 {
			return errors.New("must be a port from 0 to 65535")
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
