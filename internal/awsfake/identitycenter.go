package awsfake

import (
	"encoding/json"
	"net/url"
	"time"
)

// The lifetimes of IAM Identity Center's tokens
// (https://docs.aws.amazon.com/singlesignon/latest/OIDCAPIReference).
const (
	accessTokenLifetime  = time.Hour
	registrationLifetime = 90 * 24 * time.Hour
	deviceCodeLifetime   = 10 * time.Minute
	devicePollInterval   = 5 * time.Second
)

// identityCenter is an instance of IAM Identity Center: who may have which
// role, and who is signed in.
type identityCenter struct {
	assigned []assignment
	clients  map[string]*oidcClient
	// access and refresh find sign-ins by their tokens.
	access  map[string]*accessToken
	refresh map[string]*refreshToken
	devices map[string]*deviceGrant
	codes   map[string]*codeGrant
	// browser is who is signed in at the portal in the browser; asks says that
	// the authorization page waits for a click there.
	browser string
	asks    bool
	// pages are the authorization pages that wait, by their names.
	pages map[string]url.Values
	// quick enters every device code at once.
	quick string
	// interval is what polls for a device code have to keep.
	interval time.Duration
	// names are those of the accounts that have one of their own.
	names map[string]string
	// pageSize is how much a list call answers at most, rate how often the
	// portal may be asked.
	pageSize int
	rate     rate
}

func newIdentityCenter() *identityCenter {
	return &identityCenter{
		clients: map[string]*oidcClient{}, access: map[string]*accessToken{},
		refresh: map[string]*refreshToken{}, devices: map[string]*deviceGrant{}, codes: map[string]*codeGrant{},
		pages: map[string]url.Values{}, interval: devicePollInterval,
		names: map[string]string{}, pageSize: maxPortalPage,
	}
}

// assignment is a permission set of a user in an account.
type assignment struct {
	user, account, role string
	// provisioned is the role that the permission set made there.
	provisioned *role
	lifetime    time.Duration
}

type oidcClient struct {
	secret  string
	expires time.Time
	// grants, redirects and scopes are what it was registered for.
	grants, redirects, scopes []string
}

type accessToken struct {
	user    string
	expires time.Time
}

type refreshToken struct {
	user, client string
	// fixed is one that a refresh does not replace.
	fixed bool
}

// deviceGrant is a device code that waits for a person, or no longer does.
type deviceGrant struct {
	client             string
	user               string
	denied             bool
	expires, pollAgain time.Time
}

// AddAssignment lets a user of Identity Center have a role in an account, for
// as long as the permission set says (1 to 12 hours; 0 means 1 hour), and
// returns the ARN of the role that stands for it in IAM.
func (f *Fake) AddAssignment(user, account, role string, lifetime time.Duration) (arn string) {
	if lifetime == 0 {
		lifetime = time.Hour
	}
	arn = f.AddRole(Role{
		Name: "aws-reserved/sso.amazonaws.com/AWSReservedSSO_" + role + "_0123456789abcdef", Account: account, MaxDuration: 12 * time.Hour,
		Principals: []string{"sso.amazonaws.com"},
	})
	f.world.mu.Lock()
	defer f.world.mu.Unlock()
	f.world.center.assigned = append(f.world.center.assigned, assignment{user, account, role, f.world.roles[arn], lifetime})
	return arn
}

// SSOSignIn is a user's sign-in at an access portal.
type SSOSignIn struct {
	User             string
	StartURL, Region string
	// Left is how long its access token lasts; 0 means an hour.
	Left time.Duration
	// Legacy leaves what a profile without an sso-session leaves: no refresh
	// token.
	Legacy bool
	// Fixed has refreshes answered without a new refresh token.
	Fixed bool
}

// SSOToken signs a user in and returns what the AWS CLI leaves in its cache.
func (f *Fake) SSOToken(s SSOSignIn) (file []byte) {
	f.world.mu.Lock()
	defer f.world.mu.Unlock()
	w := f.world
	if s.Left == 0 {
		s.Left = accessTokenLifetime
	}
	access, expires := w.newAccessToken(s.User, s.Left)
	content := map[string]string{
		"startUrl": s.StartURL, "region": s.Region, "accessToken": access, "expiresAt": expires.Format(time.RFC3339),
	}
	if !s.Legacy {
		id, client := w.newClient()
		content["clientId"], content["clientSecret"] = id, client.secret
		content["registrationExpiresAt"] = client.expires.Format(time.RFC3339)
		content["refreshToken"] = w.newRefreshToken(refreshToken{s.User, id, s.Fixed})
	}
	file, _ = json.Marshal(content) // strings only
	return file
}

// RevokeAccess ends a user's access tokens before their time; refresh tokens
// stay good.
func (f *Fake) RevokeAccess(user string) {
	f.world.mu.Lock()
	defer f.world.mu.Unlock()
	f.world.center.revoke(user)
}

// EndSSO ends a user's sign-ins, as an administrator can.
func (f *Fake) EndSSO(user string) {
	f.world.mu.Lock()
	defer f.world.mu.Unlock()
	f.world.center.revoke(user)
	for text, token := range f.world.center.refresh {
		if token.user == user {
			delete(f.world.center.refresh, text)
		}
	}
}

func (c *identityCenter) revoke(user string) {
	for text, token := range c.access {
		if token.user == user {
			delete(c.access, text)
		}
	}
}

// AnswerDevices is what a person in front of the browser says to every device
// code that waits: the user signs in, or refuses if allow is false.
func (f *Fake) AnswerDevices(user string, allow bool) {
	f.world.mu.Lock()
	defer f.world.mu.Unlock()
	f.world.center.answer(user, allow)
}

// AnswerDevicesAtOnce has a user sign in with every device code from now on,
// as soon as it is made; with "" nobody does.
func (f *Fake) AnswerDevicesAtOnce(user string) {
	f.world.mu.Lock()
	defer f.world.mu.Unlock()
	f.world.center.quick = user
}

func (c *identityCenter) answer(user string, allow bool) {
	for _, d := range c.devices {
		d.user, d.denied = user, !allow
	}
}

// SetPollInterval changes how far apart polls for a device code have to be,
// from AWS's five seconds to some other number of seconds.
func (f *Fake) SetPollInterval(d time.Duration) {
	f.world.mu.Lock()
	defer f.world.mu.Unlock()
	f.world.center.interval = d
}

// ForgetClients makes AWS forget every registered client.
func (f *Fake) ForgetClients() {
	f.world.mu.Lock()
	defer f.world.mu.Unlock()
	clear(f.world.center.clients)
}

func (w *world) newAccessToken(user string, left time.Duration) (text string, expires time.Time) {
	text, expires = w.secret(300), w.clock.now().Truncate(time.Second).Add(left)
	w.center.access[text] = &accessToken{user, expires}
	return text, expires
}

func (w *world) newRefreshToken(t refreshToken) (text string) {
	text = w.secret(300)
	w.center.refresh[text] = &t
	return text
}

func (w *world) newClient() (id string, c *oidcClient) {
	id = randomText(22, idAlphabet)
	c = &oidcClient{secret: w.secret(600), expires: w.clock.now().Truncate(time.Second).Add(registrationLifetime)}
	w.center.clients[id] = c
	return id, c
}
