package awsfake

import (
	"crypto/subtle"
	"encoding/json"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	federationPath = "/federation"
	signOutPath    = "/oauth"
	// signinTokenLife is how long a link signs in.
	signinTokenLife = 15 * time.Minute
	// minConsole and maxConsole bound SessionDuration, in seconds.
	minConsole, maxConsole = 900, 43200
)

// federation is the endpoint where credentials become a sign-in to the AWS
// console
// (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_enable-console-custom-url.html),
// and the page that ends one. AWS takes getSigninToken by GET, too; a program
// that puts credentials into an address is refused here.
type federation struct {
	world  *world
	tokens map[string]*signinToken
}

// signinToken is what a link signs in with, once.
type signinToken struct {
	who     *principal
	expires time.Time
}

func newFederation(w *world) *federation {
	return &federation{world: w, tokens: map[string]*signinToken{}}
}

func (f *federation) action(r *request) (string, bool) {
	switch r.URL.Path {
	case signOutPath:
		return "ConsoleLogout", true
	case federationPath:
		if r.form.Get("Action") == "login" {
			return "ConsoleLogin", true
		}
		return "GetSigninToken", true
	}
	return "", false
}

// refusal is a page for people, the only form in which the endpoint says no.
func (f *federation) refusal(message string) answer {
	a := htmlPage(http.StatusBadRequest, "Amazon Web Services Sign-In", "<b>400 Bad Request</b>", message)
	a.code = "BadRequest"
	return a
}

func (f *federation) throttled() answer { return f.refusal("Too many requests.") }

func (f *federation) answer(r *request, action string) answer {
	f.world.mu.Lock()
	defer f.world.mu.Unlock()
	switch {
	case r.deny:
		return f.refusal("Access denied.")
	case action == "GetSigninToken":
		return f.token(r)
	case r.Method != http.MethodGet:
		return f.refusal("The page is for browsers.")
	case action == "ConsoleLogin":
		return f.login(r.URL.Query())
	}
	return f.logout(r.URL.Query(), r.Host)
}

// token is getSigninToken.
func (f *federation) token(r *request) answer {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if r.Method != http.MethodPost || r.URL.RawQuery != "" || err != nil || kind != "application/x-www-form-urlencoded" {
		return f.refusal("The credentials must be posted as a form.")
	}
	if !single(r.form, "Action", "Session", "SessionDuration") || r.form.Get("Action") != "getSigninToken" {
		return f.refusal("A parameter is unknown, or there more than once.")
	}
	key, problem := f.session(r.form.Get("Session"))
	if problem == "" {
		problem = wrongDuration(r.form, key)
	}
	if problem != "" {
		return f.refusal(problem)
	}
	token := f.world.secret(240)
	f.tokens[token] = &signinToken{who: key.owner, expires: f.world.clock.now().Add(signinTokenLife)}
	a := jsonPage(http.StatusOK, map[string]string{"SigninToken": token})
	a.caller = key.owner.arn
	return a
}

// session finds the key that the credentials of a request are, if they may
// sign in, or says why not.
func (f *federation) session(text string) (key *accessKey, problem string) {
	var given map[string]string
	if json.Unmarshal([]byte(text), &given) != nil || len(given) != 3 {
		return nil, "Session is not a JSON object of sessionId, sessionKey and sessionToken."
	}
	key, err := f.world.keyFor(given["sessionId"], given["sessionToken"])
	switch {
	case err != nil, key.token != "" && !f.world.clock.now().Before(key.expires),
		subtle.ConstantTimeCompare([]byte(key.secret), []byte(given["sessionKey"])) == 0:
		return nil, "The credentials are not valid."
	case key.owner.kind != roleSession && key.owner.kind != federatedUser:
		return nil, "Only a role's session or a federated user can sign in."
	}
	return key, ""
}

// wrongDuration says what is wrong with SessionDuration: AWS takes it with the
// sessions of roles only, and of those that a session did not assume.
func wrongDuration(form url.Values, key *accessKey) string {
	if !form.Has("SessionDuration") {
		return ""
	}
	seconds, err := strconv.Atoi(form.Get("SessionDuration"))
	switch {
	case err != nil || seconds < minConsole || seconds > maxConsole:
		return "SessionDuration must be 900 to 43200 seconds."
	case key.owner.kind != roleSession || key.owner.chained:
		return "SessionDuration cannot be used with these credentials."
	}
	return ""
}

// login is where a link leads: it takes a token once, and sends the browser on.
func (f *federation) login(q url.Values) answer {
	token := f.tokens[q.Get("SigninToken")]
	switch {
	case !single(q, "Action", "Issuer", "Destination", "SigninToken"):
		return f.refusal("A parameter is unknown, or there more than once.")
	case token == nil || !f.world.clock.now().Before(token.expires):
		return f.refusal("The token is not valid, was used, or has expired.")
	case !f.ofConsole(q.Get("Destination")):
		return f.refusal("The destination is no page of the console.")
	}
	delete(f.tokens, q.Get("SigninToken"))
	a := redirect(q.Get("Destination"))
	a.caller = token.who.arn
	return a
}

// logout ends the browser's session and sends it on, to AWS's hosts only.
func (f *federation) logout(q url.Values, host string) answer {
	to, err := url.Parse(q.Get("redirect_uri"))
	if !single(q, "Action", "redirect_uri") || q.Get("Action") != "logout" || err != nil || to.Host != host && !f.ofConsole(to.String()) {
		return f.refusal("The address to go on to is not one of AWS's.")
	}
	return redirect(to.String())
}

// ofConsole reports whether an address is a page of the partition's console.
func (f *federation) ofConsole(address string) bool {
	domain := map[string]string{
		"aws":        "console.aws.amazon.com",
		"aws-cn":     "console.amazonaws.cn",
		"aws-us-gov": "console.amazonaws-us-gov.com",
		"aws-eusc":   "console.amazonaws-eusc.eu",
	}[f.world.partition]
	u, err := url.Parse(address)
	return err == nil && domain != "" && u.Scheme == "https" && u.User == nil && (u.Host == domain || strings.HasSuffix(u.Host, "."+domain))
}

func redirect(to string) answer {
	return answer{
		status: http.StatusFound, contentType: "text/html", requestID: newRequestID(),
		extra: http.Header{"Location": {to}},
	}
}

// single reports whether only these parameters are there, each at most once.
func single(values url.Values, names ...string) bool {
	for name, all := range values {
		if !slices.Contains(names, name) || len(all) != 1 {
			return false
		}
	}
	return true
}
