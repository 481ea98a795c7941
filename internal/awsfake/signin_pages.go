package awsfake

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// console is a browser's side of AWS Sign-In.
type console struct {
	// sessions are the ARNs that are signed in to the console there.
	sessions []string
	// asked are the sign-ins that wait for a person's answer, by their number.
	asked map[string]url.Values
	// codes are the authorization codes that wait for their exchange.
	codes map[string]*loginCode
	// barred are why identities get no session, in OAuth's words.
	barred map[string]string
}

func newConsole() console {
	return console{asked: map[string]url.Values{}, codes: map[string]*loginCode{}, barred: map[string]string{}}
}

// SetConsole says which identities are signed in to the console in the browser
// that opens a page of `aws login`: the person there chooses one, in the order
// given. Each is an ARN as AddLogin takes it; another one panics.
func (f *Fake) SetConsole(arns ...string) {
	f.world.mu.Lock()
	defer f.world.mu.Unlock()
	for _, arn := range arns {
		f.world.signedIn(arn)
	}
	f.world.console.sessions = arns
}

// The addresses of the pages. AWS documents the first; the second is where the
// links of the first lead, the third the redirect of a sign-in whose program is
// on another machine.
const (
	authorizePath    = "/v1/authorize"
	continuePath     = "/v1/sessions/continue"
	confirmationPath = "/v1/sessions/confirmation"
)

// signinPage is a page and its name in the journal.
type signinPage struct {
	name string
	show func(*request) answer
}

func (s *signin) pages() map[string]signinPage {
	return map[string]signinPage{
		authorizePath:    {"AuthorizeLogin", s.authorize},
		continuePath:     {"ContinueLogin", s.goOn},
		confirmationPath: {"ConfirmLogin", s.confirm},
	}
}

// htmlPage shows paragraphs, which are HTML.
func htmlPage(status int, title string, paragraphs ...string) answer {
	body := "<!DOCTYPE html>\n<title>" + title + "</title>\n<p>" + strings.Join(paragraphs, "</p>\n<p>") + "</p>\n"
	return answer{status: status, contentType: "text/html; charset=utf-8", requestID: newRequestID(), body: []byte(body)}
}

// badPage is what a person sees of a sign-in that was begun wrongly.
func badPage(message string) answer {
	a := htmlPage(http.StatusBadRequest, "Not signed in", html.EscapeString(message))
	a.code = "ValidationException"
	return a
}

// authorize asks the person which identity the program shall get, with a link
// for each and one that refuses.
func (s *signin) authorize(r *request) answer {
	q := r.URL.Query()
	if problem := wrongAuthorization(r, q); problem != "" {
		return badPage(problem)
	}
	number := randomText(20, idAlphabet)
	s.world.console.asked[number] = q
	link := func(id, text string, more url.Values) string {
		more.Set("request", number)
		return fmt.Sprintf(`<a id="%s" href="%s?%s">%s</a>`, id, continuePath, html.EscapeString(more.Encode()), html.EscapeString(text))
	}
	links := []string{"Which session may the program use?"}
	for i, arn := range s.world.console.sessions {
		links = append(links, link(fmt.Sprint("session-", i), arn, url.Values{"as": {arn}}))
	}
	return htmlPage(http.StatusOK, "Allow access?", append(links, link("cancel", "Cancel", url.Values{}))...)
}

// wrongAuthorization says what is wrong with the parameters; "" for nothing.
// AWS calls the method of the challenge SHA-256, and not S256 as RFC 7636 does.
func wrongAuthorization(r *request, q url.Values) string {
	names := []string{"response_type", "client_id", "state", "code_challenge_method", "scope", "redirect_uri", "code_challenge"}
	for name, values := range q {
		if !slices.Contains(names, name) || len(values) != 1 {
			return name + " is unknown, or there more than once."
		}
	}
	challenge, err := base64.RawURLEncoding.Strict().DecodeString(q.Get("code_challenge"))
	switch {
	case r.Method != http.MethodGet:
		return "The page is for browsers."
	case q.Get("response_type") != "code" || q.Get("scope") != "openid" || q.Get("code_challenge_method") != "SHA-256":
		return "response_type must be code, scope openid, code_challenge_method SHA-256."
	case !isLoginClient(q.Get("client_id")):
		return "client_id is not one of the development tools'."
	case len(q.Get("state")) < 8 || err != nil || len(challenge) != sha256.Size:
		return "state is missing, or code_challenge is no SHA-256 in base64url without padding."
	case q.Get("redirect_uri") != redirectOf(q.Get("client_id"), r.Host, q.Get("redirect_uri")):
		return "redirect_uri is not one of the client's."
	}
	return ""
}

// redirectOf is a redirect address as a client may have it: on the loopback
// address with any port, or on a page of AWS Sign-In itself.
func redirectOf(client, host, asked string) string {
	if client == crossDevice {
		return "http://" + host + confirmationPath
	}
	u, err := url.Parse(asked)
	if err != nil || u.Port() == "" {
		return ""
	}
	return "http://127.0.0.1:" + u.Port() + "/oauth/callback"
}

// goOn is where the links lead: back to the program, with a code or a refusal.
func (s *signin) goOn(r *request) answer {
	given := r.URL.Query()
	asked, arn := s.world.console.asked[given.Get("request")], given.Get("as")
	if asked == nil {
		return badPage("The page was answered before.")
	}
	answers := url.Values{"state": {asked.Get("state")}}
	switch {
	case !given.Has("as"):
		answers.Set("error", "access_denied")
	case !slices.Contains(s.world.console.sessions, arn):
		return badPage("Nobody is signed in as that.")
	default:
		answers.Set("code", s.world.newLoginCode(arn, asked))
	}
	delete(s.world.console.asked, given.Get("request"))
	return answer{
		status: http.StatusFound, contentType: "text/html", requestID: newRequestID(),
		extra: http.Header{"Location": {asked.Get("redirect_uri") + "?" + answers.Encode()}},
	}
}

// confirm shows the text that a person takes to the program on the other
// machine.
func (s *signin) confirm(r *request) answer {
	q := r.URL.Query()
	if q.Get("code") == "" {
		return htmlPage(http.StatusOK, "Not signed in", "The request was cancelled.")
	}
	text := base64.StdEncoding.EncodeToString([]byte("state=" + url.QueryEscape(q.Get("state")) + "&code=" + url.QueryEscape(q.Get("code"))))
	s.world.secrets = append(s.world.secrets, text)
	return htmlPage(http.StatusOK, "Almost done", "Enter this code where you signed in:", `<code id="code">`+html.EscapeString(text)+"</code>")
}
