package awsfake

import (
	"strings"
	"time"
)

const (
	maxRoleSeconds = 43200
	// chainedMax is how long a role lasts that a session assumes.
	chainedMax = time.Hour
)

// assumed is the result of the three AssumeRole calls.
type assumed struct {
	Credentials      credentialsXML
	AssumedRoleUser  assumedRoleUser
	PackedPolicySize int    `xml:",omitempty"`
	SourceIdentity   string `xml:",omitempty"`
}

type assumedRoleUser struct {
	ARN           string `xml:"Arn"`
	AssumedRoleID string `xml:"AssumedRoleId"`
}

// roleParams are AssumeRole's parameters.
type roleParams struct {
	roleARN, session, externalID, sourceIdentity string
	lifetime                                     time.Duration
	mfa                                          mfaCode
	policy                                       sessionPolicy
	tags                                         []tag
	transitive                                   []string
}

func (c *stsCall) roleARN() string {
	return c.text("RoleArn", limit{required: true, min: 20, max: 2048})
}

// sessionName reads RoleSessionName.
func (c *stsCall) sessionName() string {
	return c.text("RoleSessionName", limit{required: true, min: 2, max: 64, pattern: `[\w+=,.@-]*`})
}

func (c *stsCall) roleParams() (roleParams, error) {
	p := roleParams{
		roleARN:        c.roleARN(),
		session:        c.sessionName(),
		externalID:     c.text("ExternalId", limit{min: 2, max: 1224, pattern: `[\w+=,.@:\/-]*`}),
		sourceIdentity: c.text("SourceIdentity", limit{min: 2, max: 64, pattern: `[\w+=,.@-]*`}),
		lifetime:       c.seconds(900, maxRoleSeconds, 3600),
		mfa:            c.mfaCode(),
		policy:         c.sessionPolicy(0),
		tags:           c.tags(),
		transitive:     c.list("TransitiveTagKeys", ""),
	}
	c.atMost(maxTags, "TransitiveTagKeys", p.transitive)
	return p, c.err()
}

// assumeRole is
// https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html.
func (c *stsCall) assumeRole() (any, error) {
	p, err := c.roleParams()
	if err != nil {
		return nil, err
	}
	if err := c.mayAssume(p); err != nil {
		return nil, err
	}
	r, err := c.trustedRole(p)
	if err != nil {
		return nil, err
	}
	if err := p.policy.check(r.Partition, r.Account); err != nil {
		return nil, err
	}
	if err := checkTags(p.tags); err != nil {
		return nil, err
	}
	transitive, err := c.transitiveTags(p.tags, p.transitive)
	if err != nil {
		return nil, err
	}
	return c.roleSession(r, p, transitive)
}

// mayAssume holds the caller to what its kind of credentials can do.
func (c *stsCall) mayAssume(p roleParams) error {
	switch {
	case !strings.HasPrefix(p.roleARN, "arn:") || !strings.Contains(p.roleARN, ":role/"):
		return validationError("Request ARN is invalid")
	case c.caller.root():
		return accessDenied("Roles may not be assumed by root accounts.")
	case c.caller.kind == federatedUser:
		return c.notAuthorized("sts:AssumeRole", p.roleARN)
	case c.caller.chaining() && p.lifetime > chainedMax:
		return validationError("The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.")
	}
	return nil
}

// trustedRole finds the role, if its trust policy lets the caller in. A role
// that does not exist is refused in the same words as one that is closed.
func (c *stsCall) trustedRole(p roleParams) (*role, error) {
	mfa, err := c.present(p.mfa)
	if err != nil {
		return nil, err
	}
	r := c.roles[p.roleARN]
	switch inherited := c.caller.sourceIdentity; {
	case r == nil, !r.trusts(c.caller.names()...),
		r.ExternalID != "" && r.ExternalID != p.externalID,
		r.RequireMFA && !mfa && !c.caller.mfa:
		return nil, c.notAuthorized("sts:AssumeRole", p.roleARN)
	case p.sourceIdentity != "" && inherited != "" && p.sourceIdentity != inherited:
		return nil, c.notAuthorized("sts:SetSourceIdentity", p.roleARN)
	case p.lifetime > r.MaxDuration:
		return nil, overMaxDuration()
	}
	return r, nil
}

// roleSession issues the session that was asked for.
func (c *stsCall) roleSession(r *role, p roleParams, transitive []tag) (any, error) {
	percent, err := packedSize(p.policy, append(p.tags, c.caller.transitive...))
	if err != nil {
		return nil, err
	}
	identity := p.sourceIdentity
	if identity == "" {
		identity = c.caller.sourceIdentity
	}
	who := r.session(p.session, identity, transitive)
	who.chained = c.caller.chaining()
	return newAssumed(c.issue(who, p.lifetime), percent), nil
}

func newAssumed(k *accessKey, percent int) assumed {
	return assumed{
		Credentials:      newCredentialsXML(k),
		AssumedRoleUser:  assumedRoleUser{ARN: k.owner.arn, AssumedRoleID: k.owner.userID},
		PackedPolicySize: percent,
		SourceIdentity:   k.owner.sourceIdentity,
	}
}

func (c *stsCall) notAuthorized(permission, resource string) error {
	return accessDenied("User: %s is not authorized to perform: %s on resource: %s", c.caller.arn, permission, resource)
}

func overMaxDuration() error {
	return validationError("The requested DurationSeconds exceeds the MaxSessionDuration set for this role.")
}
