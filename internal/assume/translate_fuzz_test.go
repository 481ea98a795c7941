package assume

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"assume-role/internal/creds"
	"assume-role/internal/fault"
	"assume-role/internal/profile"
)

// FuzzAnswer gives any answer in STS's place: it becomes credentials or one
// line of bounded length, with the profile, the call and a next step.
func FuzzAnswer(f *testing.F) {
	const document = `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>%s</Code><Message>%s</Message></Error><RequestId>r</RequestId></ErrorResponse>`
	for _, row := range wireRows() {
		f.Add(row.status, fmt.Sprintf(document, row.code, row.message))
	}
	f.Add(200, "<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>ASIA</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>")
	f.Add(200, "<AssumeRoleResponse><AssumeRoleResult/></AssumeRoleResponse>")
	f.Add(403, fmt.Sprintf(document, "AccessDenied", "an-echo-of-canary-secret \x1b[31m\r\n\u202e"))
	f.Add(302, "")
	f.Add(511, "<html>")
	var status int
	var body string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	}))
	f.Cleanup(server.Close)
	debug := &lines{}
	assumer := New(Options{SessionName: func() string { return "alice" }, Now: time.Now, Debug: debug.add, UserAgent: "assume-role/test"})
	call := profile.Call{Kind: profile.AssumeRole, Profile: "dev", RoleARN: "arn:aws:iam::123456789012:role/r"}
	f.Fuzz(func(t *testing.T, code int, text string) {
		if code < 200 || code > 599 {
			return // not an answer in HTTP
		}
		status, body = code, text
		debug.text = nil
		chain := &profile.Chain{
			Profile: "dev", Calls: []profile.Call{call}, STS: profile.Endpoint{Region: "eu-west-1", URL: server.URL, MaxAttempts: 1},
			Source: profile.Source{Kind: profile.Static, Profile: "base", Keys: creds.Credentials{AccessKeyID: "AKIATEST", SecretAccessKey: "canary-secret"}},
		}
		got, err := assumer.Credentials(t.Context(), chain)
		checkAnswer(t, got, err)
		if strings.Contains(debug.String(), "canary-secret") {
			t.Errorf("debug shows a secret: %s", debug)
		}
	})
}

func checkAnswer(t *testing.T, got creds.Credentials, err error) {
	t.Helper()
	if err == nil {
		if got.AccessKeyID == "" || got.SecretAccessKey == "" || got.SessionToken == "" || got.Expiration.IsZero() {
			t.Errorf("half of the credentials: %v", got)
		}
		return
	}
	var f *fault.Error
	if !errors.As(err, &f) || f.Profile != "dev" || f.Hint == "" || !strings.Contains(f.Message, "AssumeRole of") {
		t.Errorf("%#v", err)
	}
	if text := err.Error(); len(text) > 2000 || !utf8.ValidString(text) || strings.ContainsAny(text, "\r\n") || strings.Contains(text, "canary-secret") {
		t.Errorf("not fit to be shown: %q", text)
	}
}
