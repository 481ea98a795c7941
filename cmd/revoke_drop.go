package cmd

import (
	"context"
	"time"

	"assume-role/internal/cache"
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
// CLI's. It calls nothing.
func (a *app) dropRevoked(ctx context.Context, what revoked) dropped {
	var done dropped
	sessions, err := a.sessionCache(ctx)
	if err != nil {
		done.stayed = append(done.stayed, err.Error())
		return done
	}
	ours := sessions.ClearRevoked(cache.Filter{Roles: what.roles, Via: what.roles, Users: what.users})
	done.sessions = len(ours.Removed)
	return done
}
