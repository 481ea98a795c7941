//go:build unix

package assume

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"assume-role/internal/awsfake"
	"assume-role/internal/cache"
	"assume-role/internal/fault"
	"assume-role/internal/profile"
)

// kept are the sessions of a chain as they lie in the cache, innermost first.
func (w *world) kept(chain *profile.Chain) []cache.Entry {
	w.Helper()
	w.get(chain)
	keys, err := New(w.options).Keys(chain)
	if err != nil {
		w.Fatal(err)
	}
	var entries []cache.Entry
	for _, key := range keys {
		e, err := w.options.Cache.Obtain(context.Background(), cache.Request{Key: key}, func(context.Context) (cache.Entry, error) {
			return cache.Entry{}, fault.New("", "nothing is cached")
		})
		if err != nil {
			w.Fatal(err)
		}
		entries = append(entries, e)
	}
	return entries
}

// came is what entries say about where they came from.
func came(entries []cache.Entry) (via [][]string, keys []string) {
	for _, e := range entries {
		via, keys = append(via, e.Via), append(keys, e.SourceKey)
	}
	return via, keys
}

// chained are roles to assume one after the other.
func (w *world) chained(names ...string) []profile.Call {
	var calls []profile.Call
	for _, name := range names {
		call := w.role(awsfake.Role{Name: name})
		call.Chained = true
		calls = append(calls, call)
	}
	return calls
}

// Every session of a chain says which roles it came through, whether the
// sessions before it are new or cached.
func TestSessionsSayWhatTheyCameThrough(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	calls := append([]profile.Call{w.mfaSession()}, w.chained("a", "b", "c")...)
	a, b := calls[1].RoleARN, calls[2].RoleARN
	want := [][]string{nil, nil, {a}, {a, b}}
	for _, n := range []int{2, 3, 4} {
		via, keys := came(w.kept(w.chain(calls[:n]...)))
		if diff := cmp.Diff(want[:n], via); diff != "" {
			t.Errorf("%d calls: %s", n, diff)
		}
		for _, key := range keys {
			if key != w.keys.AccessKeyID {
				t.Errorf("began with the keys %q", key)
			}
		}
	}
	w.counts(1, 3, 1)
}

// The role that a SAML assertion chooses is known by the session alone.
func TestSessionsCameThroughASourcesRole(t *testing.T) {
	t.Parallel()
	w := newSAMLWorld(t)
	role := w.role("staff")
	w.issues(role)
	chain := w.chain("", samlProvider)
	chain.Calls = w.chained("top", "far")
	via, keys := came(w.kept(chain))
	if diff := cmp.Diff([][]string{nil, {role}, {role, chain.Calls[0].RoleARN}}, via); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"", "", ""}, keys); diff != "" {
		t.Error(diff)
	}
}

// What a program prints is known once it is there: keys begin a chain, and a
// session of whomever does not.
func TestSessionsSayWhoseKeysAProgramPrinted(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first := profile.Call{Kind: profile.SessionToken, Profile: "base", Duration: time.Hour, Conditional: true}
	chain := w.chain(first, w.role(awsfake.Role{Name: "admin"}))
	chain.Source = w.printing(w.keys)
	_, keys := came(w.kept(chain))
	if diff := cmp.Diff([]string{w.keys.AccessKeyID, w.keys.AccessKeyID}, keys); diff != "" {
		t.Error(diff)
	}
	chain.Source = w.printing(w.session())
	_, keys = came(w.kept(chain))
	if diff := cmp.Diff([]string{"", ""}, keys); diff != "" {
		t.Error(diff)
	}
}
