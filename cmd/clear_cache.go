package cmd

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"assume-role/internal/cache"
	"assume-role/internal/clicache"
	"assume-role/internal/fault"
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

func (a *app) runClearCache(ctx context.Context, opts *clearOptions) error {
	settings, err := a.settings()
	if err != nil {
		return err
	}
	stayed, err := a.clearOurs(ctx, opts)
	if err != nil {
		return err
	}
	if settings.ClearAWSCLI && !opts.keepAWSCLI {
		left, err := a.clearAWSCLI(opts)
		if err != nil {
			return err
		}
		stayed += left
	}
	if opts.sso {
		left, err := a.clearSSO()
		if err != nil {
			return err
		}
		stayed += left
	}
	if stayed > 0 {
		return fault.New("", "%d entries could not be removed", stayed).Fix("see the lines above; unlock the keyring or mend the folder and run it again")
	}
	return nil
}

// clearOurs removes sessions of this tool and says how many stayed. Those
// are named on stderr.
func (a *app) clearOurs(ctx context.Context, opts *clearOptions) (stayed int, err error) {
	keys, err := a.sessionKeysOf(opts.profiles)
	if err != nil {
		return 0, err
	}
	sessions, err := a.sessionCache(ctx)
	if err != nil {
		return 0, err
	}
	done := sessions.Clear(cache.Filter{
		All: len(opts.profiles) == 0, Profiles: opts.profiles, Keys: keys, Expired: opts.expired,
	})
	for _, kept := range done.Kept {
		a.stderr(fmt.Sprintf("a session of profile %q stayed: %s", kept.Session.Profile, kept.Err))
	}
	_, err = fmt.Fprintf(a.host.Out, "%s of assume-role removed%s\n", count(len(done.Removed), "session"), a.validUntil(done))
	return len(done.Kept), errors.Join(done.Err, err)
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

// sessionKeysOf are the cache keys of the profiles' chains as they are now.
// The index knows those of earlier versions of a profile; a profile that does
// not resolve any more has only those.
func (a *app) sessionKeysOf(names []string) ([]string, error) {
	if len(names) == 0 {
		return nil, nil
	}
	settings, err := a.settings()
	if err != nil {
		return nil, err
	}
	var keys []string
	for _, name := range names {
		if err := a.mustBeKnown(name); err != nil {
			return nil, err
		}
		chain, err := a.resolveNamed(name, &credentialFlags{}, settings)
		if err != nil {
			a.debug("%s", err)
			continue
		}
		chained, err := a.chainKeys(chain, settings)
		if err != nil {
			a.debug("%s", err)
		}
		keys = append(keys, chained...)
	}
	return keys, nil
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

func (a *app) clearAWSCLI(opts *clearOptions) (stayed int, err error) {
	dir, err := a.awsFolder("cli", "cache")
	if err != nil {
		return 0, err
	}
	files, err := clicache.List(dir)
	if err != nil {
		return 0, err
	}
	belongs, err := a.belongsToProfiles(opts.profiles)
	if err != nil {
		return 0, err
	}
	removed := 0
	for _, file := range files {
		if opts.expired && !file.Expired(a.host.Now()) || !belongs(file) {
			continue
		}
		if err := clicache.Remove(file); err != nil {
			a.stderr(fmt.Sprintf("%s stayed: %s", filepath.Base(file.Path), plainError(err)))
			stayed++
			continue
		}
		removed++
	}
	_, err = fmt.Fprintf(a.host.Out, "%s of the AWS CLI's role cache removed\n", count(removed, "file"))
	return stayed, err
}

// belongsToProfiles tells the AWS CLI's files of the profiles' roles from
// others; with no profile every file is meant.
func (a *app) belongsToProfiles(names []string) (func(clicache.File) bool, error) {
	if len(names) == 0 {
		return func(clicache.File) bool { return true }, nil
	}
	settings, err := a.settings()
	if err != nil {
		return nil, err
	}
	var roles []string
	for _, name := range names {
		chain, err := a.resolveNamed(name, &credentialFlags{}, settings)
		if err != nil {
			continue
		}
		for _, call := range chain.Calls {
			if call.RoleARN != "" {
				roles = append(roles, call.RoleARN)
			}
		}
	}
	return func(f clicache.File) bool { return f.Belongs(roles...) }, nil
}

func (a *app) clearSSO() (stayed int, err error) {
	dir, err := a.awsFolder("sso", "cache")
	if err != nil {
		return 0, err
	}
	tokens, err := clicache.ListTokens(dir)
	if err != nil {
		return 0, err
	}
	for _, file := range tokens {
		if err := clicache.RemoveToken(file); err != nil {
			a.stderr(fmt.Sprintf("%s stayed: %s", filepath.Base(file.Path), plainError(err)))
			stayed++
		}
	}
	_, err = fmt.Fprintf(a.host.Out, "%s of Identity Center removed\n", count(len(tokens)-stayed, "access token"))
	return stayed, err
}

// awsFolder is a folder below ~/.aws, which no variable moves.
func (a *app) awsFolder(names ...string) (string, error) {
	files, err := a.files()
	if err != nil {
		return "", err
	}
	return filepath.Join(append([]string{files.Home, ".aws"}, names...)...), nil
}

func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
