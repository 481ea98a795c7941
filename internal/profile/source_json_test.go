package profile

import (
	"encoding/binary"
	"encoding/json"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"assume-role/internal/creds"
	"assume-role/internal/fault"
)

const stsAnswer = `{"Credentials": {"AccessKeyId": "ASIAX", "SecretAccessKey": "s3cr3t", "SessionToken": "t0k3n", "Expiration": "2026-01-02T03:04:05+00:00"}}`

// Windows PowerShell's > writes UTF-16 with a mark, other programs a mark of
// UTF-8 or line ends of Windows.
func TestParseJSONInOtherEncodings(t *testing.T) {
	t.Parallel()
	wide := []byte{0xff, 0xfe}
	for _, unit := range utf16.Encode([]rune(stsAnswer + "\r\n")) {
		wide = binary.LittleEndian.AppendUint16(wide, unit)
	}
	for name, text := range map[string]string{
		"plain": stsAnswer, "UTF-8 with a mark": "\ufeff" + stsAnswer, "UTF-16": string(wide),
		"Windows": strings.ReplaceAll(stsAnswer, ",", ",\r\n") + "\r\n",
	} {
		c, err := parseJSON(given{name: "--from-json"}, creds.Secret(text))
		if err != nil || c.AccessKeyID != "ASIAX" || c.SessionToken != "t0k3n" {
			t.Errorf("%s: %+v %v", name, c, err)
		}
	}
	if _, err := parseJSON(given{name: "--from-json"}, creds.Secret(wide[:len(wide)-1])); err == nil {
		t.Error("half a character was taken")
	}
}

// Without a clock credentials are taken to be valid, and with one they end at
// their second.
func TestJSONExpiry(t *testing.T) {
	t.Parallel()
	cfg, err := load2(t, "", "")
	if err != nil {
		t.Fatal(err)
	}
	end := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	for _, tc := range []struct {
		now  func() time.Time
		over bool
	}{
		{nil, false},
		{func() time.Time { return end.Add(-time.Second) }, false},
		{func() time.Time { return end }, true},
	} {
		chain, err := Resolve(cfg, Request{FromJSON: &Document{Name: "stdin", Text: stsAnswer}, Now: tc.now})
		if err != nil || (chain.Source.Unavailable != nil) != tc.over {
			t.Errorf("over %v: %+v %v", tc.over, chain, err)
		}
	}
}

// FuzzParseJSON: whatever is given, the answer is complete credentials or an
// error that shows nothing of it.
func FuzzParseJSON(f *testing.F) {
	f.Add(stsAnswer)
	f.Add(`{"Version": 1, "AccessKeyId": "AKIA", "SecretAccessKey": "s3cr3t", "AccountId": "123456789012"}`)
	f.Add(`{"AWS_ACCESS_KEY_ID": "AKIA", "AWS_SECRET_ACCESS_KEY": "s3cr3t", "AWS_CREDENTIAL_EXPIRATION": "x"}`)
	f.Add(`{"Credentials": null, "AssumedRoleUser": {"Arn": "arn:aws:sts::1:assumed-role/a/b"}}`)
	f.Add("\xff\xfe{\x00}\x00")
	f.Fuzz(func(t *testing.T, text string) {
		c, err := parseJSON(given{name: "--from-json"}, creds.Secret(text))
		if err == nil {
			if !c.Complete() || !printable(c.AccessKeyID+c.SecretAccessKey.Reveal()+c.SessionToken.Reveal()) {
				t.Errorf("took %q", text)
			}
			return
		}
		problem, ok := err.(*fault.Error)
		if !ok || problem.Hint == "" || strings.ContainsRune(err.Error(), '\n') {
			t.Fatalf("not fit to be shown: %v", err)
		}
		var parts map[string]any
		if json.Unmarshal([]byte(text), &parts) == nil {
			if secret, _ := parts["SecretAccessKey"].(string); len(secret) > 20 && strings.Contains(err.Error(), secret) {
				t.Errorf("it shows the secret: %v", err)
			}
		}
	})
}
