package creds

import (
	"fmt"
	"io"
	"log/slog"
)

// redacted stands for a secret wherever one would have been printed. It is
// the mark that the `settings` of `list --json` use, too.
const redacted = "***"

// Secret is text that must never reach a log, an error or a terminal: a
// secret key, a session token, an MFA code, a passphrase. Every verb of fmt,
// slog and encoding/json shows three stars instead.
type Secret string

// Reveal returns the secret itself, for the few places that hand it over.
func (s Secret) Reveal() string { return string(s) }

// Format implements fmt.Formatter for every verb, %#v and %x included.
func (s Secret) Format(w fmt.State, _ rune) { _, _ = io.WriteString(w, s.mask()) }

// String returns the redacted form.
func (s Secret) String() string { return s.mask() }

// LogValue implements slog.LogValuer.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.mask()) }

// MarshalText implements encoding.TextMarshaler, and so covers JSON and YAML.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.mask()), nil }

func (s Secret) mask() string {
	if s == "" {
		return ""
	}
	return redacted
}
