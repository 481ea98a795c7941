package assume

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"time"
	"unicode"

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
	return source{kind: profile.Process, identity: processIdentity, credentials: printed, kept: true}
}

func processIdentity(w *walk) map[string]any {
	identity := w.lineIdentity(commandLine(w.chain.Source))
	identity["account"] = w.chain.Source.Keys.AccountID
	return identity
}

// lineIdentity is a command line and the variables that it names: where they
// differ, the same line means another program's answer.
func (w *walk) lineIdentity(line string) map[string]any {
	values := map[string]string{}
	for _, name := range variablesIn(line) {
		values[name] = cacheText(environValue(w.Program.Environ, name))
	}
	return map[string]any{"line": cacheText(line), "variables": values}
}

// variablesIn lists the names that a shell would look up in a line: those
// behind $, ${ and, for cmd.exe, %.
func variablesIn(line string) []string {
	var names []string
	for i := range len(line) {
		if line[i] != '$' && line[i] != '%' {
			continue
		}
		rest := strings.TrimLeft(line[i+1:], "{#!")
		end := strings.IndexFunc(rest, func(c rune) bool { return c != '_' && !unicode.IsLetter(c) && !unicode.IsDigit(c) })
		if end < 0 {
			end = len(rest)
		}
		if end > 0 {
			names = append(names, rest[:end])
		}
	}
	return names
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
	text, err := w.run(ctx, commandLine(s))
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

// run runs a program of the source, which is told what is being resolved.
func (w *walk) run(ctx context.Context, line string) (creds.Secret, error) {
	return w.runWithin(ctx, line, processLimits())
}

func (w *walk) runWithin(ctx context.Context, line string, limits program.Limits) (creds.Secret, error) {
	resolving := w.chain.Resolving(func(name string) string { return environValue(w.Program.Environ, name) })
	return w.Program.Output(ctx, line, limits, resolving)
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
