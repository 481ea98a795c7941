package cache

import (
	"context"
	"errors"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
)

// The sessions of a cache that is to be cleared, by name.
const (
	devRole   = "arn:aws:iam::123456789012:role/dev"
	prodRole  = "arn:aws:iam::123456789012:role/prod"
	hubRole   = "arn:aws:iam::123456789012:role/team/hub"
	corrupted = "corrupted"
)

// stocked returns a cache with sessions of three profiles, which the index
// knows, and with one item that cannot be decoded.
func stocked(t *testing.T) *rig {
	t.Helper()
	r := newRig(t)
	for name, e := range map[string]Entry{
		"dev":      {Profile: "dev", Kind: "assume-role", RoleARN: devRole, SourceKey: "AKIA1"},
		"prod":     {Profile: "prod", Kind: "assume-role", RoleARN: prodRole, Via: []string{hubRole, devRole}, SourceKey: "AKIA2"},
		"prod-old": {Profile: "prod", Kind: "assume-role", RoleARN: prodRole, SourceKey: "AKIA2"},
		"mfa":      {Profile: "base", Kind: "session-token", SourceKey: "AKIA1"},
	} {
		valid := 4 * time.Hour
		if name == "prod-old" {
			valid = time.Hour
		}
		made := r.session("ASIA", valid)
		e.Credentials = made.Credentials
		r.obtain(t, usual(name), func(context.Context) (Entry, error) { return e, nil })
	}
	r.clock.advance(2 * time.Hour)
	r.store.items[corrupted] = []byte("x")
	r.store.gets, r.store.sets = 0, 0
	return r
}

// left names the sessions still in the store.
func (r *rig) left() string {
	var names []string
	for _, name := range []string{"dev", "prod", "prod-old", "mfa"} {
		if _, ok := r.store.items[key(name)]; ok {
			names = append(names, name)
		}
	}
	if _, ok := r.store.items[corrupted]; ok {
		names = append(names, corrupted)
	}
	return strings.Join(names, " ")
}

var filters = map[string]struct {
	filter Filter
	left   string
}{
	"nothing chosen":     {Filter{}, "dev prod prod-old mfa"},
	"all":                {Filter{All: true}, ""},
	"all that expired":   {Filter{All: true, Expired: true}, "dev prod mfa"},
	"a profile":          {Filter{Profiles: []string{"prod"}}, "dev mfa"},
	"expired, a profile": {Filter{Profiles: []string{"prod"}, Expired: true}, "dev prod mfa"},
	"another's expired":  {Filter{Profiles: []string{"dev"}, Expired: true}, "dev prod prod-old mfa"},
	"two profiles":       {Filter{Profiles: []string{"base", "dev"}}, "prod prod-old"},
	"an unknown profile": {Filter{Profiles: []string{"gone"}}, "dev prod prod-old mfa"},
	"no profile's name":  {Filter{Profiles: []string{""}, SourceKeys: []string{""}}, "dev prod prod-old mfa"},
	"keys":               {Filter{Keys: []string{key("mfa"), key("dev"), key("none")}}, "prod prod-old"},
	"a replaced key":     {Filter{SourceKeys: []string{"AKIA1"}}, "prod prod-old"},
	"a role":             {Filter{Roles: []string{devRole}}, "prod prod-old mfa"},
	"a role's path":      {Filter{Roles: []string{"arn:aws:iam::123456789012:role/x/dev"}}, "prod prod-old mfa"},
	"another partition":  {Filter{Roles: []string{"arn:aws-cn:iam::123456789012:role/dev"}}, "dev prod prod-old mfa"},
	"another account":    {Filter{Roles: []string{"arn:aws:iam::123456789013:role/dev"}}, "dev prod prod-old mfa"},
	"no role":            {Filter{Roles: []string{"", "dev"}, Via: []string{""}, Users: []string{""}}, "dev prod prod-old mfa"},
	"through a role":     {Filter{Via: []string{devRole}}, "dev prod-old mfa"},
	"through the first":  {Filter{Via: []string{"arn:aws:iam::123456789012:role/hub"}}, "dev prod-old mfa"},
	"a role and through": {Filter{Roles: []string{devRole}, Via: []string{devRole}}, "prod-old mfa"},
	"a user's":           {Filter{Users: []string{"AKIA1"}}, "dev prod prod-old"},
	"a user's of none":   {Filter{Users: []string{"AKIA2"}}, "dev prod prod-old mfa"},
}

func TestClear(t *testing.T) {
	t.Parallel()
	for name, tc := range filters {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := stocked(t)
			done := r.Clear(tc.filter)
			if done.Err != nil || len(done.Kept) > 0 {
				t.Errorf("%v, kept %v", done.Err, done.Kept)
			}
			if got := r.left(); got != tc.left {
				t.Errorf("left %q, want %q", got, tc.left)
			}
			wantAccounted(t, r, done)
		})
	}
}

// The same must go when the index is lost: the store says what is there.
func TestClearWithoutAnIndex(t *testing.T) {
	t.Parallel()
	for name, tc := range filters {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := stocked(t)
			must(t, os.WriteFile(r.Index.Path, []byte("{torn"), 0o600))
			r.Clear(tc.filter)
			if got := r.left(); got != tc.left {
				t.Errorf("left %q, want %q", got, tc.left)
			}
		})
	}
}

// wantAccounted checks that what is gone was reported, and that the index
// knows what is left.
func wantAccounted(t *testing.T, r *rig, done Cleared) {
	t.Helper()
	var known []string
	for _, s := range read(t, r.Index).Sessions {
		known = append(known, s.Key)
		if _, ok := r.store.items[s.Key]; !ok {
			t.Errorf("the index still knows %v", s)
		}
	}
	for _, s := range done.Removed {
		if _, ok := r.store.items[s.Key]; ok || slices.Contains(known, s.Key) {
			t.Errorf("not removed: %v", s)
		}
		if s.Key != corrupted && s.Profile == "" {
			t.Errorf("removed without a name: %v", s)
		}
	}
	if got := len(done.Removed) + len(strings.Fields(r.left())); got != 5 {
		t.Errorf("%d sessions removed or left, want 5", got)
	}
}

// Names tell sessions, the index tells whose: nothing is read, so that a
// store that is locked can be cleared.
func TestClearReadsNoSession(t *testing.T) {
	t.Parallel()
	for name, tc := range filters {
		r := stocked(t)
		delete(r.store.items, corrupted)
		r.Clear(tc.filter)
		if r.store.gets > 0 {
			t.Errorf("%s: %d Gets", name, r.store.gets)
		}
	}
	r := stocked(t)
	must(t, os.Remove(r.Index.Path))
	if r.Clear(Filter{All: true}); r.store.gets > 0 || r.left() != "" {
		t.Errorf("all, without an index: %d Gets, left %q", r.store.gets, r.left())
	}
}

func TestClearGoesOnAfterAFailure(t *testing.T) {
	t.Parallel()
	r := stocked(t)
	locked := errors.New("locked")
	r.store.removeErr = map[string]error{key("dev"): locked}
	done := r.Clear(Filter{All: true})
	if got := r.left(); got != "dev" {
		t.Errorf("left %q", got)
	}
	if len(done.Kept) != 1 || done.Kept[0].Session.Profile != "dev" || !errors.Is(done.Kept[0].Err, locked) {
		t.Errorf("kept %v", done.Kept)
	}
	if got := read(t, r.Index).Sessions; len(got) != 1 || got[0].Profile != "dev" {
		t.Errorf("the index knows %v", got)
	}
}

func TestClearWhenNamesCannotBeListed(t *testing.T) {
	t.Parallel()
	r := stocked(t)
	r.store.namesErr = errors.New("no bus")
	delete(r.store.items, key("mfa"))
	done := r.Clear(Filter{All: true})
	if !errors.Is(done.Err, r.store.namesErr) || len(done.Removed) != 3 {
		t.Errorf("%v, removed %v", done.Err, done.Removed)
	}
	if got := read(t, r.Index).Sessions; len(got) != 0 {
		t.Errorf("the index knows %v", got)
	}
}

func TestClearWhenAnUnknownSessionCannotBeRead(t *testing.T) {
	t.Parallel()
	r := stocked(t)
	must(t, r.Index.Drop(key("prod")))
	r.store.getErr = errors.New("locked")
	delete(r.store.items, corrupted)
	done := r.Clear(Filter{Profiles: []string{"prod"}})
	if got := r.left(); got != "dev prod mfa" {
		t.Errorf("left %q", got)
	}
	if len(done.Kept) != 1 || done.Kept[0].Session.Key != key("prod") {
		t.Errorf("kept %v", done.Kept)
	}
}

func TestClearForgetsWhatTheStoreLost(t *testing.T) {
	t.Parallel()
	r := stocked(t)
	delete(r.store.items, key("dev"))
	r.Clear(Filter{Profiles: []string{"prod"}})
	for _, s := range read(t, r.Index).Sessions {
		if s.Profile != "base" {
			t.Errorf("the index still knows %v", s)
		}
	}
}
