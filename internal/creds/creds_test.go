package creds

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"
)

func TestSecretNeverPrints(t *testing.T) {
	const canary = "wJalrXUtnFEMI-canary"
	c := Credentials{AccessKeyID: "AKIAEXAMPLE", SecretAccessKey: canary, SessionToken: canary}
	var out bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d"} {
		fmt.Fprintf(&out, verb+verb+verb+"\n", c, &c, c.SecretAccessKey)
	}
	slog.New(slog.NewTextHandler(&out, nil)).Info("x", "c", c, "s", c.SessionToken)
	slog.New(slog.NewJSONHandler(&out, nil)).Info("x", "c", c, "s", c.SessionToken)
	if err := json.NewEncoder(&out).Encode(map[string]any{"c": c, "p": &c, "s": c.SessionToken}); err != nil {
		t.Fatal(err)
	}
	hex := fmt.Sprintf("%x", canary)
	for _, leak := range []string{canary, hex, strings.ToUpper(hex)} {
		if strings.Contains(out.String(), leak) {
			t.Errorf("a secret was printed:\n%s", out.String())
		}
	}
	if !strings.Contains(out.String(), "AKIAEXAMPLE") {
		t.Error("the access key id should be visible")
	}
	if got := c.SecretAccessKey.Reveal(); got != canary {
		t.Errorf("Reveal() = %q", got)
	}
}

func TestTemporaryAndComplete(t *testing.T) {
	for _, tc := range []struct {
		c                   Credentials
		temporary, complete bool
	}{
		{Credentials{}, false, false},
		{Credentials{AccessKeyID: "a"}, false, false},
		{Credentials{AccessKeyID: "a", SecretAccessKey: "b"}, false, true},
		{Credentials{AccessKeyID: "a", SecretAccessKey: "b", SessionToken: "c"}, true, true},
	} {
		if tc.c.Temporary() != tc.temporary || tc.c.Complete() != tc.complete {
			t.Errorf("%+v: Temporary %v, Complete %v", tc.c, tc.c.Temporary(), tc.c.Complete())
		}
	}
}

func TestExpirationText(t *testing.T) {
	t.Parallel()
	east := time.FixedZone("", 2*60*60)
	for want, at := range map[string]time.Time{
		"":                     {},
		"2026-01-02T01:04:05Z": time.Date(2026, 1, 2, 3, 4, 5, 999_999_999, east),
	} {
		if got := (Credentials{Expiration: at}).ExpirationText(); got != want {
			t.Errorf("%s: %q, want %q", at, got, want)
		}
	}
}
