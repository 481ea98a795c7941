package server

import (
	"context"
	"time"
)

const (
	// lookAgain is how often, at least, the clock on the wall is looked at: timers
	// stand still while a computer sleeps, and know nothing of a clock that was
	// set.
	lookAgain = 15 * time.Second
	// absence is how long sessions are renewed for nobody. Nobody holds a role's
	// session for longer than the 12 hours that it lasts at most
	// (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_update-role-settings.html).
	absence = 12 * time.Hour
)

// tend renews sessions before SDKs ask, until ctx ends.
func (s *Server) tend(ctx context.Context) {
	for {
		wait := lookAgain
		for _, k := range s.doors.all {
			wait = min(wait, k.tend(ctx))
		}
		timer := time.NewTimer(wait)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return
		}
	}
}

// tend renews the session if it is time, and returns how long it is until then.
// One that has ended is left to the next client: nobody may come.
func (k *keeper) tend(life context.Context) time.Duration {
	now, generation := k.now(), k.generations.now()
	k.mu.Lock()
	defer k.mu.Unlock()
	s := k.valid(now, generation)
	if s == nil || k.flight != nil || now.Sub(k.asked) > absence {
		return lookAgain
	}
	if left := s.left(now); left >= k.due {
		return left - k.due + time.Millisecond
	}
	if pause := k.failure.left(now); pause > 0 {
		return pause
	}
	k.depart(life, now)
	return lookAgain
}
