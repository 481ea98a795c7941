package assume

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
)

func TestMetadataDocument(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for _, tc := range []struct{ name, value, why string }{
		{"", "", ""},
		{"AccessKeyId", "", "no AccessKeyId"},
		{"SecretAccessKey", "", "no SecretAccessKey"},
		{"Token", "", "no Token"},
		{"Expiration", "", "no Expiration"},
		{"AccessKeyId", "A B", "a malformed AccessKeyId"},
		{"SecretAccessKey", "canary\n", "a malformed SecretAccessKey"},
		{"Token", "canary\x00", "a malformed Token"},
		{"Token", "canaryé", "a malformed Token"},
		{"Expiration", "soon", "an Expiration that is no time"},
		{"Expiration", "2026-01-01T00:00:00Z", "credentials that expired at 2026-01-01T00:00:00Z"},
		{"Expiration", "2026-01-01T01:00:00+02:00", "credentials that expired at 2025-12-31T23:00:00Z"},
		{"Expiration", "2026-01-01T00:00:01Z", ""},
	} {
		text := map[string]string{"AccessKeyId": "ASIAX", "SecretAccessKey": "canary", "Token": "canary", "Expiration": "2026-01-01T06:00:00Z"}
		text[tc.name] = tc.value
		data, err := json.Marshal(text)
		if err != nil {
			t.Fatal(err)
		}
		var d metadataDocument
		if err := json.Unmarshal(data, &d); err != nil {
			t.Fatal(err)
		}
		c, why := d.credentials(now)
		if why != tc.why || (why == "") != c.Complete() || strings.Contains(why, "canary") {
			t.Errorf("%s = %q: %q, want %q", tc.name, tc.value, why, tc.why)
		}
	}
}

func TestMetadataAccount(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ account, role, want string }{
		{"", "", ""},
		{"123456789012", "", "123456789012"},
		{"123456789012", "arn:aws:iam::210987654321:role/x", "123456789012"},
		{"", "arn:aws:iam::210987654321:role/x", "210987654321"},
		{"12", "arn:aws:iam::21098765432x:role/x", ""},
		{"", "arn:aws:iam:210987654321", ""},
	} {
		if got := (metadataDocument{AccountID: tc.account, RoleARN: tc.role}).account(); got != tc.want {
			t.Errorf("%+v: %q", tc, got)
		}
	}
}

// FuzzMetadataDocument: what is taken can sign, ends later than now, and has
// nothing in it that could be more than a variable's value.
func FuzzMetadataDocument(f *testing.F) {
	for _, seed := range []string{
		`{"AccessKeyId":"A","SecretAccessKey":"s","Token":"t","Expiration":"2099-01-01T00:00:00Z","AccountId":"123456789012"}`,
		`{"accesskeyid":"A","secretaccesskey":"s","token":"t","expiration":"2099-01-01T00:00:00+14:00","RoleArn":"arn:aws:iam::123456789012:role/x"}`,
		`{"Code":"Failed"}`, `[]`, `{"Token":{}}`, `{"AccessKeyId":"A\u0000","SecretAccessKey":"s","Token":"t","Expiration":"9999-12-31T23:59:60Z"}`,
	} {
		f.Add([]byte(seed))
	}
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, data []byte) {
		var d metadataDocument
		if json.Unmarshal(data, &d) != nil {
			return
		}
		c, why := d.credentials(now)
		if why != "" {
			return
		}
		if !c.Complete() || !c.Temporary() || !c.Expiration.After(now) {
			t.Errorf("%+v", c)
		}
		for _, text := range []string{c.AccessKeyID, c.SecretAccessKey.Reveal(), c.SessionToken.Reveal(), c.AccountID} {
			if strings.ContainsAny(text, "\x00\n\r \x1b") {
				t.Errorf("%q", text)
			}
		}
	})
}
