package assume

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"strings"
	"time"

	"assume-role/internal/creds"
	"assume-role/internal/fault"
	"assume-role/internal/profile"
	"assume-role/internal/program"
)

// processLimits are those of the AWS SDK for Go; the answer is a few KB.
func processLimits() program.Limits { return program.Limits{Time: time.Minute, Bytes: 1 << 20} }

// process is a program that prints credentials (credential_process). What it
// prints is kept until it expires, because running it may cost a person's
// attention.
// See https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html.
func process() source {
	return source{kind: profile.Process, check: possible, identity: processIdentity, credentials: printed, kept: true}
}

// processIdentity is the command line with its variables filled in: the same
// line means another program's answer where they differ.
func processIdentity(w *walk) map[string]any {
	line := commandLine(w.chain.Source)
	filled := os.Expand(line, func(name string) string { return environValue(w.Program.Environ, name) })
	return map[string]any{"line": line, "filled": cacheText(filled), "account": w.chain.Source.Keys.AccountID}
}

func commandLine(s profile.Source) string { return s.Settings["credential_process"].Text }

func environValue(environ []string, name string) string {
	for _, entry := range environ {
		if value, ok := strings.CutPrefix(entry, name+"="); ok {
			return value
		}
	}
	return ""
}

// printed runs the program and reads its answer.
func printed(ctx context.Context, w *walk) (creds.Credentials, error) {
	s := w.chain.Source
	resolving := w.chain.Resolving(func(name string) string { return environValue(w.Program.Environ, name) })
	text, err := w.Program.Output(ctx, commandLine(s), processLimits(), resolving)
	if errors.Is(ctx.Err(), context.Canceled) {
		return creds.Credentials{}, fault.ErrInterrupted
	}
	if err != nil {
		return creds.Credentials{}, processFailed(s, "failed: "+err.Error())
	}
	c, why := w.answer(text)
	if why != "" {
		return creds.Credentials{}, processFailed(s, why)
	}
	if c.AccountID == "" {
		c.AccountID = s.Keys.AccountID
	}
	return c, nil
}

func processFailed(s profile.Source, why string) error {
	return fault.New("", "credential_process %s", why).In(s.Profile).At(s.Settings["credential_process"].Origin).
		Fix("run it by hand: it must print the JSON of AWS's credential_process and exit with 0")
}

// processAnswer is version 1 of what such a program prints.
type processAnswer struct {
	Version         *int
	AccessKeyID     string `json:"AccessKeyId"`
	SecretAccessKey string
	SessionToken    string
	Expiration      *time.Time
	AccountID       string `json:"AccountId"`
}

// answer reads what the program printed, strictly; why says what is wrong
// with it and quotes nothing of it.
func (w *walk) answer(text creds.Secret) (c creds.Credentials, why string) {
	var a processAnswer
	if err := json.Unmarshal([]byte(text.Reveal()), &a); err != nil {
		return c, "did not print the JSON that AWS defines"
	}
	switch {
	case a.Version == nil || *a.Version != 1:
		return c, "printed no Version 1"
	case a.AccessKeyID == "" || a.SecretAccessKey == "":
		return c, "printed no AccessKeyId or no SecretAccessKey"
	case a.Expiration != nil && !a.Expiration.After(w.Now()):
		return c, "printed credentials that have expired already"
	}
	c = creds.Credentials{
		AccessKeyID: a.AccessKeyID, SecretAccessKey: creds.Secret(a.SecretAccessKey),
		SessionToken: creds.Secret(a.SessionToken), AccountID: a.AccountID,
	}
	if a.Expiration != nil {
		c.Expiration = a.Expiration.UTC()
	}
	return c, ""
}
