package cmd

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"assume-role/internal/cache"
	"assume-role/internal/fault"
	"assume-role/internal/profile"
)

type clearOptions struct {
	profiles   []string
	expired    bool
	sso        bool
	keepAWSCLI bool
}

func newClearCache(a *app) *cobra.Command {
	opts := &clearOptions{}
	c := &cobra.Command{
		Use:   "clear-cache [PROFILE...]",
		Short: "Forget cached sessions, ours and the AWS CLI's",
		Long: `Remove cached sessions: all of this tool's and all files of the AWS CLI's role
cache (~/.aws/cli/cache), or with PROFILEs only those of their chains. It never
asks and never touches long-lived keys. What was forgotten stays valid at AWS
until it expires.`,
		Example: `  assume-role clear-cache
  assume-role clear-cache prod
  assume-role clear-cache --expired --keep-aws-cli`,
		Args:              anyProfiles,
		ValidArgsFunction: a.completeProfile,
		RunE: func(c *cobra.Command, args []string) error {
			opts.profiles = args
			return a.runClearCache(c.Context(), opts)
		},
	}
	c.Flags().BoolVar(&opts.expired, "expired", false, "only what has expired")
	c.Flags().BoolVar(&opts.sso, "sso", false, "also the access tokens in ~/.aws/sso/cache (client registrations stay)")
	c.Flags().BoolVar(&opts.keepAWSCLI, "keep-aws-cli", false, "leave the AWS CLI's role cache alone")
	return c
}

// runClearCache clears each cache, whatever happens to the others.
func (a *app) runClearCache(ctx context.Context, opts *clearOptions) error {
	settings, err := a.settings()
	if err != nil {
		return err
	}
	chains, err := a.chainsOf(opts.profiles, settings)
	if err != nil {
		return err
	}
	caches := []func() (int, error){func() (int, error) { return a.clearOurs(ctx, opts, chains, settings) }}
	if settings.ClearAWSCLI && !opts.keepAWSCLI {
		caches = append(caches, func() (int, error) { return a.clearAWSCLI(opts, chains) })
	}
	if opts.sso {
		caches = append(caches, a.clearSSO)
	}
	stayed := 0
	var failures []error
	for _, clear := range caches {
		left, err := clear()
		stayed += left
		if err != nil {
			failures = append(failures, err)
		}
	}
	return a.clearFailed(stayed, failures)
}

// clearFailed is nil where everything went. Of several failures the last one
// is the command's own, the others are said before it.
func (a *app) clearFailed(stayed int, failures []error) error {
	if stayed > 0 {
		failures = append(failures, fault.New("", "%d entries could not be removed", stayed).
			Fix("see the lines above; unlock the keyring or mend the folder and run it again"))
	}
	if len(failures) == 0 {
		return nil
	}
	last := len(failures) - 1
	for _, err := range failures[:last] {
		a.stderr(err.Error())
	}
	return failures[last]
}

// chainsOf plans the profiles' chains as they are now. A profile that does not
// resolve any more has none: the index knows the sessions that it had.
func (a *app) chainsOf(names []string, settings Settings) ([]*profile.Chain, error) {
	var chains []*profile.Chain
	for _, name := range names {
		if err := a.mustBeKnown(name); err != nil {
			return nil, err
		}
		chain, err := a.resolveNamed(name, &credentialFlags{}, settings)
		if err != nil {
			a.debug("%s", err)
			continue
		}
		chains = append(chains, chain)
	}
	return chains, nil
}

// mustBeKnown refuses a name that neither the files nor the index know, so
// that a typo does not pass for a cleared profile.
func (a *app) mustBeKnown(name string) error {
	config, err := a.config()
	if err != nil || config.Has(name) || strings.HasPrefix(name, "arn:") {
		return nil // a broken config must not keep anyone from clearing
	}
	for _, s := range a.known().Sessions {
		if s.Profile == name {
			return nil
		}
	}
	if _, ok := a.storedKey(name); ok {
		return nil
	}
	_, err = config.Profile(name)
	return err
}

// clearOurs removes sessions of this tool and says how many stayed. Those
// are named on stderr.
func (a *app) clearOurs(ctx context.Context, opts *clearOptions, chains []*profile.Chain, settings Settings) (stayed int, err error) {
	sessions, err := a.sessionCache(ctx)
	if err != nil {
		return 0, err
	}
	done := sessions.Clear(cache.Filter{
		All: len(opts.profiles) == 0, Profiles: opts.profiles, Keys: a.keysOf(chains, settings), Expired: opts.expired,
	})
	for _, kept := range done.Kept {
		a.stderr(fmt.Sprintf("a session of profile %q stayed: %s", kept.Session.Profile, kept.Err))
	}
	_, err = fmt.Fprintf(a.host.Out, "%s of assume-role removed%s\n", count(len(done.Removed), "session"), a.validUntil(done))
	return len(done.Kept), errors.Join(done.Err, err)
}

// keysOf are the cache keys of the chains' sessions.
func (a *app) keysOf(chains []*profile.Chain, settings Settings) []string {
	var keys []string
	for _, chain := range chains {
		chained, err := a.chainKeys(chain, settings)
		if err != nil {
			a.debug("%s", err)
		}
		keys = append(keys, chained...)
	}
	return keys
}

// validUntil tells until when the forgotten sessions still work at AWS.
func (a *app) validUntil(done cache.Cleared) string {
	var latest time.Time
	for _, s := range done.Removed {
		if s.Expires.After(latest) {
			latest = s.Expires
		}
	}
	if !latest.After(a.host.Now()) {
		return ""
	}
	return "; at AWS they stay valid until " + latest.UTC().Format("2006-01-02 15:04:05Z")
}

func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
