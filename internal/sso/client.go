package sso

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"

	"assume-role/internal/bearer"
	"assume-role/internal/creds"
	"assume-role/internal/securefile"
)

// client is this program as the instance has registered it. AWS keeps a
// registration for 90 days.
type client struct {
	id      string
	secret  creds.Secret
	expires time.Time
	// scopes and grants are what it was registered for.
	scopes, grants []string
}

// accountAccess is the scope of the portal's calls
// (https://docs.aws.amazon.com/singlesignon/latest/userguide/customermanagedapps-saml2-oauth2.html).
const accountAccess = "sso:account:access"

// codeGrants are what a sign-in with an authorization code registers for.
func codeGrants() []string { return []string{"authorization_code", "refresh_token"} }

// configured are the scopes that the sso-session asks for; nil where it does
// not say.
func (s *Session) configured() []string {
	var scopes []string
	for scope := range strings.SplitSeq(s.Scopes, ",") {
		if scope = strings.TrimSpace(scope); scope != "" {
			scopes = append(scopes, scope)
		}
	}
	return scopes
}

// scopes are those to register for. Without any, AWS gives no refresh token,
// as for a start URL without an sso-session.
func (s *Session) scopes() []string {
	if scopes := s.configured(); scopes != nil || s.Name == "" {
		return scopes
	}
	return []string{accountAccess}
}

// client returns the registration that the AWS CLI's folder has, as long as it
// lasts and is for the same, else a new one.
func (s *Session) client(ctx context.Context, start string, grants []string) (client, error) {
	path := s.clientPath(start)
	if c, ok := readClient(path); ok && c.expires.Sub(s.Now()) > Window && c.isFor(s.scopes(), grants) {
		return c, nil
	}
	c, err := s.register(ctx, start, grants)
	if err != nil {
		return client{}, s.notGranted("RegisterClient", start, client{}, err)
	}
	if err = securefile.MkdirPrivate(s.Folder); err == nil {
		err = securefile.Write(path, c.encode())
	}
	if err != nil {
		s.debug("the registration could not be saved: %v", err) // the next sign-in makes another one
	}
	return c, nil
}

// isFor: the AWS CLI tells the registrations of its two ways apart by the
// grant that only one of them has.
func (c client) isFor(scopes, grants []string) bool {
	codes := slices.Contains(c.grants, codeGrants()[0])
	return slices.Equal(c.scopes, scopes) && codes == slices.Contains(grants, codeGrants()[0])
}

// clientQuestion is RegisterClient's
// (https://docs.aws.amazon.com/singlesignon/latest/OIDCAPIReference/API_RegisterClient.html).
type clientQuestion struct {
	ClientName   string   `json:"clientName"`
	ClientType   string   `json:"clientType"`
	Scopes       []string `json:"scopes,omitempty"`
	GrantTypes   []string `json:"grantTypes,omitempty"`
	RedirectURIs []string `json:"redirectUris,omitempty"`
	IssuerURL    string   `json:"issuerUrl,omitempty"`
}

// clientAnswer is never printed.
type clientAnswer struct {
	ClientID     string `json:"clientId"`
	ClientSecret string `json:"clientSecret"`
	// ExpiresAt is in seconds since 1970.
	ExpiresAt int64 `json:"clientSecretExpiresAt"`
}

func (s *Session) register(ctx context.Context, start string, grants []string) (client, error) {
	name := s.Name
	if name == "" {
		name = strconv.FormatInt(s.Now().Unix(), 10)
	}
	q := clientQuestion{ClientName: "botocore-client-" + name, ClientType: "public", Scopes: s.scopes(), GrantTypes: grants}
	if grants != nil {
		q.RedirectURIs, q.IssuerURL = []string{"http://127.0.0.1" + callback}, start
	}
	var a clientAnswer
	if err := s.oidc(ctx, "/client/register", q, false, &a); err != nil {
		return client{}, err
	}
	if !a.complete() {
		return client{}, s.incomplete("RegisterClient")
	}
	return client{id: a.ClientID, secret: creds.Secret(a.ClientSecret), expires: time.Unix(a.ExpiresAt, 0).UTC(), scopes: q.Scopes, grants: grants}, nil
}

// lastSecond is the end of the year 9999, the last that the file's form of a
// time has room for.
const lastSecond = 253402300799

func (a clientAnswer) complete() bool {
	return a.ClientID != "" && a.ClientSecret != "" && a.ExpiresAt > 0 && a.ExpiresAt <= lastSecond
}

// oidc makes a call of the OpenID Connect service.
func (s *Session) oidc(ctx context.Context, path string, body any, once bool, into any) error {
	c, err := s.Client()
	if err != nil {
		return err
	}
	return c.JSON(ctx, bearer.Request{Method: http.MethodPost, URL: strings.TrimSuffix(s.OIDC, "/") + path, Body: body, Once: once}, into)
}

// clientPath is where the AWS CLI keeps a registration: the name is a hash of
// all that it is for, as Python's json.dumps writes it.
func (s *Session) clientPath(start string) string {
	scopes := "null"
	if list := s.configured(); list != nil {
		quoted := make([]string, len(list))
		for i, scope := range list {
			quoted[i] = pythonText(scope)
		}
		scopes = "[" + strings.Join(quoted, ", ") + "]"
	}
	name := "null"
	if s.Name != "" {
		name = pythonText(s.Name)
	}
	return filepath.Join(s.Folder, Key(fmt.Sprintf(`{"region": %s, "scopes": %s, "session_name": %s, "startUrl": %s, "tool": "botocore"}`,
		pythonText(s.Region), scopes, name, pythonText(start)))+".json")
}

// pythonText is a string as json.dumps writes it: in ASCII.
func pythonText(text string) string {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(text) // a string always has a JSON form
	var out []byte
	for _, r := range strings.TrimSuffix(b.String(), "\n") {
		if r < 0x7f {
			out = append(out, byte(r))
			continue
		}
		for _, unit := range utf16.AppendRune(nil, r) {
			out = fmt.Appendf(out, `\u%04x`, unit)
		}
	}
	return string(out)
}

// readClient reads a registration. What is none, or torn, is made anew.
func readClient(path string) (client, bool) {
	text, err := securefile.Read(path, limit)
	if err != nil {
		return client{}, false
	}
	o, err := parse(text)
	if err != nil {
		return client{}, false
	}
	c := client{id: o.text(clientID), secret: creds.Secret(o.text(clientSecret)), expires: o.time(expiresAt), scopes: o.texts("scopes"), grants: o.texts("grantTypes")}
	return c, c.id != "" && c.secret != ""
}

// texts is a member that is a list of strings; nil where it is missing or none.
func (o object) texts(name string) []string {
	var texts []string
	if i := o.find(name); i < 0 || json.Unmarshal(o[i].value, &texts) != nil {
		return nil
	}
	return texts
}

// encode is the registration's file, with the AWS CLI's members.
func (c client) encode() []byte {
	o := object{}.with(clientID, c.id).with(clientSecret, c.secret.Reveal()).with(expiresAt, c.expires.Format(time.RFC3339))
	for _, list := range []struct {
		name  string
		texts []string
	}{{"scopes", c.scopes}, {"grantTypes", c.grants}} {
		if list.texts != nil {
			value, _ := json.Marshal(list.texts) // strings always have a JSON form
			o = append(o, member{list.name, value})
		}
	}
	return o.encode()
}

// forget removes a registration that AWS does not know, so that the next
// sign-in makes another one.
func (s *Session) forget(start, id string) {
	path := s.clientPath(start)
	if c, ok := readClient(path); ok && c.id == id {
		_ = os.Remove(path) // what stays is found out again
	}
}
