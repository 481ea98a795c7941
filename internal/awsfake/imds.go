package awsfake

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Instance is the EC2 instance whose metadata service answers here
// (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-service.html).
type Instance struct {
	// Role is the ARN of the instance profile's role; empty for none.
	Role string
	// V1 takes requests without a session token (HttpTokens = optional).
	V1 bool
	// Disabled refuses every request (HttpEndpoint = disabled).
	Disabled bool
	// Code is why there are no credentials, in place of Success: EC2 cannot
	// assume the role, say.
	Code string
	// Lifetime is how long credentials last. Default six hours.
	Lifetime time.Duration
}

// instanceState is an instance with what it has handed out.
type instanceState struct {
	Instance
	// tokens are the sessions' tokens and their ends.
	tokens map[string]time.Time
	key    *accessKey
}

const (
	instanceLifetime = 6 * time.Hour
	// instanceRenewal is how long before their end EC2 renews credentials: at
	// least five minutes.
	instanceRenewal = 15 * time.Minute
	// longestSession is the longest that a session token lasts, in seconds.
	longestSession = 21600
)

// SetInstance makes the metadata service that of an instance; before, there is
// none, and its pages are not found. Sessions' tokens of an earlier instance
// end.
func (f *Fake) SetInstance(i Instance) {
	f.world.mu.Lock()
	defer f.world.mu.Unlock()
	if i.Lifetime == 0 {
		i.Lifetime = instanceLifetime
	}
	f.world.instance = &instanceState{Instance: i, tokens: map[string]time.Time{}}
}

// imds is the metadata service of an EC2 instance. It answers in text, with a
// page of HTML for a refusal.
type imds struct{ world *world }

func newImds(w *world) *imds { return &imds{w} }

const (
	tokenPage = "/latest/api/token"
	rolePage  = "/latest/meta-data/iam/security-credentials/"

	actionToken       = "IMDS:Token"
	actionRole        = "IMDS:Role"
	actionCredentials = "IMDS:Credentials"
)

func (s *imds) action(r *request) (string, bool) {
	switch path := r.URL.Path; {
	case path == tokenPage:
		return actionToken, true
	case path == rolePage, path+"/" == rolePage:
		return actionRole, true
	case strings.HasPrefix(path, rolePage):
		return actionCredentials, true
	default:
		return "IMDS:Other", strings.HasPrefix(path, "/latest/")
	}
}

func (s *imds) answer(r *request, action string) answer {
	s.world.mu.Lock()
	defer s.world.mu.Unlock()
	i := s.world.instance
	switch {
	case i == nil:
		return page(http.StatusNotFound)
	case i.Disabled || r.deny:
		return page(http.StatusForbidden)
	case action == actionToken:
		return s.token(i, r)
	case r.Method != http.MethodGet:
		return page(http.StatusMethodNotAllowed)
	case !i.authorized(r, s.world.clock.now()):
		return page(http.StatusUnauthorized)
	}
	return s.metadata(i, r, action)
}

// token begins a session. A proxy on the way gets none.
func (s *imds) token(i *instanceState, r *request) answer {
	const header = "X-Aws-Ec2-Metadata-Token-Ttl-Seconds"
	seconds, err := strconv.Atoi(r.Header.Get(header))
	switch {
	case r.Method != http.MethodPut:
		return page(http.StatusMethodNotAllowed)
	case r.Header.Get("X-Forwarded-For") != "":
		return page(http.StatusForbidden)
	case err != nil || seconds < 1 || seconds > longestSession:
		return page(http.StatusBadRequest)
	}
	token := s.world.secret(56)
	i.tokens[token] = s.world.clock.now().Add(time.Duration(seconds) * time.Second)
	a := text(token)
	a.extra = http.Header{header: {strconv.Itoa(seconds)}}
	return a
}

// authorized: a wrong token is refused even where none is needed.
func (i *instanceState) authorized(r *request, now time.Time) bool {
	token := r.Header.Get("X-Aws-Ec2-Metadata-Token")
	return token == "" && i.V1 || now.Before(i.tokens[token])
}

func (s *imds) metadata(i *instanceState, r *request, action string) answer {
	role := s.world.roles[i.Role]
	switch {
	case role == nil:
		return page(http.StatusNotFound)
	case action == actionRole:
		return text(role.baseName())
	case r.URL.Path != rolePage+role.baseName():
		return page(http.StatusNotFound)
	case i.Code != "":
		return text(indented(map[string]string{
			"Code": i.Code, "Message": "EC2 cannot assume the role " + role.baseName() + ".", "LastUpdated": s.world.clock.now().Format(time.RFC3339),
		}))
	}
	if i.key == nil || i.key.expires.Sub(s.world.clock.now()) < min(instanceRenewal, i.Lifetime/2) {
		i.key = s.world.issue(role.session("i-0123456789abcdef0", "", nil), i.Lifetime)
	}
	return text(indented(map[string]string{
		"Code": "Success", "Type": "AWS-HMAC", "LastUpdated": s.world.clock.now().Format(time.RFC3339),
		"AccessKeyId": i.key.id, "SecretAccessKey": i.key.secret, "Token": i.key.token, "Expiration": i.key.expires.Format(time.RFC3339),
	}))
}

func text(body string) answer {
	return answer{status: http.StatusOK, contentType: "text/plain", requestID: newRequestID(), body: []byte(body)}
}

// page is a refusal as the service's web server writes it.
func page(status int) answer {
	title := strconv.Itoa(status) + " - " + http.StatusText(status)
	return answer{
		status: status, contentType: "text/html", requestID: newRequestID(), code: strconv.Itoa(status),
		body: []byte("<html><head><title>" + title + "</title></head><body><h1>" + title + "</h1></body></html>"),
	}
}

func indented(v any) string {
	body, _ := json.MarshalIndent(v, "", "  ") // strings only: cannot fail
	return string(body)
}
