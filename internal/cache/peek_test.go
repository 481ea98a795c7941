package cache

import (
	"errors"
	"iter"
	"os"
	"slices"
	"testing"
	"time"
)

// peekable returns a cache with sessions of roles that last for different
// times.
func peekable(t *testing.T) *rig {
	t.Helper()
	r := newRig(t)
	for name, tc := range map[string]struct {
		role  string
		via   []string
		valid time.Duration
	}{
		"short":   {devRole, nil, time.Hour},
		"long":    {devRole, nil, 3 * time.Hour},
		"between": {devRole, nil, 2 * time.Hour},
		"other":   {prodRole, []string{devRole}, 4 * time.Hour},
	} {
		e := r.session(name, tc.valid)
		e.RoleARN, e.Via = tc.role, tc.via
		r.keep(key(name), e.minted(r.clock.Now()), r.generation())
	}
	return r
}

// minted is the entry as if made at a time.
func (e Entry) minted(at time.Time) Entry {
	e.Minted = at
	return e
}

func (r *rig) peeks(t *testing.T, f Filter, want string) {
	t.Helper()
	e, ok := first(r.Peek(f))
	if ok != (want != "") || e.Credentials.AccessKeyID != want {
		t.Errorf("%+v: %q, %v, want %q", f, e.Credentials.AccessKeyID, ok, want)
	}
}

// first is the session with the longest time left.
func first(sessions iter.Seq[Entry]) (Entry, bool) {
	for e := range sessions {
		return e, true
	}
	return Entry{}, false
}

func TestPeek(t *testing.T) {
	t.Parallel()
	r := peekable(t)
	r.store.gets = 0
	r.peeks(t, Filter{Roles: []string{devRole}}, "long")
	if r.store.gets != 1 {
		t.Errorf("%d items read", r.store.gets)
	}
	r.peeks(t, Filter{Via: []string{devRole}}, "other")
	r.peeks(t, Filter{Roles: []string{devRole}, Via: []string{devRole}}, "other")
	r.peeks(t, Filter{Keys: []string{key("between"), key("short")}}, "between")
	r.peeks(t, Filter{All: true}, "other")
	r.peeks(t, Filter{}, "")
	r.peeks(t, Filter{Roles: []string{hubRole}}, "")
	r.clock.advance(2*time.Hour + time.Minute)
	r.peeks(t, Filter{Keys: []string{key("between"), key("short")}}, "")
	r.peeks(t, Filter{Roles: []string{devRole}}, "long")
	r.peeks(t, Filter{All: true, Expired: true}, "")
}

// The index is a hint: it may be lost, know what is gone or torn, or be wrong.
func TestPeekWithAnIndexThatIsWrong(t *testing.T) {
	t.Parallel()
	r := peekable(t)
	must(t, os.Remove(r.Index.Path))
	r.peeks(t, Filter{Roles: []string{devRole}}, "long")
	r = peekable(t)
	delete(r.store.items, key("long"))
	r.store.items[key("between")] = []byte("torn")
	r.peeks(t, Filter{Roles: []string{devRole}}, "short")
	r.store.items[corrupted] = []byte("torn")
	r.peeks(t, Filter{All: true}, "other")
	r = peekable(t)
	wrong := at(key("other"), "dev", start.Add(5*time.Hour))
	wrong.RoleARN = devRole
	must(t, r.Index.putSession(wrong))
	r.peeks(t, Filter{Roles: []string{devRole}}, "long")
	ended := r.session("ended", time.Minute)
	ended.RoleARN = devRole
	r.keep(key("ended"), ended.minted(r.clock.Now()), r.generation())
	r.clock.advance(2 * time.Minute)
	lasting := at(key("ended"), "dev", start.Add(9*time.Hour))
	lasting.RoleARN = devRole
	must(t, r.Index.putSession(lasting))
	r.peeks(t, Filter{Roles: []string{devRole}}, "long")
}

func TestPeekIntoAStoreThatFails(t *testing.T) {
	t.Parallel()
	r := peekable(t)
	r.store.namesErr = errors.New("no bus")
	r.peeks(t, Filter{All: true}, "other")
	r.store.getErr = errors.New("locked")
	r.peeks(t, Filter{All: true}, "")
}

// Whoever looks for more than the filter can say goes on to the next one.
func TestPeekGoesOn(t *testing.T) {
	t.Parallel()
	r := peekable(t)
	r.store.gets = 0
	var got []string
	for e := range r.Peek(Filter{Roles: []string{devRole}}) {
		if got = append(got, e.Credentials.AccessKeyID); len(got) == 2 {
			break
		}
	}
	if !slices.Equal(got, []string{"long", "between"}) || r.store.gets != 2 {
		t.Errorf("%v, %d items read", got, r.store.gets)
	}
	got = nil
	for e := range r.Peek(Filter{Roles: []string{devRole}}) {
		got = append(got, e.Credentials.AccessKeyID)
	}
	if !slices.Equal(got, []string{"long", "between", "short"}) {
		t.Error(got)
	}
}
