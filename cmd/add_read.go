package cmd

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"strings"

	"assume-role/internal/creds"
	"assume-role/internal/fault"
)

func (a *app) readKey(ctx context.Context, opts *addOptions) (creds.Credentials, error) {
	switch {
	case opts.env:
		return a.keyFromEnvironment(), nil
	case opts.stdin:
		return keyFromLines(a.host.In)
	default:
		return a.keyFromTerminal(ctx, opts.profile)
	}
}

func (a *app) keyFromEnvironment() creds.Credentials {
	return creds.Credentials{
		AccessKeyID:     a.host.Getenv("AWS_ACCESS_KEY_ID"),
		SecretAccessKey: creds.Secret(a.host.Getenv("AWS_SECRET_ACCESS_KEY")),
		SessionToken:    creds.Secret(a.host.Getenv("AWS_SESSION_TOKEN")),
	}
}

// maxKeyLine is far above any key and far below what could hurt.
const maxKeyLine = 4096

func keyFromLines(in io.Reader) (creds.Credentials, error) {
	lines := bufio.NewScanner(io.LimitReader(in, 2*maxKeyLine))
	lines.Buffer(make([]byte, 0, maxKeyLine), maxKeyLine)
	var got [2]string
	for i := range got {
		if !lines.Scan() {
			break
		}
		got[i] = strings.TrimSpace(lines.Text())
	}
	if err := lines.Err(); err != nil {
		return creds.Credentials{}, fault.New(fault.InvalidValue, "stdin does not hold a key").
			Fix("write the access key id on the first line, the secret on the second").Because(err)
	}
	return creds.Credentials{AccessKeyID: got[0], SecretAccessKey: creds.Secret(got[1])}, nil
}

func (a *app) keyFromTerminal(ctx context.Context, name string) (creds.Credentials, error) {
	tty, err := a.openTerminal("the access key of profile "+name, "use --env or --stdin")
	if err != nil {
		return creds.Credentials{}, err
	}
	defer tty.Close()
	id, err := untilAnswered(func() (string, error) {
		return tty.Ask(ctx, fmt.Sprintf("Access key id (profile %s): ", oneLine(name)))
	})
	if err != nil {
		return creds.Credentials{}, err
	}
	secret, err := untilAnswered(func() (creds.Secret, error) { return tty.AskSecret(ctx, "Secret access key: ") })
	return creds.Credentials{AccessKeyID: id, SecretAccessKey: secret}, err
}

// untilAnswered asks again after an empty line, without the blanks around the
// answer: a line break pasted behind the id would otherwise be taken for an
// empty secret, and the secret then be typed into the shell.
func untilAnswered[T ~string](ask func() (T, error)) (T, error) {
	for {
		answer, err := ask()
		if answer = T(strings.TrimSpace(string(answer))); err != nil || answer != "" {
			return answer, err
		}
	}
}

// checkKey refuses what cannot be a long-lived key, before anything is
// stored. The form of ids is AWS's business, not checked here.
func checkKey(key creds.Credentials) *fault.Error {
	switch {
	case !key.Complete():
		return fault.New(fault.PartialCredentials, "an access key is an id and a secret; one of them is missing").
			Fix("give both: at the prompt, with --env, or as two lines with --stdin")
	case key.Temporary():
		return fault.New(fault.InvalidValue, "these are temporary credentials; the key store keeps long-lived keys").
			Fix("unset AWS_SESSION_TOKEN and give an IAM user's key")
	case strings.ContainsFunc(key.AccessKeyID+key.SecretAccessKey.Reveal(), notPrintable):
		return fault.New(fault.InvalidValue, "the key holds characters that no key has").Fix("copy it again")
	}
	return nil
}

func notPrintable(r rune) bool { return r <= ' ' || r > '~' }
