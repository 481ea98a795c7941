package cmd

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"assume-role/internal/fault"
	"assume-role/internal/profile"
)

type clearOptions struct {
	profiles   []string
	expired    bool
	sso        bool
	keepAWSCLI bool
	// keepSaid says that the command line has keepAWSCLI.
	keepSaid bool
}

func newClearCache(a *app) *cobra.Command {
	opts := &clearOptions{}
	c := &cobra.Command{
		Use:   "clear-cache [PROFILE...]",
		Short: "Forget cached sessions, ours and the AWS CLI's",
		Long: `Remove cached sessions: all of this tool's and all files of the AWS CLI's role
cache (~/.aws/cli/cache), or with PROFILEs only those of their chains. It never
asks, calls nothing and never touches long-lived keys. What was forgotten stays
valid at AWS until it expires; revoke ends it there.`,
		Example: `  assume-role clear-cache
  assume-role clear-cache prod
  assume-role clear-cache --expired --keep-aws-cli`,
		Args:              anyProfiles,
		ValidArgsFunction: a.completeCached,
		RunE: func(c *cobra.Command, args []string) error {
			opts.profiles, opts.keepSaid = args, c.Flags().Changed("keep-aws-cli")
			return a.runClearCache(c.Context(), opts)
		},
	}
	c.Flags().BoolVar(&opts.expired, "expired", false, "only what has expired and cannot be renewed")
	c.Flags().BoolVar(&opts.sso, "sso", false, "also the access tokens in ~/.aws/sso/cache, with PROFILEs theirs (client registrations stay)")
	c.Flags().BoolVar(&opts.keepAWSCLI, "keep-aws-cli", false, "leave the AWS CLI's role cache alone")
	return c
}

// clearing is one run of clear-cache.
type clearing struct {
	*app
	*clearOptions
	settings Settings
	// chains are those of the profiles as they are now.
	chains []*profile.Chain
	// formerly are the roles of sessions that the profiles had.
	formerly []string
	// stayed counts what had to go and could not.
	stayed int
	// alive says that something removed is still valid at AWS.
	alive bool
}

// runClearCache clears each cache, whatever happens to the others.
func (a *app) runClearCache(ctx context.Context, opts *clearOptions) error {
	a.flags.noPrompt = true // not even for a passphrase
	settings, err := a.settings()
	if err != nil {
		return err
	}
	c := &clearing{app: a, clearOptions: opts, settings: settings}
	if err := c.look(ctx); err != nil {
		return err
	}
	caches := []func() error{func() error { return c.clearOurs(ctx) }}
	if !c.keepsAWSCLI() {
		caches = append(caches, c.clearAWSCLI)
	}
	if opts.sso {
		caches = append(caches, c.clearTokens)
	}
	var failures []error
	for _, clear := range caches {
		if err := clear(); err != nil {
			failures = append(failures, err)
		}
	}
	return c.finish(failures)
}

// keepsAWSCLI: a setting changes what the flag is when it is not given.
func (c *clearing) keepsAWSCLI() bool {
	if c.keepSaid {
		return c.keepAWSCLI
	}
	return !c.settings.ClearAWSCLI
}

// finish is nil where everything went. Of several failures the last one is the
// command's own, the others are said before it.
func (c *clearing) finish(failures []error) error {
	if c.alive {
		c.say(revoking)
	}
	c.sayLeft()
	if c.stayed > 0 {
		failures = append(failures, fault.New("", "%s could not be removed", count(c.stayed, "item")).
			Fix("see the lines above; unlock the keyring or mend the folder and run it again"))
	}
	if len(failures) == 0 {
		return nil
	}
	last := len(failures) - 1
	for _, err := range failures[:last] {
		c.stderr(err.Error())
	}
	return failures[last]
}

// revoking is what to do about sessions that somebody else may have.
const revoking = "clearing ends nothing at AWS: to end sessions there, run assume-role revoke PROFILE (docs/revoking.md)"

// say writes a line of the result. That it could not be written is known to
// the writer, and fails the command.
func (c *clearing) say(line string) { fmt.Fprintln(c.host.Out, line) }

func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
