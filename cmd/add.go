package cmd

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"assume-role/internal/cache"
	"assume-role/internal/creds"
	"assume-role/internal/fault"
	"assume-role/internal/profile"
)

type addOptions struct {
	profile string
	env     bool
	stdin   bool
}

func newAdd(a *app) *cobra.Command {
	opts := &addOptions{}
	c := &cobra.Command{
		Use:   "add PROFILE",
		Short: "Put long-lived access keys into the key store",
		Long: `Store the access key of an IAM user in the keyring under PROFILE. The key is read
from the terminal, from the environment (--env: AWS_ACCESS_KEY_ID and
AWS_SECRET_ACCESS_KEY) or from stdin (--stdin: the access key id on the first
line, the secret on the second), never from arguments. No file of AWS's is
changed.`,
		Example: "  assume-role add base\n  assume-role add base --env\n  pass show aws/base | assume-role add base --stdin",
		Args:    exactlyOneProfile,
		RunE: func(c *cobra.Command, args []string) error {
			opts.profile = args[0]
			return a.runAdd(c.Context(), opts)
		},
		ValidArgsFunction: a.completeProfile,
	}
	c.Flags().BoolVar(&opts.env, "env", false, "read the key from the environment")
	c.Flags().BoolVar(&opts.stdin, "stdin", false, "read the key from stdin, two lines")
	return c
}

func (a *app) runAdd(ctx context.Context, opts *addOptions) error {
	switch {
	case strings.HasPrefix(opts.profile, "arn:"):
		return usage("PROFILE must be a name: the keys are those of an IAM user, and an ARN as PROFILE is a role")
	case opts.env && opts.stdin:
		return usage("--env and --stdin exclude each other")
	}
	key, err := a.readKey(ctx, opts)
	if err != nil {
		return err
	}
	if err := checkKey(key); err != nil {
		return err.In(opts.profile)
	}
	ring, err := a.keyRing(ctx)
	if err != nil {
		return err
	}
	// Before, for a command that is killed in between: the index would still
	// name the old key, and its sessions be used. What stays is said afterwards.
	a.forgetReplaced(ctx, opts.profile, key.AccessKeyID)
	if err := ring.Keys().SaveKey(opts.profile, key); err != nil {
		return err
	}
	if err := a.recordKey(ctx, opts.profile, key.AccessKeyID); err != nil {
		a.note("the key is stored, but `list` may not show it: the index could not be written: " + err.Error())
	}
	a.noteUnused(opts.profile, key.AccessKeyID)
	_, err = fmt.Fprintf(a.host.Out, "stored key %s for profile %q in the %s key store\n", oneLine(key.AccessKeyID), opts.profile, ring.Backend())
	return err
}

// noteUnused says so where the profile takes its first credentials from
// elsewhere (source_profile, keys in the credentials file …).
func (a *app) noteUnused(name, accessKeyID string) {
	config, err := a.config()
	settings, settingsErr := a.settings()
	if err != nil || settingsErr != nil {
		return
	}
	request := a.request(settings)
	request.Profile = name
	request.StoredKey = func(profile string) (string, bool) {
		if profile == name {
			return accessKeyID, true
		}
		return a.storedKey(profile)
	}
	chain, err := profile.Resolve(config, request)
	if err != nil || chain.Source.Kind == profile.Keyring && chain.Source.Profile == name {
		return
	}
	a.note(fmt.Sprintf("profile %q does not use these keys: it starts from %s; see: assume-role explain", name, sourceTitle(chain.Source)))
}

// recordKey puts the key into the index and forgets the sessions that the key
// it replaces had made. This run knows the key even where the index cannot be
// written.
func (a *app) recordKey(ctx context.Context, name, accessKeyID string) error {
	a.noteKept(a.forgetReplaced(ctx, name, accessKeyID))
	key := cache.StoredKey{Profile: name, AccessKeyID: accessKeyID}
	others := slices.DeleteFunc(slices.Clone(a.stored()), func(k cache.StoredKey) bool { return k.Profile == name })
	a.stored = func() []cache.StoredKey { return append(others, key) }
	index, err := a.index()
	if err != nil {
		return err
	}
	return index.PutKey(key)
}

// forgetReplaced forgets the sessions that a profile's key had made, unless it
// is the same key, and returns those that stayed.
func (a *app) forgetReplaced(ctx context.Context, name, accessKeyID string) []cache.Failure {
	if old, ok := a.storedKey(name); ok && old != accessKeyID {
		return a.forgetSessionsOf(ctx, old)
	}
	return nil
}

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
	id, err := tty.Ask(ctx, fmt.Sprintf("Access key id (profile %s): ", oneLine(name)))
	if err != nil {
		return creds.Credentials{}, err
	}
	hidden, err := tty.AskSecret(ctx, "Secret access key: ")
	if err != nil {
		return creds.Credentials{}, err
	}
	return creds.Credentials{AccessKeyID: strings.TrimSpace(id), SecretAccessKey: creds.Secret(strings.TrimSpace(hidden.Reveal()))}, nil
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
