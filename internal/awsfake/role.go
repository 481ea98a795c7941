package awsfake

import (
	"slices"
	"strings"
	"time"
)

// Role is an IAM role and as much of its trust policy as matters here.
type Role struct {
	// Name may begin with a path: "team/deploy". The role's sessions show the
	// last part only.
	Name string
	// Account and Partition default to the world's.
	Account, Partition string
	// ExternalID must be sent with AssumeRole (sts:ExternalId), unless empty.
	ExternalID string
	// RequireMFA is the condition aws:MultiFactorAuthPresent.
	RequireMFA bool
	// MaxDuration is MaxSessionDuration, 1 to 12 hours. Default 1 hour.
	MaxDuration time.Duration
	// Principals may assume the role: ARNs of users, roles, role sessions,
	// OIDC or SAML providers, or an account's id. Empty means everyone.
	Principals []string
}

// role is a Role with everything filled in.
type role struct {
	Role
	arn, id string
	created time.Time
}

// AddRole makes a role, or replaces the one with the same ARN, and returns the
// ARN.
func (f *Fake) AddRole(r Role) (arn string) {
	f.world.mu.Lock()
	defer f.world.mu.Unlock()
	if r.Account == "" {
		r.Account = f.world.account
	}
	if r.Partition == "" {
		r.Partition = f.world.partition
	}
	if r.MaxDuration == 0 {
		r.MaxDuration = time.Hour
	}
	arn = "arn:" + r.Partition + ":iam::" + r.Account + ":role/" + r.Name
	f.world.roles[arn] = &role{Role: r, arn: arn, id: newID("AROA"), created: f.world.clock.now()}
	delete(f.world.iam.policies, arn)
	return arn
}

// trusts reports whether the trust policy names one of these.
func (r *role) trusts(names ...string) bool {
	return len(r.Principals) == 0 || slices.ContainsFunc(names, func(name string) bool {
		return name != "" && slices.Contains(r.Principals, name)
	})
}

// sessionARN is what GetCallerIdentity shows: the role without its path.
func (r *role) sessionARN(session string) string {
	return "arn:" + r.Partition + ":sts::" + r.Account + ":assumed-role/" + r.baseName() + "/" + session
}

// baseName is the role's name without its path.
func (r *role) baseName() string { return r.Name[strings.LastIndex(r.Name, "/")+1:] }

// session is the principal that a role's session acts as. MFA does not carry
// over into it.
func (r *role) session(name, sourceIdentity string, transitive []tag) principal {
	return principal{
		kind: roleSession, arn: r.sessionARN(name), userID: r.id + ":" + name,
		account: r.Account, roleARN: r.arn, sourceIdentity: sourceIdentity, transitive: transitive,
	}
}
