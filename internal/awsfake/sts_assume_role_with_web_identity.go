package awsfake

import (
	"encoding/base64"
	"encoding/json"
	"strings"
	"time"

	"assume-role/internal/creds"
)

// stsAudience is the only audience that the identity providers in IAM list.
const stsAudience = "sts.amazonaws.com"

// WebIdentity is what an OpenID Connect provider says about someone.
type WebIdentity struct {
	// Subject, Audience and Issuer are the claims sub, aud and iss. They
	// default to "subject", "sts.amazonaws.com" and "https://oidc.test".
	Subject, Audience, Issuer string
	// Expires is the claim exp. Default: an hour from now.
	Expires time.Time
	// SourceIdentity is the claim https://aws.amazon.com/source_identity.
	SourceIdentity string
}

// webIdentityResult is AssumeRoleWithWebIdentity's result.
type webIdentityResult struct {
	assumed
	SubjectFromWebIdentityToken string
	Provider                    string
	Audience                    string
}

// AddWebIdentity has the provider issue a token: a JWT of the usual shape whose
// signature nobody but this AWS accepts. A role that lists Principals must list
// Issuer to trust it.
func (f *Fake) AddWebIdentity(id WebIdentity) creds.Secret {
	f.world.mu.Lock()
	defer f.world.mu.Unlock()
	return creds.Secret(f.world.issueToken(id))
}

// issueToken makes a token that nobody else has.
func (w *world) issueToken(id WebIdentity) string {
	id = id.withDefaults(w.clock.now())
	claims, _ := json.Marshal(map[string]any{ // strings and numbers: cannot fail
		"iss": id.Issuer, "sub": id.Subject, "aud": id.Audience, "exp": id.Expires.Unix(),
		"iat": w.clock.now().Unix(), "jti": newRequestID(),
	})
	encode := base64.RawURLEncoding.EncodeToString
	token := encode([]byte(`{"alg":"RS256","typ":"JWT"}`)) + "." + encode(claims) + "." + encode([]byte(randomText(64, secretAlphabet)))
	w.webTokens[token] = id
	w.secrets = append(w.secrets, token)
	return token
}

func (id WebIdentity) withDefaults(now time.Time) WebIdentity {
	if id.Subject == "" {
		id.Subject = "subject"
	}
	if id.Audience == "" {
		id.Audience = stsAudience
	}
	if id.Issuer == "" {
		id.Issuer = "https://oidc.test"
	}
	if id.Expires.IsZero() {
		id.Expires = now.Add(time.Hour)
	}
	return id
}

// assumeRoleWithWebIdentity is
// https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html.
func (c *stsCall) assumeRoleWithWebIdentity() (any, error) {
	p := roleParams{roleARN: c.roleARN(), session: c.sessionName(), lifetime: c.seconds(900, maxRoleSeconds, 3600), policy: c.sessionPolicy(maxPolicy)}
	token := c.text("WebIdentityToken", limit{required: true, min: 4, max: 20000})
	c.text("ProviderId", limit{min: 4, max: 2048})
	if err := c.err(); err != nil {
		return nil, err
	}
	id, err := c.webIdentity(token)
	if err != nil {
		return nil, err
	}
	r, err := c.federatedRole(p, id.Issuer)
	if err != nil {
		return nil, err
	}
	percent, err := packedSize(p.policy, nil)
	if err != nil {
		return nil, err
	}
	k := c.issue(r.session(p.session, id.SourceIdentity, nil), p.lifetime)
	return webIdentityResult{
		assumed:                     newAssumed(k, percent),
		SubjectFromWebIdentityToken: id.Subject,
		Provider:                    strings.TrimPrefix(id.Issuer, "https://"),
		Audience:                    id.Audience,
	}, nil
}

func (c *stsCall) webIdentity(token string) (WebIdentity, error) {
	id, ok := c.webTokens[token]
	switch {
	case !ok && strings.Count(token, ".") != 2:
		return id, &apiError{400, "InvalidIdentityToken", "The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)"}
	case !ok:
		return id, &apiError{400, "InvalidIdentityToken", "Couldn't retrieve verification key from your identity provider,  please reference AssumeRoleWithWebIdentity documentation for requirements"}
	case id.Audience != stsAudience:
		return id, &apiError{400, "InvalidIdentityToken", "Incorrect token audience"}
	case !c.now.Before(id.Expires):
		return id, &apiError{400, "ExpiredTokenException", "Token expired: current date/time must be before the expiration date/time"}
	}
	return id, nil
}

// federatedRole finds the role of a call that an identity provider vouches for.
func (c *stsCall) federatedRole(p roleParams, provider string) (*role, error) {
	r := c.roles[p.roleARN]
	switch {
	case r == nil, !r.trusts(provider):
		return nil, accessDenied("Not authorized to perform sts:%s", c.action)
	case p.lifetime > r.MaxDuration:
		return nil, overMaxDuration()
	}
	return r, p.policy.check(r.Partition, r.Account)
}
