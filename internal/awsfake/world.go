package awsfake

import (
	"sync"
	"time"

	"assume-role/internal/creds"
)

// world is what exists in AWS. Its lock is held for the whole of a call, so
// that a code or a key changes hands once.
type world struct {
	account, partition string
	tokenLength        int
	clock              *clock

	mu         sync.Mutex
	users      map[string]*principal
	keys       map[string]*accessKey
	devices    map[string]*Device
	roles      map[string]*role
	webTokens  map[string]WebIdentity
	jobs       map[string]WebIdentity
	assertions map[string]SAMLAssertion
	// instance is the one whose metadata answers; nil for none.
	instance   *instanceState
	containers map[string]*containerState
	center     *identityCenter
	iam        iamState
	// logins are the sign-ins by refresh token, proofs the DPoP proofs seen.
	logins map[string]*loginSession
	proofs map[string]bool
	// console is what a browser knows of AWS Sign-In.
	console console
	secrets []string
	codes   int
}

// accessKey is one pair of keys, long-lived or of a session.
type accessKey struct {
	id, secret string
	// token and expires are a session's; empty for long-lived keys.
	token   string
	expires time.Time
	// status is what AWS's services know of UpdateAccessKey and the like.
	status  settling[keyStatus]
	created time.Time
	owner   *principal
	// used is the last use; nil for none.
	used *keyUse
}

func newWorld(o Options, c *clock) *world {
	return &world{
		account: o.Account, partition: o.Partition, tokenLength: o.TokenLength, clock: c,
		users:      map[string]*principal{},
		keys:       map[string]*accessKey{},
		devices:    map[string]*Device{},
		roles:      map[string]*role{},
		webTokens:  map[string]WebIdentity{},
		jobs:       map[string]WebIdentity{},
		assertions: map[string]SAMLAssertion{},
		containers: map[string]*containerState{},
		center:     newIdentityCenter(),
		iam:        newIAMState(),
		logins:     map[string]*loginSession{},
		proofs:     map[string]bool{},
		console:    newConsole(),
	}
}

// secret makes a random secret and remembers it for Secrets.
func (w *world) secret(n int) string {
	s := randomText(n, secretAlphabet)
	w.secrets = append(w.secrets, s)
	return s
}

// user returns the IAM user of that name, and makes it if need be.
func (w *world) user(name string) *principal {
	if u := w.users[name]; u != nil {
		return u
	}
	u := &principal{
		kind: iamUser, user: name, account: w.account,
		arn:    "arn:" + w.partition + ":iam::" + w.account + ":user/" + name,
		userID: newID("AIDA"), created: w.clock.now(),
	}
	w.users[name] = u
	return u
}

func (w *world) addKey(owner *principal) (string, creds.Secret) {
	k := w.newKey(owner, 0)
	return k.id, creds.Secret(k.secret)
}

// newKey makes a long-lived key, which works after that many tries.
func (w *world) newKey(owner *principal, tries int) *accessKey {
	k := &accessKey{id: newID("AKIA"), secret: w.secret(40), created: w.clock.now(), owner: owner}
	k.status.change(activeKey, tries)
	w.keys[k.id] = k
	return k
}

// issue makes temporary credentials for a principal.
func (w *world) issue(p principal, lifetime time.Duration) *accessKey {
	p.issued = w.clock.now().Truncate(time.Second)
	k := &accessKey{
		id: newID("ASIA"), secret: w.secret(40), created: p.issued, owner: &p,
		token:   w.secret(max(w.tokenLength, 16)),
		expires: p.issued.Add(lifetime),
	}
	k.status.change(activeKey, 0)
	w.keys[k.id] = k
	return k
}

// AddUser makes an IAM user and returns its ARN. AddKey and AddDevice make the
// users they name themselves.
func (f *Fake) AddUser(name string) (arn string) {
	f.world.mu.Lock()
	defer f.world.mu.Unlock()
	return f.world.user(name).arn
}

// AddKey gives a user one more long-lived access key.
func (f *Fake) AddKey(user string) (id string, secret creds.Secret) {
	f.world.mu.Lock()
	defer f.world.mu.Unlock()
	return f.world.addKey(f.world.user(user))
}

// AddRootKey gives the account's root user an access key, which can do little
// with STS: no AssumeRole, and sessions of at most one hour.
func (f *Fake) AddRootKey() (id string, secret creds.Secret) {
	f.world.mu.Lock()
	defer f.world.mu.Unlock()
	w := f.world
	return w.addKey(&principal{
		kind: rootUser, account: w.account, userID: w.account,
		arn: "arn:" + w.partition + ":iam::" + w.account + ":root",
	})
}

// DeactivateKey turns a long-lived key off, as UpdateAccessKey with the status
// Inactive does; sessions made with it live on. An unknown id changes nothing.
func (f *Fake) DeactivateKey(id string) {
	f.world.mu.Lock()
	defer f.world.mu.Unlock()
	if k := f.world.keys[id]; k != nil {
		k.status.change(inactiveKey, 0)
	}
}

// Secrets lists every secret made so far: secret keys, session tokens, MFA
// seeds, web identity tokens, SAML assertions and tokens of Identity Center.
// None of them may turn up in what a program prints or logs.
func (f *Fake) Secrets() []string {
	f.world.mu.Lock()
	defer f.world.mu.Unlock()
	return append([]string(nil), f.world.secrets...)
}

// Codes is the number of MFA codes that were accepted.
func (f *Fake) Codes() int {
	f.world.mu.Lock()
	defer f.world.mu.Unlock()
	return f.world.codes
}
