package awsfake

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"
)

// Mode is a way to fail.
type Mode string

// The ways to fail. Those marked "not done" leave AWS as it was; the others do
// the call first, so that an MFA code is spent although the client sees nothing.
const (
	// InternalError is HTTP 500 InternalFailure; not done.
	InternalError Mode = "500"
	// Unavailable is HTTP 503 ServiceUnavailable; not done.
	Unavailable Mode = "503"
	// Throttle is HTTP 400 Throttling, as STS says it; not done.
	Throttle Mode = "throttle"
	// Deny refuses a well-signed caller with an explicit deny; not done.
	Deny Mode = "deny"
	// Reset drops the connection with a TCP reset; not done.
	Reset Mode = "reset"
	// Hang says nothing until the client or the server goes away; not done.
	Hang Mode = "hang"
	// Truncate does the call and sends half of the answer.
	Truncate Mode = "truncate"
	// Lost does the call and resets the connection in place of the answer.
	Lost Mode = "lost"
	// Skew does the call and moves the answer's Date header by Fault.Skew. To
	// have AWS judge by another clock as well, use Advance.
	Skew Mode = "skew"
)

// Fault makes calls fail.
type Fault struct {
	// Action is the call's name, such as "AssumeRole"; empty for every call.
	Action string
	Mode   Mode
	// Times is how many calls fail; 0 means every one until ClearFaults.
	Times int
	// After is how many calls go well first.
	After int
	// Skew is how far Mode Skew moves the Date header.
	Skew time.Duration
}

// modes lists every Mode.
func modes() []Mode {
	return []Mode{InternalError, Unavailable, Throttle, Deny, Reset, Hang, Truncate, Lost, Skew}
}

// Inject adds a fault. Of several that fit a call, the first added counts. An
// unknown mode panics: a fault that never comes would let a test pass.
func (f *Fake) Inject(fault Fault) {
	if !slices.Contains(modes(), fault.Mode) {
		panic(fmt.Sprintf("awsfake: no fault mode %q, only %q", fault.Mode, modes()))
	}
	f.faults.add(fault)
}

// ClearFaults ends every fault; calls that already hang go on hanging.
func (f *Fake) ClearFaults() { f.faults.clear() }

// faults are those still to come, in the order they were added.
type faults struct {
	mu   sync.Mutex
	list []*Fault
}

func (fs *faults) add(fault Fault) {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	fs.list = append(fs.list, &fault)
}

func (fs *faults) clear() {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	fs.list = nil
}

// take returns the fault of this very call; the zero Fault for none.
func (fs *faults) take(action string) Fault {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	for i, f := range fs.list {
		if f.Action != "" && f.Action != action {
			continue
		}
		if f.After > 0 {
			f.After--
			continue
		}
		taken := *f
		if f.Times--; f.Times == 0 {
			fs.list = slices.Delete(fs.list, i, i+1)
		}
		return taken
	}
	return Fault{}
}

// instead returns the error that a fault gives in place of the call.
func (f Fault) instead(api queryAPI) (answer, bool) {
	var e *apiError
	switch f.Mode {
	case InternalError:
		e = &apiError{500, "InternalFailure", "The request processing has failed because of an unknown error, exception or failure."}
	case Unavailable:
		e = &apiError{503, "ServiceUnavailable", "The request has failed due to a temporary failure of the server."}
	case Throttle:
		e = &apiError{400, "Throttling", "Rate exceeded"}
	default:
		return answer{}, false
	}
	return api.refusal(e, newRequestID()), true
}

// write sends what respond answers, or fails to in the way the fault says.
func (f *Fake) write(w http.ResponseWriter, r *request, fault Fault, respond func() answer) {
	switch fault.Mode {
	case Reset:
		reset(w)
	case Hang:
		hang(r.Context(), f.done)
	case Lost:
		respond()
		reset(w)
	case Truncate:
		a := respond()
		a.header(w, f.Now())
		// net/http ends the connection when less comes than was announced.
		_, _ = w.Write(a.body[:len(a.body)/2])
	default:
		respond().send(w, f.Now().Add(fault.Skew))
	}
}

// hang waits for the client or the server to give up.
func hang(client, server context.Context) {
	select {
	case <-client.Done():
	case <-server.Done():
	}
	panic(http.ErrAbortHandler)
}

// reset ends the connection with RST instead of FIN.
func reset(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = conn.Close()
}
