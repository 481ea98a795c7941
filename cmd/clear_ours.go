package cmd

import (
	"context"
	"fmt"
	"strings"

	"assume-role/internal/cache"
	"assume-role/internal/profile"
)

// look finds out what there is of the profiles: their chains as they are now,
// and the roles of sessions that they had. A profile that does not resolve any
// more has no chain: the index knows its sessions.
func (c *clearing) look(ctx context.Context) error {
	for _, name := range c.profiles {
		if err := c.mustBeKnown(ctx, name); err != nil {
			return err
		}
		chain, err := c.resolveNamed(name, &credentialFlags{}, c.settings)
		if err != nil {
			c.debug("%s", err)
		} else {
			c.chains = append(c.chains, chain)
		}
		c.formerly = append(c.formerly, name) // it may be a role's ARN
		for _, s := range c.sessionsOf(name) {
			c.formerly = append(c.formerly, s.RoleARN)
		}
	}
	return nil
}

// mustBeKnown refuses a name that nothing knows, so that a typo does not pass
// for a cleared profile. An index that is lost is made anew for that.
func (c *clearing) mustBeKnown(ctx context.Context, name string) error {
	config, err := c.config()
	if err != nil || config.Has(name) || strings.HasPrefix(name, "arn:") {
		return nil // a broken config must not keep anyone from clearing
	}
	if _, ok := c.storedKey(name); ok || len(c.sessionsOf(name)) > 0 {
		return nil
	}
	sessions, err := c.sessionCache(ctx)
	if err == nil {
		_, err = sessions.Reindex()
	}
	if err != nil {
		c.debug("the index could not be compared with the store: %s", err)
	}
	if len(c.sessionsOf(name)) > 0 {
		return nil
	}
	_, err = config.Profile(name)
	return err
}

// sessionsOf are the profile's sessions, as the index is now.
func (c *clearing) sessionsOf(name string) []cache.Session {
	var found []cache.Session
	for _, s := range fromIndex(c.app, (*cache.Index).Read).Sessions {
		if s.Profile == name {
			found = append(found, s)
		}
	}
	return found
}

// clearOurs removes sessions of this tool. Those that stay are named on stderr.
func (c *clearing) clearOurs(ctx context.Context) error {
	sessions, err := c.sessionCache(ctx)
	if err != nil {
		return err
	}
	done := sessions.Clear(cache.Filter{
		All: len(c.profiles) == 0, Profiles: c.profiles, Keys: c.keysOf(c.chains), Expired: c.expired,
	})
	for _, kept := range done.Kept {
		c.stderr(keptSessionLine(kept))
	}
	c.stayed += len(done.Kept)
	gone := &forgotten{now: c.host.Now(), longest: longestSession}
	for _, s := range done.Removed {
		gone.add(s.Expires, s.Skew)
		gone.name(s.Profile)
	}
	c.report(gone, "session", "of assume-role")
	return done.Err
}

func keptSessionLine(kept cache.Failure) string {
	if kept.Session.Profile == "" {
		return fmt.Sprintf("a session stayed: %s", kept.Err)
	}
	return fmt.Sprintf("a session of profile %q stayed: %s", kept.Session.Profile, kept.Err)
}

// keysOf are the cache keys of the chains' sessions.
func (c *clearing) keysOf(chains []*profile.Chain) []string {
	var keys []string
	for _, chain := range chains {
		chained, err := c.chainKeys(chain, c.settings)
		if err != nil {
			c.debug("%s", err)
		}
		keys = append(keys, chained...)
	}
	return keys
}
