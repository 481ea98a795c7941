package cmd

import (
	"context"
	"fmt"
	"slices"
	"time"

	"assume-role/internal/cache"
	"assume-role/internal/clicache"
)

// revoked is what AWS was told to refuse.
type revoked struct {
	// roles are the ARNs of roles whose sessions were revoked.
	roles []string
	// users are the access key ids of IAM users whose GetSessionToken and
	// GetFederationToken sessions were revoked.
	users []string
}

// dropped is what went of what was revoked.
type dropped struct {
	// sessions are this tool's, files the AWS CLI's.
	sessions, files int
	// until is when AWS would have stopped accepting the last of them, by its
	// own clock; zero where none was valid any more, or none told.
	until time.Time
	// stayed has a line for each thing that should have gone and could not.
	stayed []string
}

// dropRevoked removes what was revoked from this tool's cache and from the AWS
// CLI's, and what was chained from it: whoever ends a role's sessions does not
// want those that came through it to go on. Whatever is dropped too much is
// made anew. The setting clear_cache.aws_cli does not keep the AWS CLI's files
// here: the AWS CLI would go on with them until they expire, and fail. It calls
// nothing at AWS.
func (a *app) dropRevoked(ctx context.Context, what revoked) dropped {
	var done dropped
	behind := a.behind(what.roles)
	a.dropOurs(ctx, what, behind, &done)
	a.dropFiles(slices.Concat(what.roles, behind.roles), &done)
	return done
}

// dropOurs removes this tool's sessions, and tells those who hold some.
func (a *app) dropOurs(ctx context.Context, what revoked, behind behind, done *dropped) {
	sessions, err := a.sessionCache(ctx)
	if err != nil {
		done.stay("the session cache could not be cleared: %s", err)
		return
	}
	ours, err := sessions.ClearRevoked(cache.Filter{
		Roles: what.roles, Via: what.roles, Users: what.users, Keys: a.unmarked(sessions, behind),
	})
	if err != nil {
		done.stay("programs that hold sessions could not be told: %s", err)
	}
	if ours.Err != nil {
		done.stay("the session cache could not be searched: %s", ours.Err)
	}
	for _, kept := range ours.Kept {
		done.stay("%s", keptSessionLine(kept))
	}
	for _, s := range ours.Removed {
		done.sessions++
		done.lasted(s.Expires, a.host.Now().Add(s.Skew))
	}
}

// unmarked are the keys of sessions that an earlier version stored, which do
// not say what they came through: those of profiles that come through the roles
// now. An index that is lost is made anew for that.
func (a *app) unmarked(sessions *cache.Cache, behind behind) []string {
	if len(behind.profiles) == 0 {
		return nil
	}
	contents, err := sessions.Index.Read()
	if err == nil && len(contents.Sessions) == 0 {
		if _, err = sessions.Reindex(); err == nil {
			contents, err = sessions.Index.Read()
		}
	}
	if err != nil {
		a.debug("the index could not be compared with the store: %s", err)
	}
	var keys []string
	for _, s := range contents.Sessions {
		if s.RoleARN != "" && len(s.Via) == 0 && behind.profiles[s.Profile] {
			keys = append(keys, s.Key)
		}
	}
	return keys
}

// dropFiles removes the AWS CLI's sessions of the roles.
func (a *app) dropFiles(roles []string, done *dropped) {
	if len(roles) == 0 {
		return
	}
	dir, err := a.awsFolder("cli", "cache")
	if err != nil || dir == "" {
		a.debug("there is no home folder, and nothing of the AWS CLI's")
		return
	}
	files, err := clicache.List(dir)
	if err != nil {
		done.stay("%s", err)
	}
	for _, file := range files {
		if !file.Belongs(roles...) {
			continue
		}
		if err := clicache.Remove(file); err != nil {
			done.stay("%s stayed: %s", file.Path, plainError(err))
			continue
		}
		a.debug("removed %s", file.Path)
		done.files++
		done.lasted(file.Expires, a.host.Now())
	}
}

// and is what went in two goes. What stayed is what stayed after the second.
func (d dropped) and(then dropped) dropped {
	then.sessions += d.sessions
	then.files += d.files
	if d.until.After(then.until) {
		then.until = d.until
	}
	return then
}

func (d *dropped) stay(format string, args ...any) {
	d.stayed = append(d.stayed, fmt.Sprintf(format, args...))
}

// lasted counts a session's end, where that is still to come.
func (d *dropped) lasted(ends, now time.Time) {
	if ends.After(now) && ends.After(d.until) {
		d.until = ends
	}
}
