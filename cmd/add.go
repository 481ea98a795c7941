package cmd

import (
	"context"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"assume-role/internal/cache"
	"assume-role/internal/creds"
	"assume-role/internal/profile"
)

type addOptions struct {
	profile  string
	env      bool
	stdin    bool
	noVerify bool
	dryRun   bool
}

func newAdd(a *app) *cobra.Command {
	opts := &addOptions{}
	c := &cobra.Command{
		Use:   "add PROFILE",
		Short: "Put long-lived access keys into the key store",
		Long: `Store the access key of an IAM user in the keyring under PROFILE. The key is
read from the terminal, from the environment (--env: AWS_ACCESS_KEY_ID and
AWS_SECRET_ACCESS_KEY) or from stdin (--stdin: the access key id on the first
line, the secret on the second), never from arguments.

AWS is asked first whose key it is (GetCallerIdentity); --no-verify stores it
unasked. Then a person at the terminal is offered what the profile lacks in
~/.aws/config: mfa_serial, from the user's devices, and region. Each change is
shown, and made after a yes only.`,
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
	c.Flags().BoolVar(&opts.noVerify, "no-verify", false, "do not ask AWS whose key it is")
	c.Flags().BoolVar(&opts.dryRun, "dry-run", false, "check the key and show what would change; change nothing")
	return c
}

func (a *app) runAdd(ctx context.Context, opts *addOptions) error {
	switch {
	case strings.HasPrefix(opts.profile, "arn:"):
		return usage("PROFILE must be a name: the keys are those of an IAM user, and an ARN as PROFILE is a role")
	case !utf8.ValidString(opts.profile) || strings.ContainsFunc(opts.profile, unicode.IsControl):
		return usage("PROFILE %q cannot be the name of a profile: no AWS file could carry it", opts.profile)
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
	n := &addition{app: a, profile: opts.profile, key: key, dryRun: opts.dryRun}
	if !opts.noVerify {
		if err := n.verify(ctx); err != nil {
			return err
		}
	}
	if err := n.store(ctx); err != nil {
		return err
	}
	return n.offer(ctx)
}

// addition is a key on its way into the key store.
type addition struct {
	*app
	profile string
	key     creds.Credentials
	dryRun  bool
	// caller says whose key it is; nil where AWS was not asked.
	caller *caller
}

// store stores the key and says so.
func (n *addition) store(ctx context.Context) error {
	said := "stored"
	where := ""
	if n.dryRun {
		said = "would store"
	} else {
		backend, err := n.save(ctx)
		if err != nil {
			return err
		}
		where = fmt.Sprintf(" in the %s key store", backend)
	}
	n.noteUnused(n.profile, n.key.AccessKeyID)
	whose := ""
	if n.caller != nil {
		whose = " of " + oneLine(n.caller.identity.ARN)
	}
	_, err := fmt.Fprintf(n.host.Out, "%s key %s%s for profile %q%s\n", said, oneLine(n.key.AccessKeyID), whose, n.profile, where)
	return err
}

// save puts the key into the key store and the index.
func (n *addition) save(ctx context.Context) (backend string, err error) {
	ring, err := n.keyRing(ctx)
	if err != nil {
		return "", err
	}
	// Before, for a command that is killed in between: the index would still
	// name the old key, and its sessions be used. What stays is said afterwards.
	n.forgetReplaced(ctx, n.profile, n.key.AccessKeyID)
	entry := n.entry()
	n.key.AccountID = entry.AccountID
	if err := ring.Keys().SaveKey(n.profile, n.key); err != nil {
		return "", err
	}
	if err := n.recordOwned(ctx, entry); err != nil {
		n.note("the key is stored, but `list` may not show it: the index could not be written: " + err.Error())
	}
	return ring.Backend(), nil
}

// entry is the key as the index is to have it. Whose it is stays known where
// AWS was asked about the same key before.
func (n *addition) entry() cache.StoredKey {
	if n.caller != nil {
		id := n.caller.identity
		return cache.StoredKey{Profile: n.profile, AccessKeyID: n.key.AccessKeyID, AccountID: id.Account, ARN: id.ARN}
	}
	return n.knownKey(n.profile, n.key.AccessKeyID)
}

// noteUnused says so where the profile takes its first credentials from
// elsewhere (source_profile, keys in the credentials file …).
func (a *app) noteUnused(name, accessKeyID string) {
	chain, err := a.chainOfStored(name, accessKeyID)
	if err != nil || chain.Source.Kind == profile.Keyring && chain.Source.Profile == name {
		return
	}
	a.note(fmt.Sprintf("profile %q does not use these keys: it starts from %s; see: assume-role explain", name, sourceTitle(chain.Source)))
}

// chainOfStored plans the chain of a profile as it is with that key in the key
// store, and how further services are reached for it.
func (a *app) chainOfStored(name, accessKeyID string, services ...string) (*profile.Chain, error) {
	config, err := a.config()
	if err != nil {
		return nil, err
	}
	settings, err := a.settings()
	if err != nil {
		return nil, err
	}
	request := a.request(settings)
	request.Profile, request.Services = name, services
	request.StoredKey = func(other string) (string, bool) {
		if other == name {
			return accessKeyID, true
		}
		return a.storedKey(other)
	}
	return profile.Resolve(config, request)
}
