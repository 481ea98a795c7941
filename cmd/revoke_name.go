package cmd

import (
	"strings"
	"time"

	"assume-role/internal/revoke"
)

// readName finds out what PROFILE is where it is an ARN. That of one session
// stands for its role and its name.
func (r *revocation) readName() (err error) {
	if !strings.HasPrefix(r.profile, "arn:") {
		return nil
	}
	if r.named, r.which, err = revoke.ParseName(r.profile, r.which); err != nil {
		return err
	}
	if r.named.User && r.chain {
		return usage("--chain is for chains of roles, and %s is a user", r.profile)
	}
	if r.user && !r.named.User {
		return usage("--user is for an IAM user, and %s is a role", r.profile)
	}
	r.user, r.profile = r.named.User, r.named.ARN
	if r.printDeny {
		return nil
	}
	if err := r.named.Identified(r.which); err != nil {
		return err
	}
	return r.checkSubject(r.named)
}

// readBefore refuses what is no time in the past before anything is called, by
// the local clock.
func (r *revocation) readBefore() (err error) {
	r.began = r.host.Now()
	r.moment, err = r.momentBy(0)
	return err
}

// momentBy is --before's by a clock with that difference to the local one; zero
// where it was not given. Sessions are issued by AWS's.
func (r *revocation) momentBy(skew time.Duration) (time.Time, error) {
	if r.before == "" {
		return time.Time{}, nil
	}
	return revoke.ParseBefore(r.before, r.began.Add(skew))
}
