package awsfake

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"slices"
	"strings"
	"time"
)

// loginSession is a sign-in of `aws login`, found by its refresh token.
type loginSession struct {
	who        principal
	clientID   string
	thumbprint string
	began      time.Time
	// ended is why it can no longer be refreshed, in OAuth's words, or empty.
	ended string
}

// AddLogin has an identity sign in with `aws login` and returns what the AWS
// CLI leaves in its cache. The identity is an IAM user, the root user or a
// role's session; another ARN panics.
func (f *Fake) AddLogin(arn string) (file []byte) {
	f.world.mu.Lock()
	defer f.world.mu.Unlock()
	w := f.world
	key, text := w.proofKey()
	session := &loginSession{
		who: w.signedIn(arn), clientID: sameDevice,
		thumbprint: key, began: w.clock.now(),
	}
	k := w.issue(session.who, loginLifetime)
	file, _ = json.Marshal(map[string]any{ // strings only
		"accessToken": map[string]string{
			"accessKeyId": k.id, "secretAccessKey": k.secret, "sessionToken": k.token,
			"accountId": session.who.account, "expiresAt": k.expires.Format(time.RFC3339),
		},
		"tokenType": "aws_sigv4", "clientId": session.clientID, "refreshToken": w.bind(session),
		"idToken": w.secret(200), "dpopKey": text,
	})
	return file
}

// EndLogin makes AWS refuse to refresh an identity's sign-ins, for a reason in
// OAuth's words: TOKEN_EXPIRED, USER_CREDENTIALS_CHANGED (a new password) or
// INSUFFICIENT_PERMISSIONS; another one panics. Credentials that were handed
// out live on.
func (f *Fake) EndLogin(arn, reason string) {
	if !slices.Contains([]string{"TOKEN_EXPIRED", "USER_CREDENTIALS_CHANGED", "INSUFFICIENT_PERMISSIONS"}, reason) {
		panic(fmt.Sprintf("awsfake: Sign-In knows no reason %q", reason))
	}
	f.world.mu.Lock()
	defer f.world.mu.Unlock()
	for _, session := range f.world.logins {
		if session.who.arn == arn {
			session.ended = reason
		}
	}
}

// bind makes a session's next refresh token.
func (w *world) bind(session *loginSession) string {
	token := w.secret(600)
	w.logins[token] = session
	return token
}

// proofKey makes the key of a sign-in: its thumbprint, and its PEM (SEC 1).
func (w *world) proofKey() (thumbprint, text string) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(err) // P-256 is always there
	}
	der, _ := x509.MarshalECPrivateKey(key)
	public, _ := key.PublicKey.ECDH()
	text = string(pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: der}))
	w.secrets = append(w.secrets, strings.Split(text, "\n")[1])
	point := public.Bytes()
	return keyThumbprint(point[1:33], point[33:]), text
}

// signedIn is whom the credentials of a sign-in act as.
func (w *world) signedIn(arn string) principal {
	part := strings.SplitN(arn, ":", 6)
	if len(part) != 6 {
		panic("awsfake: no ARN: " + arn)
	}
	who := principal{arn: arn, account: part[4], console: true}
	kind, name, _ := strings.Cut(part[5], "/")
	switch {
	case part[2] == "iam" && kind == "user":
		who.kind, who.user, who.userID = userSession, name[strings.LastIndex(name, "/")+1:], newID("AIDA")
	case part[2] == "iam" && kind == "root":
		who.kind, who.userID = rootSession, who.account
	case part[2] == "sts" && kind == "assumed-role":
		role, session, _ := strings.Cut(name, "/")
		who.kind, who.userID = roleSession, newID("AROA")+":"+session
		who.roleARN = "arn:" + part[1] + ":iam::" + who.account + ":role/" + role
	default:
		panic("awsfake: nobody signs in as " + arn)
	}
	return who
}
