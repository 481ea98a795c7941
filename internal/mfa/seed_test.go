package mfa

import (
	"encoding/base32"
	"errors"
	"strings"
	"testing"
	"time"

	"assume-role/internal/creds"
	"assume-role/internal/fault"
)

// canary is a TOTP secret that must not show up anywhere.
const canary = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"

// TestCodesOfRFC6238 has the vectors of RFC 6238, appendix B, in six digits.
func TestCodesOfRFC6238(t *testing.T) {
	t.Parallel()
	seeds := map[string]string{
		"SHA1":   "12345678901234567890",
		"SHA256": "12345678901234567890123456789012",
		"SHA512": "1234567890123456789012345678901234567890123456789012345678901234",
	}
	for _, v := range []struct {
		at        int64
		algorithm string
		want      creds.Secret
	}{
		{59, "SHA1", "287082"}, {59, "SHA256", "119246"}, {59, "SHA512", "693936"},
		{1111111109, "SHA1", "081804"}, {1111111109, "SHA256", "084774"}, {1111111109, "SHA512", "091201"},
		{1111111111, "SHA1", "050471"}, {1111111111, "SHA256", "062674"}, {1111111111, "SHA512", "943326"},
		{1234567890, "SHA1", "005924"}, {1234567890, "SHA256", "819424"}, {1234567890, "SHA512", "441116"},
		{2000000000, "SHA1", "279037"}, {2000000000, "SHA256", "698825"}, {2000000000, "SHA512", "618901"},
		{20000000000, "SHA1", "353130"}, {20000000000, "SHA256", "737706"}, {20000000000, "SHA512", "863826"},
	} {
		text := base32.StdEncoding.EncodeToString([]byte(seeds[v.algorithm]))
		seed, err := ParseSeed(creds.Secret("otpauth://totp/x?algorithm=" + v.algorithm + "&secret=" + text))
		if err != nil {
			t.Fatal(err)
		}
		if got, err := seed.Code(time.Unix(v.at, 0)); err != nil || got != v.want {
			t.Errorf("%s at %d: %s, %v; want %s", v.algorithm, v.at, got.Reveal(), err, v.want.Reveal())
		}
	}
}

func TestParseSeedTakes(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]Seed{
		canary: {canary, "SHA1"},
		"  gezd gnbv gy3t qojq gezd gnbv gy3t qojq\r\n":                                                    {canary, "SHA1"},
		"GEZD-GNBV-GY3T-QOJQ-GEZD-GNBV-GY3T-QOJQ":                                                          {canary, "SHA1"},
		"GEZDGNBVGY3TQOJQGE======":                                                                         {"GEZDGNBVGY3TQOJQGE", "SHA1"},
		"gezdgnbvgy3tqojqge":                                                                               {"GEZDGNBVGY3TQOJQGE", "SHA1"},
		"otpauth://totp/Amazon%20Web%20Services:alice@123?secret=" + canary:                                {canary, "SHA1"},
		"OTPAUTH://TOTP/a?secret=" + strings.ToLower(canary) + "&issuer=A%26":                              {canary, "SHA1"},
		"otpauth://totp/a?digits=6&period=30&algorithm=sha256&secret=" + canary + "&image=https%3A%2F%2Fx": {canary, "SHA256"},
		"otpauth://totp/?secret=GEZD+GNBV+GY3T+QOJQ":                                                       {"GEZDGNBVGY3TQOJQ", "SHA1"},
	} {
		if got, err := ParseSeed(creds.Secret(text)); err != nil || got != want {
			t.Errorf("%s: %s %s, %v", text, got.Secret.Reveal(), got.Algorithm, err)
		}
	}
}

func TestParseSeedRefuses(t *testing.T) {
	t.Parallel()
	uri := "otpauth://totp/a?secret=" + canary
	for text, why := range map[string]string{
		"": "empty", " ": "empty", "====": "empty", "123456": "base32", "234567": "characters are missing", "ABCD2345": "too short", "GEZDGNBVGY3TQOJ": "too short",
		canary + "1": "base32", canary + "A": "characters are missing", canary + "!": "base32", "é" + canary: "base32",
		strings.Repeat("A", maxSeed+8): "too long", strings.Repeat(" ", maxSeedText) + "x": "base32", strings.Repeat("A", maxSeedText+8): "too long",
		strings.Replace(uri, "totp", "hotp", 1): "hotp", strings.Replace(uri, "totp", "steam", 1): "not of type totp",
		uri + "&digits=8": "6 digits", uri + "&digits=06": "6 digits", uri + "&period=60": "30 seconds", uri + "&period=x": "30 seconds",
		uri + "&algorithm=MD5": "algorithm", uri + "&algorithm=SHA-1": "algorithm", uri + "&secret=" + canary: "more than one secret",
		"otpauth://totp/a": "empty", "otpauth://totp/a?secret=": "empty", "otpauth:" + canary: "not of type totp",
		"otpauth://totp/%zz?secret=" + canary: "cannot be parsed", "otpauth://totp/a?secret=" + canary + "%zz": "cannot be parsed", uri + ";x": "cannot be parsed",
		"otpauth-migration://offline?data=" + canary: "several accounts",
	} {
		got, err := ParseSeed(creds.Secret(text))
		var f *fault.Error
		if !errors.As(err, &f) || f.Code != fault.InvalidValue || f.Hint == "" || !strings.Contains(err.Error(), why) || got.Secret != "" {
			t.Errorf("%q: %v", text, err)
		} else if chain := err.Error() + f.Hint + errorsIn(f); strings.Contains(chain, "GEZD") {
			t.Errorf("%q is quoted: %s", text, chain)
		}
	}
}

// errorsIn is what --debug could show of the causes.
func errorsIn(f *fault.Error) string {
	if f.Err == nil {
		return ""
	}
	return f.Err.Error()
}

func TestCodeOfAnUnknownAlgorithm(t *testing.T) {
	t.Parallel()
	for _, seed := range []Seed{{}, {canary, "MD5"}, {"1", "SHA1"}} {
		if code, err := seed.Code(time.Unix(0, 0)); err == nil || code != "" {
			t.Errorf("%v: %s, %v", seed, code.Reveal(), err)
		}
	}
}

// FuzzParseSeed: whatever is taken makes codes, and means itself.
func FuzzParseSeed(f *testing.F) {
	for _, seed := range []string{"", canary, "gezd gnbv gy3t qojq", "otpauth://totp/a?secret=" + canary + "&algorithm=SHA512", "otpauth://hotp/", "otpauth:%"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		seed, err := ParseSeed(creds.Secret(text))
		if err != nil {
			return
		}
		if code, err := seed.Code(time.Unix(1, 0)); err != nil || !wellFormed(code) {
			t.Errorf("code %q, %v", code.Reveal(), err)
		}
		again, err := ParseSeed(creds.Secret("otpauth://totp/?algorithm=" + seed.Algorithm + "&secret=" + seed.Secret.Reveal()))
		if err != nil || again != seed {
			t.Errorf("%v is read again as %v, %v", seed, again, err)
		}
	})
}
