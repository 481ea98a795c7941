package cmd

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"assume-role/internal/fault"
	"assume-role/internal/iamkeys"
)

type rotateOptions struct {
	credentials    credentialFlags
	profile        string
	all            bool
	deactivateOnly bool
	dryRun         bool
	json           bool
}

func newRotate(a *app) *cobra.Command {
	opts := &rotateOptions{}
	c := &cobra.Command{
		Use:   "rotate PROFILE",
		Short: "Replace a stored access key at IAM with a new one",
		Long: `Have IAM make a new access key for the user whose key PROFILE begins with, store
it, see that AWS accepts it, put it in the old one's place, and turn the old one
off and delete it. It asks nobody, but for an MFA code where the profile has a
device. At every moment the stored key works; a run that is interrupted loses
nothing, and running it again completes it.`,
		Example: `  assume-role rotate base
  assume-role rotate base --dry-run
  assume-role rotate --all`,
		Args:              func(_ *cobra.Command, args []string) error { return opts.takeProfile(args) },
		RunE:              func(c *cobra.Command, _ []string) error { return a.runRotate(c.Context(), opts) },
		ValidArgsFunction: a.completeStored,
	}
	flags := c.Flags()
	flags.BoolVar(&opts.all, "all", false, "every stored key, a line each; one that fails stops no other")
	flags.BoolVar(&opts.deactivateOnly, "deactivate-only", false, "leave the old key turned off, and do not delete it")
	flags.BoolVar(&opts.dryRun, "dry-run", false, "show the calls, and make none")
	flags.BoolVar(&opts.json, "json", false, "print JSON")
	flags.StringVarP(&opts.credentials.mfaToken, "mfa-token", "t", "", "MFA code given ahead of time")
	return c
}

func (o *rotateOptions) takeProfile(args []string) error {
	switch {
	case len(args) > 1:
		return usage("name one PROFILE, or give --all")
	case o.all && len(args) == 1:
		return usage("--all and PROFILE exclude each other")
	case o.all && o.credentials.mfaToken != "":
		return usage("--all and --mfa-token exclude each other: a code is for one device")
	case !o.all && len(args) == 0:
		return usage("name the PROFILE whose stored key is to be replaced, or give --all")
	case len(args) == 1:
		o.profile = args[0]
	}
	return nil
}

// rotated is what became of one stored key.
type rotated struct {
	Profile string `json:"profile"`
	// Profiles are all names under which the new key is stored.
	Profiles []string     `json:"profiles,omitempty"`
	UserARN  string       `json:"user_arn,omitempty"`
	Old      string       `json:"old_access_key_id,omitempty"`
	New      string       `json:"new_access_key_id,omitempty"`
	Fate     iamkeys.Fate `json:"old_key,omitempty"`
	// Resumed says that an interrupted run was completed, Elsewhere that
	// another process has just rotated it.
	Resumed   bool       `json:"resumed,omitempty"`
	Elsewhere bool       `json:"rotated_elsewhere,omitempty"`
	Calls     []string   `json:"calls,omitempty"`
	Error     *jsonError `json:"error,omitempty"`
}

func (a *app) runRotate(ctx context.Context, opts *rotateOptions) error {
	settings, err := a.settings()
	if err != nil {
		return err
	}
	r := &rotating{app: a, rotateOptions: opts, settings: settings}
	if opts.all {
		return r.rotateAll(ctx)
	}
	done, err := r.rotate(ctx, opts.profile)
	if err != nil {
		return err
	}
	return r.tell([]rotated{done})
}

// rotateAll takes the stored keys one after the other. Keys that one user has
// under several names are replaced at once, the first time.
func (r *rotating) rotateAll(ctx context.Context) error {
	names, err := r.storedNames(ctx)
	if err != nil {
		return err
	}
	var done []rotated
	failed, seen := 0, map[string]bool{}
	for _, name := range names {
		if seen[name] {
			continue
		}
		one, err := r.rotate(ctx, name)
		if errors.Is(err, fault.ErrInterrupted) {
			return err
		}
		if err != nil {
			failed++
			r.stderr(err.Error())
			told := errorJSON(err)
			one = rotated{Profile: name, Error: &told}
		}
		for _, same := range one.Profiles {
			seen[same] = true
		}
		done = append(done, one)
	}
	if err := r.tell(done); err != nil || failed == 0 {
		return err
	}
	if r.json {
		return exitStatus(statusFailed)
	}
	return fault.New("", "%d of %s could not be rotated", failed, count(len(names), "stored key")).Fix("see the lines above, and run it again")
}

// storedNames are the profiles with a key in the store.
func (r *rotating) storedNames(ctx context.Context) ([]string, error) {
	ring, err := r.keyRing(ctx)
	if err != nil {
		return nil, err
	}
	names, err := ring.Keys().KeyProfiles()
	if err == nil && len(names) == 0 {
		err = fault.New(fault.NoCredentials, "no keys are in the %s key store", ring.Backend()).Fix("store some with `assume-role add`")
	}
	return names, err
}
