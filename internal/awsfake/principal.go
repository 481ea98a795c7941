package awsfake

import "time"

// kind is what sort of credentials signed a call; it decides which calls are
// allowed (IAM User Guide, "Compare AWS STS credentials").
type kind int

const (
	anonymous kind = iota
	rootUser
	iamUser
	// userSession and rootSession come from GetSessionToken.
	userSession
	rootSession
	// federatedUser comes from GetFederationToken.
	federatedUser
	// roleSession comes from any of the AssumeRole calls.
	roleSession
)

// principal is who a pair of keys acts as.
type principal struct {
	kind    kind
	arn     string
	userID  string
	account string
	// user is the IAM user whose MFA devices the principal can present.
	user string
	// roleARN is the role of a role session.
	roleARN string
	// mfa says that aws:MultiFactorAuthPresent is true.
	mfa bool
	// sourceIdentity stays the same through a chain of roles.
	sourceIdentity string
	// created is when a user was made, issued when a session was.
	created, issued time.Time
	// console says that a session is of a sign-in at the console, such as that
	// of aws login.
	console bool
	// chained says that a role's session was asked for by another session.
	chained bool
	// transitive are the session tags that go on to the next role.
	transitive []tag
}

func (p *principal) root() bool { return p.kind == rootUser || p.kind == rootSession }

// temporary reports whether the principal acts through a session.
func (p *principal) temporary() bool { return p.kind > iamUser }

// chaining reports whether a role assumed now is held to one hour. AWS counts a
// GetSessionToken session as well as a role's.
func (p *principal) chaining() bool { return p.kind == roleSession || p.kind == userSession }

// names lists what a trust policy can call the principal.
func (p *principal) names() []string {
	return []string{p.arn, p.roleARN, p.account, "*"}
}
