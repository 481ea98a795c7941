package login

import (
	"bytes"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"assume-role/internal/creds"
)

// The members of the file that count here. Whatever else is in it is kept.
const (
	accessToken  = "accessToken"
	refreshToken = "refreshToken"
	clientID     = "clientId"
	dpopKey      = "dpopKey"

	accessKeyID     = "accessKeyId"
	secretAccessKey = "secretAccessKey"
	sessionToken    = "sessionToken"
	accountID       = "accountId"
	expiresAt       = "expiresAt"
)

// object is a JSON object whose members keep their spelling and their text.
type object map[string]json.RawMessage

// text is a member that is a string; empty where it is missing or none.
func (o object) text(name string) string {
	var text string
	if json.Unmarshal(o[name], &text) != nil {
		return ""
	}
	return text
}

// put sets a member to a string.
func (o object) put(name, text string) {
	o[name], _ = json.Marshal(text) // a string always has a JSON form
}

// record is what a file holds, secrets and all; it is never printed.
type record struct {
	// file is the file's content, to tell whether another one is there.
	file []byte
	// whole is the file's object, token its accessToken.
	whole, token object
}

// errTorn is for a file that is no JSON object.
var errTorn = errors.New("it is not a JSON object")

// missingError names members that a file lacks.
type missingError []string

func (m missingError) Error() string { return "it holds no " + strings.Join(m, " and no ") }

// decode reads a file. An object that lacks what a refresh needs is refused
// even while its credentials last, as the SDKs do: it is not what a sign-in
// leaves. No error quotes the file.
func decode(file []byte) (*record, error) {
	r := &record{file: file}
	if json.Unmarshal(file, &r.whole) != nil {
		return nil, errTorn
	}
	if json.Unmarshal(r.whole[accessToken], &r.token) != nil {
		r.token = nil
	}
	if missing := r.missing(); missing != nil {
		return nil, missing
	}
	return r, nil
}

func (r *record) missing() missingError {
	var missing missingError
	for _, name := range []string{refreshToken, clientID, dpopKey} {
		if r.whole.text(name) == "" {
			missing = append(missing, name)
		}
	}
	for _, name := range []string{accessKeyID, secretAccessKey, sessionToken} {
		if r.token.text(name) == "" {
			return append(missing, accessToken)
		}
	}
	return missing
}

// same reports whether both are of the same content.
func (r *record) same(other *record) bool { return bytes.Equal(r.file, other.file) }

// lasts reports whether the credentials are good enough.
func (r *record) lasts(need Need, now time.Time) bool {
	if need.TTL > 0 {
		return r.left(now) >= need.TTL
	}
	return r.left(now) > Window
}

// left is how long the credentials last after now; no more than 0 where they
// have ended, or where the file does not say when they do.
func (r *record) left(now time.Time) time.Duration {
	if r == nil {
		return 0
	}
	return r.expires().Sub(now)
}

// expires is the credentials' end; a time long ago where none is given.
func (r *record) expires() time.Time {
	at, _ := creds.ParseTime(r.token.text(expiresAt)) // what is no time has passed
	return at
}

func (r *record) credentials() creds.Credentials {
	return creds.Credentials{
		AccessKeyID:     r.token.text(accessKeyID),
		SecretAccessKey: creds.Secret(r.token.text(secretAccessKey)),
		SessionToken:    creds.Secret(r.token.text(sessionToken)),
		Expiration:      r.expires(),
		AccountID:       r.token.text(accountID),
	}
}

// with returns the record after a refresh: everything is kept but what AWS
// answered anew. An answer without a refresh token leaves the old one in use.
func (r *record) with(a answer, now time.Time) (*record, error) {
	next := &record{whole: maps.Clone(r.whole), token: maps.Clone(r.token)}
	next.token.put(accessKeyID, a.AccessToken.AccessKeyID)
	next.token.put(secretAccessKey, a.AccessToken.SecretAccessKey)
	next.token.put(sessionToken, a.AccessToken.SessionToken)
	next.token.put(expiresAt, now.Add(time.Duration(a.ExpiresIn)*time.Second).UTC().Format(time.RFC3339))
	if a.RefreshToken != "" {
		next.whole.put(refreshToken, a.RefreshToken)
	}
	token, err := encode(next.token)
	if err != nil {
		return nil, err
	}
	next.whole[accessToken] = token
	next.file, err = encode(next.whole)
	return next, err
}

// encode writes an object, its members as they came.
func encode(o object) ([]byte, error) {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(o)
	return slices.Clip(bytes.TrimSpace(text.Bytes())), err
}
