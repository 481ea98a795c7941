package awsfake

import (
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// maxBody is more than any STS call needs: a SAML assertion has 100,000
// characters at most.
const maxBody = 1 << 20

// service is one AWS API. The first in Fake.services that knows a request's
// action answers it.
type service interface {
	// action names the call, or says that it is not this service's.
	action(*request) (name string, ok bool)
	// answer does the call.
	answer(r *request, action string) answer
}

// throttler is a service that says in words of its own that it is asked too
// often.
type throttler interface{ throttled() answer }

// request is an HTTP request, read to its end.
type request struct {
	*http.Request
	body []byte
	// form holds the query's and the body's parameters.
	form url.Values
	// deny is set by a fault: refuse the caller, whoever it is.
	deny bool
}

// answer is what a service has to say.
type answer struct {
	status      int
	contentType string
	requestID   string
	// extra are headers beside those of every answer.
	extra http.Header
	body  []byte
	// stream is sent in place of body, with no length before it.
	stream func(http.ResponseWriter)
	// code is AWS's error code, empty when the call was done.
	code string
	// caller is the ARN that the call was made as, empty if it was not signed.
	caller string
}

// jsonPage is an answer in JSON; v is of strings and numbers.
func jsonPage(status int, v any) answer {
	body, _ := json.Marshal(v) // what v is of always has a JSON form
	return answer{status: status, contentType: "application/json", requestID: newRequestID(), body: body}
}

// serve answers one HTTP request: note the call, wait, fail if that was asked
// for, else let the service answer.
func (f *Fake) serve(w http.ResponseWriter, hr *http.Request) {
	r, err := readRequest(hr)
	if err != nil {
		panic(http.ErrAbortHandler) // a client that went away half-way
	}
	svc, action := f.route(r)
	entry := f.journal.begin(newCall(r, action, f.Now()))
	fault := f.faults.take(action)
	if !f.latency.wait(r.Context(), f.done, action) {
		panic(http.ErrAbortHandler)
	}
	f.write(w, r, fault, func() answer {
		a := f.respond(svc, r, action, fault)
		f.journal.end(entry, a)
		return a
	})
}

// respond lets the service answer, unless a fault answers in its place.
func (f *Fake) respond(svc service, r *request, action string, fault Fault) answer {
	if s, ok := svc.(throttler); ok && fault.Mode == Throttle {
		return s.throttled()
	}
	if a, ok := fault.instead(r.queryAPI()); ok {
		return a
	}
	if svc == nil {
		api := r.queryAPI()
		return api.refusal(api.invalidAction(action), newRequestID())
	}
	r.deny = fault.Mode == Deny
	return svc.answer(r, action)
}

func (f *Fake) route(r *request) (service, string) {
	for _, s := range f.services {
		if action, ok := s.action(r); ok {
			return s, action
		}
	}
	return nil, r.form.Get("Action")
}

func readRequest(r *http.Request) (*request, error) {
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody))
	if err != nil {
		return nil, err
	}
	form := r.URL.Query()
	if strings.HasPrefix(r.Header.Get("Content-Type"), "application/x-www-form-urlencoded") {
		posted, err := url.ParseQuery(string(body))
		if err != nil {
			return nil, err
		}
		for name, values := range posted {
			form[name] = append(form[name], values...)
		}
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	return &request{Request: r, body: body, form: form}, nil
}

// send writes an answer whole, with the time at AWS in its Date header.
func (a answer) send(w http.ResponseWriter, date time.Time) {
	a.header(w, date)
	if a.stream != nil {
		a.stream(w)
		return
	}
	_, _ = w.Write(a.body)
}

func (a answer) header(w http.ResponseWriter, date time.Time) {
	h := w.Header()
	maps.Copy(h, a.extra)
	h.Set("Content-Type", a.contentType)
	if a.stream == nil {
		h.Set("Content-Length", strconv.Itoa(len(a.body)))
	}
	h.Set("Date", date.UTC().Format(http.TimeFormat))
	h.Set("X-Amzn-Requestid", a.requestID)
	if a.code != "" && a.contentType == "application/json" {
		h.Set("X-Amzn-Errortype", a.code)
	}
	w.WriteHeader(a.status)
}
