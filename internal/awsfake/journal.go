package awsfake

import (
	"maps"
	"slices"
	"sync"
	"time"
)

// Call is one request as it arrived, refused ones too.
type Call struct {
	Action string
	// Params are the call's parameters under AWS's names (Tags.member.1.Key).
	// Those that carry a secret show "***".
	Params map[string]string
	// AccessKeyID signed the call; empty for an unsigned one.
	AccessKeyID string
	// Caller is the ARN of the signer, once the signature was found right.
	Caller string
	// Region and Service are the signature's scope.
	Region, Service string
	// Host is the Host header: the endpoint that the client meant.
	Host string
	// UserAgent is the client's own description of itself.
	UserAgent string
	// Time is when it arrived, by AWS's clock.
	Time time.Time
	// Status is the HTTP status of the answer; 0 while there is none, and for
	// a call that was reset or hangs.
	Status int
	// Code is AWS's error code; empty for a call that was done.
	Code string
}

// secretParams lists the parameters that are credentials themselves.
func secretParams() []string {
	return []string{"TokenCode", "WebIdentityToken", "SAMLAssertion", "Session", "SigninToken", "X-Amz-Security-Token", "X-Amz-Signature"}
}

func newCall(r *request, action string, at time.Time) Call {
	c := Call{
		Action: action, Params: map[string]string{}, Host: r.Host,
		UserAgent: r.UserAgent(), Time: at,
	}
	for name := range r.form {
		c.Params[name] = r.form.Get(name)
		if slices.Contains(secretParams(), name) {
			c.Params[name] = "***"
		}
	}
	if sig, err := parseSignature(r); err == nil {
		c.AccessKeyID, c.Region, c.Service = sig.keyID, sig.region, sig.service
	}
	return c
}

// journal keeps every call in the order of arrival.
type journal struct {
	mu    sync.Mutex
	calls []Call
}

func (j *journal) begin(c Call) (entry int) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.calls = append(j.calls, c)
	return len(j.calls) - 1
}

func (j *journal) end(entry int, a answer) {
	j.mu.Lock()
	defer j.mu.Unlock()
	c := &j.calls[entry]
	c.Status, c.Code, c.Caller = a.status, a.code, a.caller
}

// Calls returns every call so far in the order of arrival.
func (f *Fake) Calls() []Call {
	f.journal.mu.Lock()
	defer f.journal.mu.Unlock()
	calls := slices.Clone(f.journal.calls)
	for i := range calls {
		calls[i].Params = maps.Clone(calls[i].Params)
	}
	return calls
}

// Count is the number of calls of an action that arrived, refused and failed
// ones included; of all actions when the name is empty.
func (f *Fake) Count(action string) int {
	f.journal.mu.Lock()
	defer f.journal.mu.Unlock()
	n := 0
	for _, c := range f.journal.calls {
		if action == "" || c.Action == action {
			n++
		}
	}
	return n
}
