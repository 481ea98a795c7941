package awsfake

import (
	"bytes"
	"net/http"
	"strconv"
	"strings"
)

// echo stands for every service of AWS that has no file of its own: it takes
// any signed request of any service and region and answers with what was sent.
// Parameters of the query make it answer in other ways: echo-status=N,
// echo-location=ADDRESS, echo-stream=N (that many bytes, no length told) and
// echo-stall=N (that many bytes, then nothing).
type echo struct{ world *world }

func newEcho(w *world) *echo { return &echo{w} }

// action claims what is signed for a service that is not another's here.
func (e *echo) action(r *request) (string, bool) {
	sig, err := parseSignature(r)
	switch {
	case err != nil && r.URL.Query().Has("X-Amz-Signature"):
		return "Echo", true // to be refused
	case err != nil:
		return "", false
	case sig.service == "sts", sig.service == "iam":
		return "", false
	}
	return "Echo", true
}

// echoed is the answer.
type echoed struct {
	Method    string              `json:"method"`
	Path      string              `json:"path"`
	Query     string              `json:"query"`
	Headers   map[string][]string `json:"headers"`
	Body      string              `json:"body"`
	Caller    string              `json:"caller"`
	Service   string              `json:"service"`
	Region    string              `json:"region"`
	Presigned bool                `json:"presigned"`
}

func (e *echo) answer(r *request, _ string) answer {
	e.world.mu.Lock()
	defer e.world.mu.Unlock()
	sig, err := parseSignature(r)
	var caller *principal
	if err == nil {
		caller, err = e.world.authenticate(r, sig.service)
	}
	if err == nil && r.deny {
		err = accessDenied("User: %s is not authorized with an explicit deny", caller.arn)
	}
	if err != nil {
		return refusedJSON(err)
	}
	a := e.shaped(r)
	if a.body == nil && a.stream == nil {
		a.body = jsonPage(a.status, e.read(r, sig, caller)).body
	}
	a.caller = caller.arn
	return a
}

// read is what arrived, less what is secret.
func (e *echo) read(r *request, sig signature, caller *principal) echoed {
	headers := map[string][]string{}
	for name, values := range r.Header {
		headers[strings.ToLower(name)] = values
	}
	for _, secret := range []string{"authorization", "x-amz-security-token"} {
		if headers[secret] != nil {
			headers[secret] = []string{"***"}
		}
	}
	path, query, _ := strings.Cut(r.RequestURI, "?")
	if sig.presigned > 0 {
		query = ""
	}
	return echoed{r.Method, path, query, headers, string(r.body), caller.arn, sig.service, sig.region, sig.presigned > 0}
}

// shaped is an answer as the query asks for it.
func (e *echo) shaped(r *request) answer {
	number := func(name string) int { n, _ := strconv.Atoi(r.form.Get(name)); return n }
	a := answer{status: http.StatusOK, contentType: "application/json", requestID: newRequestID(), extra: http.Header{}}
	if status := number("echo-status"); status != 0 {
		a.status = status
	}
	if to := r.form.Get("echo-location"); to != "" {
		a.extra.Set("Location", to)
	}
	if n := number("echo-stream"); n > 0 {
		a.stream = func(w http.ResponseWriter) { streamed(w, n) }
	}
	if n := number("echo-stall"); n > 0 {
		a.stream = func(w http.ResponseWriter) {
			streamed(w, n)
			_ = http.NewResponseController(w).Flush()
			<-r.Context().Done()
		}
	}
	return a
}

// streamed writes n bytes.
func streamed(w http.ResponseWriter, n int) {
	block := bytes.Repeat([]byte("0123456789abcde\n"), 4096)
	for n > 0 {
		part := block[:min(n, len(block))]
		if _, err := w.Write(part); err != nil {
			return
		}
		n -= len(part)
	}
}

// refusedJSON is a refusal as AWS's JSON services put it.
func refusedJSON(err error) answer {
	refusal := &apiError{500, "InternalFailure", "unknown"}
	if known, ok := err.(*apiError); ok {
		refusal = known
	}
	a := jsonPage(refusal.status, map[string]string{"__type": refusal.code, "message": refusal.message})
	a.code = refusal.code
	return a
}
