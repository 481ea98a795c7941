package awsfake

import (
	"encoding/base64"
	"encoding/xml"
	"slices"
	"strings"
	"time"

	"assume-role/internal/creds"
)

// samlAudience is whom an assertion for AWS is meant for.
const samlAudience = "https://signin.aws.amazon.com/saml"

// assertionLife is how long after its issue AWS takes an assertion.
const assertionLife = 5 * time.Minute

// SAMLAssertion is what a SAML identity provider says about someone.
type SAMLAssertion struct {
	// SessionName is the attribute RoleSessionName.
	SessionName string
	// Provider is the ARN of the provider in IAM, Roles those of the roles it
	// may be used for.
	Provider string
	Roles    []string
	// SourceIdentity is the attribute of that name.
	SourceIdentity string
	// ProviderFirst has the provider before the role in each value of Role,
	// as some identity providers write it; Encrypted shows neither.
	ProviderFirst, Encrypted bool
	// Audience defaults to AWS's. StaleKey signs with a key that the metadata
	// in IAM does not have.
	Audience string
	StaleKey bool
	// SessionNotOnOrAfter ends a session early; zero for no limit.
	SessionNotOnOrAfter time.Time

	issued time.Time
}

// samlResult is AssumeRoleWithSAML's result.
type samlResult struct {
	assumed
	Issuer      string
	Subject     string
	SubjectType string
	Audience    string
}

// AddSAMLAssertion has the provider issue an assertion: the base64 response
// that it would post to https://signin.aws.amazon.com/saml. AWS takes it for
// five minutes.
func (f *Fake) AddSAMLAssertion(a SAMLAssertion) creds.Secret {
	f.world.mu.Lock()
	defer f.world.mu.Unlock()
	a.issued = f.Now()
	if a.Audience == "" {
		a.Audience = samlAudience
	}
	text := base64.StdEncoding.EncodeToString([]byte(a.response()))
	f.world.assertions[text] = a
	f.world.secrets = append(f.world.secrets, text)
	return creds.Secret(text)
}

// response is the XML with the attributes that AWS reads.
func (a SAMLAssertion) response() string {
	const base = "https://aws.amazon.com/SAML/Attributes/"
	var pairs []string
	for _, role := range a.Roles {
		pair := []string{role, a.Provider}
		if a.ProviderFirst {
			slices.Reverse(pair)
		}
		pairs = append(pairs, strings.Join(pair, ","))
	}
	statement := `<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">` +
		`<saml:Conditions><saml:AudienceRestriction><saml:Audience>` + a.Audience + `</saml:Audience></saml:AudienceRestriction></saml:Conditions>` +
		`<saml:AttributeStatement>` +
		samlAttribute(base+"Role", pairs...) + samlAttribute(base+"RoleSessionName", a.SessionName) +
		`</saml:AttributeStatement></saml:Assertion>`
	if a.Encrypted {
		statement = `<saml:EncryptedAssertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">` + newID("") + `</saml:EncryptedAssertion>`
	}
	return `<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="_` + newID("") + `">` + statement + `</samlp:Response>`
}

func samlAttribute(name string, values ...string) string {
	var b strings.Builder
	b.WriteString(`<saml:Attribute Name="` + name + `">`)
	for _, v := range values {
		b.WriteString("<saml:AttributeValue>")
		_ = xml.EscapeText(&b, []byte(v))
		b.WriteString("</saml:AttributeValue>")
	}
	return b.String() + "</saml:Attribute>"
}

// assumeRoleWithSAML is
// https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithSAML.html.
// The session's name comes from the assertion, not from the caller.
func (c *stsCall) assumeRoleWithSAML() (any, error) {
	p := roleParams{roleARN: c.roleARN(), lifetime: c.seconds(900, maxRoleSeconds, 3600), policy: c.sessionPolicy(maxPolicy)}
	provider := c.text("PrincipalArn", limit{required: true, min: 20, max: 2048})
	text := c.text("SAMLAssertion", limit{required: true, min: 4, max: 100000})
	if err := c.err(); err != nil {
		return nil, err
	}
	a, err := c.samlAssertion(text)
	if err != nil {
		return nil, err
	}
	if a.Provider != provider || !slices.Contains(a.Roles, p.roleARN) {
		return nil, accessDenied("Not authorized to perform sts:AssumeRoleWithSAML")
	}
	r, err := c.federatedRole(p, provider)
	if err != nil {
		return nil, err
	}
	return c.samlSession(r, p, a)
}

func (c *stsCall) samlAssertion(text string) (SAMLAssertion, error) {
	a, ok := c.assertions[text]
	switch {
	case !ok && !isResponse(text):
		return a, &apiError{400, "InvalidIdentityToken", "Invalid base64 SAMLResponse (Service: AWSOpenIdDiscoveryService; Status Code: 400)"}
	case !ok, a.StaleKey:
		return a, &apiError{400, "InvalidIdentityToken", "Response signature invalid (Service: AWSSecurityTokenService; Status Code: 400; Error Code: InvalidIdentityToken)"}
	case a.Audience != samlAudience:
		return a, &apiError{400, "InvalidIdentityToken", "Response does not contain the required audience."}
	case a.SessionName == "":
		return a, &apiError{400, "InvalidIdentityToken", "RoleSessionName is required in AuthnResponse"}
	case c.now.Sub(a.issued) >= assertionLife:
		return a, &apiError{400, "ExpiredTokenException", "Token must be redeemed within 5 minutes of issuance"}
	}
	return a, nil
}

// isResponse reports whether a text could be a response that nobody here
// issued.
func isResponse(text string) bool {
	document, err := base64.StdEncoding.DecodeString(text)
	return err == nil && strings.HasPrefix(string(document), "<samlp:Response")
}

func (c *stsCall) samlSession(r *role, p roleParams, a SAMLAssertion) (any, error) {
	percent, err := packedSize(p.policy, nil)
	if err != nil {
		return nil, err
	}
	lifetime := p.lifetime
	if !a.SessionNotOnOrAfter.IsZero() {
		lifetime = min(lifetime, a.SessionNotOnOrAfter.Sub(c.now))
	}
	k := c.issue(r.session(a.SessionName, a.SourceIdentity, nil), lifetime)
	return samlResult{
		assumed: newAssumed(k, percent), Issuer: "https://idp.test", Subject: a.SessionName,
		SubjectType: "persistent", Audience: a.Audience,
	}, nil
}
