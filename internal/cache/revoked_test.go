package cache

import (
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
)

// ofDev is what a revocation of the role dev drops.
func ofDev() Filter { return Filter{Roles: []string{devRole}, Via: []string{devRole}} }

func (r *rig) clearRevoked(t *testing.T, f Filter) Cleared {
	t.Helper()
	done, err := r.ClearRevoked(f)
	if err != nil || done.Err != nil {
		t.Errorf("%v, %v", done.Err, err)
	}
	return done
}

func TestClearRevoked(t *testing.T) {
	t.Parallel()
	r := stocked(t)
	delete(r.store.items, corrupted)
	done := r.clearRevoked(t, ofDev())
	if got := r.left(); got != "prod-old mfa" || len(done.Removed) != 2 {
		t.Errorf("left %q, removed %v", got, done.Removed)
	}
	// What is made from now on is kept, a session of that very role as well.
	r.obtain(t, usual("dev"), r.mint("ASIANEW", time.Hour))
	if got := r.obtain(t, usual("dev"), fail(errUnused)); got != "ASIANEW" {
		t.Errorf("got %s", got)
	}
}

// meanwhile runs do while a session of a role is being made, and reports
// whether the session was kept for the next run.
func (r *rig) meanwhile(t *testing.T, q Request, e Entry, do func()) (kept bool) {
	t.Helper()
	made := r.session("ASIAMEANWHILE", time.Hour)
	e.Credentials = made.Credentials
	got := r.obtain(t, q, func(context.Context) (Entry, error) {
		do()
		return e, nil
	})
	if got != "ASIAMEANWHILE" {
		t.Errorf("whoever made it got %q", got)
	}
	next := r.again()
	return next.obtain(t, q, next.mint("ASIANEXT", time.Hour)) == "ASIAMEANWHILE"
}

func TestRevokedWhileItIsMade(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		made Entry
		do   func(*testing.T, *rig)
		kept bool
	}{
		"the role": {Entry{Kind: "assume-role", RoleARN: devRole}, func(t *testing.T, r *rig) { r.clearRevoked(t, ofDev()) }, false},
		"a role before it": {
			Entry{Kind: "assume-role", RoleARN: prodRole, Via: []string{devRole}},
			func(t *testing.T, r *rig) { r.clearRevoked(t, ofDev()) }, false,
		},
		"another role": {Entry{Kind: "assume-role", RoleARN: prodRole}, func(t *testing.T, r *rig) { r.clearRevoked(t, ofDev()) }, true},
		"twice, and others between": {Entry{Kind: "assume-role", RoleARN: devRole}, func(t *testing.T, r *rig) {
			r.clearRevoked(t, ofDev())
			r.clearRevoked(t, Filter{Roles: []string{hubRole}})
			r.clearRevoked(t, Filter{Users: []string{"AKIA1"}})
		}, false},
		"the user": {
			Entry{Kind: "session-token", SourceKey: "AKIA1"},
			func(t *testing.T, r *rig) { r.clearRevoked(t, Filter{Users: []string{"AKIA1"}}) }, false,
		},
		"the user, not the role": {
			Entry{Kind: "assume-role", RoleARN: devRole, SourceKey: "AKIA1"},
			func(t *testing.T, r *rig) { r.clearRevoked(t, Filter{Users: []string{"AKIA1"}}) }, true,
		},
		"cleared, not revoked": {Entry{Kind: "assume-role", RoleARN: devRole}, func(t *testing.T, r *rig) { r.Clear(Filter{All: true}) }, true},
		"raised":               {Entry{Kind: "assume-role", RoleARN: devRole}, func(t *testing.T, r *rig) { must(t, r.Index.Raise()) }, true},
		"the index lost":       {Entry{Kind: "assume-role", RoleARN: devRole}, func(t *testing.T, r *rig) { must(t, os.Remove(r.Index.Path)) }, false},
		"nothing":              {Entry{Kind: "assume-role", RoleARN: devRole}, func(*testing.T, *rig) {}, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := stocked(t)
			r.clearRevoked(t, Filter{Roles: []string{prodRole, devRole}}) // Before it is begun.
			r.store.sets = 0
			if kept := r.meanwhile(t, usual("meanwhile"), tc.made, func() { tc.do(t, r) }); kept != tc.kept {
				t.Errorf("kept: %v", kept)
			}
			if !tc.kept {
				if r.store.sets != 1 { // The next run's.
					t.Errorf("%d sessions were stored", r.store.sets)
				}
				wantLine(t, "debug", keptOut(*r.debug), "revoked while it was being made")
			}
			if len(*r.notes) > 0 {
				t.Errorf("noted %q", *r.notes)
			}
		})
	}
}

// keptOut are the lines about sessions that were not kept.
func keptOut(lines []string) []string {
	return slices.DeleteFunc(slices.Clone(lines), func(line string) bool { return line != revokedMeanwhile })
}

// The revocation comes between the last look and the write: the session is
// taken back.
func TestRevokedWhileItIsStored(t *testing.T) {
	t.Parallel()
	r := stocked(t)
	r.store.onSet = func() { r.clearRevoked(t, ofDev()) }
	if r.meanwhile(t, usual("meanwhile"), Entry{Kind: "assume-role", RoleARN: devRole}, func() {}) {
		t.Error("it was kept")
	}
	r.store.onSet = func() { r.clearRevoked(t, ofDev()) }
	r.store.removeErr = map[string]error{key("stuck"): errors.New("locked")}
	r.obtain(t, usual("stuck"), r.mint("ASIASTUCK", time.Hour))
	wantLine(t, "note", *r.notes, "revoked while it was being made", "locked")
	r.Remover = nil
	r.store.onSet = func() { _ = r.record(ofDev()) }
	r.obtain(t, usual("unremovable"), r.mint("ASIASTAYS", time.Hour)) // Must only not break.
}

// A session that is begun and stored while the clearing goes on was signed with
// one that had not gone yet.
func TestMadeFromARevokedSessionWhileItIsCleared(t *testing.T) {
	t.Parallel()
	r := stocked(t)
	r.store.onNames = func() {
		e := r.session("ASIALATE", time.Hour)
		e.RoleARN, e.Via = prodRole, []string{devRole}
		other := r.again()
		other.obtain(t, usual("late"), func(context.Context) (Entry, error) { return e, nil })
	}
	done := r.clearRevoked(t, ofDev())
	if _, ok := r.store.items[key("late")]; ok || len(done.Removed) != 4 { // dev, prod, corrupted and late
		t.Errorf("it stayed: %v; removed %v", ok, done.Removed)
	}
}

// A session that was begun long before is stored once the clearing has looked,
// and another one is signed with it while the clearing looks again.
func TestMadeFromASessionThatIsStoredLate(t *testing.T) {
	t.Parallel()
	r := stocked(t)
	old := r.session("OLD", time.Hour).minted(r.clock.Now())
	began := r.generation()
	r.store.onNames = func() {
		r.keep(key("inner"), old, began)
		r.store.onNames = func() {
			other := r.again()
			other.obtain(t, usual("outer"), func(ctx context.Context) (Entry, error) {
				signer, err := other.Obtain(ctx, Request{Key: key("inner")}, r.mint("NEW", time.Hour))
				e := r.session("FROM-"+signer.Credentials.AccessKeyID, time.Hour)
				e.RoleARN, e.Via = prodRole, []string{devRole}
				return e, err
			})
		}
	}
	r.clearRevoked(t, ofDev())
	for _, name := range []string{"inner", "outer"} {
		if e, ok := first(r.Peek(Filter{Keys: []string{key(name)}})); !ok || !strings.HasSuffix(e.Credentials.AccessKeyID, "NEW") {
			t.Errorf("%s: %q", name, e.Credentials.AccessKeyID)
		}
	}
}

func TestRevocationsAreForgotten(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for range 3 {
		r.clearRevoked(t, ofDev())
	}
	r.clearRevoked(t, Filter{Users: []string{"AKIA1"}})
	got := read(t, r.Index).Revocations
	if len(got) != 2 || got[0].Generation >= got[1].Generation || !slices.Equal(got[1].Users, []string{"AKIA1"}) {
		t.Errorf("%+v", got)
	}
	r.clock.advance(longestSession)
	must(t, r.Index.PutKey(StoredKey{Profile: "a"}))
	if got := read(t, r.Index).Revocations; len(got) != 2 {
		t.Errorf("too early: %+v", got)
	}
	r.clock.advance(time.Second)
	must(t, r.Index.PutKey(StoredKey{Profile: "b"}))
	if got := read(t, r.Index).Revocations; len(got) != 0 {
		t.Errorf("still there: %+v", got)
	}
}

func TestRevocationThatCannotBeRecorded(t *testing.T) {
	t.Parallel()
	r := stocked(t)
	r.Index.Locks = ""
	if done, err := r.ClearRevoked(ofDev()); err == nil || len(done.Removed) == 0 {
		t.Errorf("%v, removed %v", err, done.Removed)
	}
	r.Index = nil
	if _, err := r.ClearRevoked(ofDev()); err != nil {
		t.Errorf("without an index: %v", err)
	}
	r.obtain(t, usual("dev"), r.mint("ASIANEW", time.Hour))
	if got := r.obtain(t, usual("dev"), fail(errUnused)); got != "ASIANEW" {
		t.Errorf("got %s", got)
	}
}

// A warm run reads its one item, and not the index.
func TestWarmRunsAskForNoGeneration(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.obtain(t, usual("a"), r.mint("ASIA", time.Hour))
	must(t, os.Remove(r.Index.Path))
	must(t, os.Mkdir(r.Index.Path, 0o700)) // Reading it fails and would be told.
	next := r.again()
	if got := next.obtain(t, usual("a"), fail(errUnused)); got != "ASIA" || len(*r.debug) > 0 || r.store.gets != 3 {
		t.Errorf("%s, %q, %d Gets", got, *r.debug, r.store.gets)
	}
}

// childSlow says that it makes the session, and returns it when it is told to.
func childSlow(dir string) error {
	e, err := shared(dir).Obtain(context.Background(), usual("a"), func(context.Context) (Entry, error) {
		_, err := os.Stdout.WriteString("minting\n")
		if err == nil {
			_, err = io.Copy(io.Discard, os.Stdin)
		}
		if err != nil {
			return Entry{}, err
		}
		return mintHere(dir)
	})
	_, told := os.Stdout.WriteString(e.Credentials.AccessKeyID + "\n")
	return errors.Join(err, told)
}

// hold starts a process that makes a session, and ten that wait for it.
func hold(t *testing.T, dir string) (holder *process, waiting []*process) {
	t.Helper()
	holder = startChild(t, "slow", dir)
	if got := holder.line(t); got != "minting" {
		t.Fatalf("the holder said %q", got)
	}
	return holder, startAll(t, 10, dir)
}

// finish lets the holder go and returns the different ids that all ended with,
// the holder's first.
func finish(t *testing.T, holder *process, waiting []*process) []string {
	t.Helper()
	holder.in.Close()
	var ids []string
	for _, p := range append([]*process{holder}, waiting...) {
		id := p.line(t)
		if err := p.Wait(); err != nil {
			t.Error(err)
		}
		if !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids
}

// Ten processes wait while the session they want is being made. What others
// clear and revoke meanwhile costs none of them another code; where it is
// revoked itself, one of them makes it anew for all.
func TestProcessesWaitWhileOthersRevoke(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		do    func(*Cache) (Cleared, error)
		mints int
	}{
		"cleared":        {func(c *Cache) (Cleared, error) { return c.Clear(Filter{All: true}), nil }, 1},
		"another role":   {func(c *Cache) (Cleared, error) { return c.ClearRevoked(ofDev()) }, 1},
		"another user":   {func(c *Cache) (Cleared, error) { return c.ClearRevoked(Filter{Users: []string{"AKIAOTHER"}}) }, 1},
		"the very user":  {func(c *Cache) (Cleared, error) { return c.ClearRevoked(Filter{Users: []string{"AKIAHERE"}}) }, 2},
		"the user again": {revokeTwice, 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			c := shared(dir)
			must(t, c.Index.Raise())
			holder, waiting := hold(t, dir)
			if done, err := tc.do(c); err != nil || done.Err != nil || len(done.Kept) > 0 {
				t.Fatalf("%+v, %v", done, err)
			}
			ids, made := finish(t, holder, waiting), minted(t, dir)
			if len(made) != tc.mints || !slices.Equal(ids, made) {
				t.Errorf("they made %q and used %q, want %d", made, ids, tc.mints)
			}
			e, ok := first(c.Peek(Filter{All: true}))
			if last := made[len(made)-1]; !ok || e.Credentials.AccessKeyID != last {
				t.Errorf("kept %q, want %q", e.Credentials.AccessKeyID, last)
			}
		})
	}
}

func revokeTwice(c *Cache) (Cleared, error) {
	f := Filter{Users: []string{"AKIAHERE"}}
	if done, err := c.ClearRevoked(f); err != nil {
		return done, err
	}
	return c.ClearRevoked(f)
}

// A session that was begun before the revocation is gone after it, whichever
// of the two processes is faster.
func TestRevokedAtTheMomentItIsStored(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	c := shared(dir)
	must(t, c.Index.Raise())
	for range 20 {
		p := startChild(t, "slow", dir)
		if got := p.line(t); got != "minting" {
			t.Fatalf("it said %q", got)
		}
		p.in.Close()
		time.Sleep(rand.N(3 * time.Millisecond)) // The random moment.
		if _, err := c.ClearRevoked(Filter{Users: []string{"AKIAHERE"}}); err != nil {
			t.Fatal(err)
		}
		id := p.line(t)
		if err := p.Wait(); err != nil || id == "" {
			t.Fatalf("it got %q, %v", id, err)
		}
		if e, ok := first(c.Peek(Filter{All: true})); ok {
			t.Fatalf("%s stayed", e.Credentials.AccessKeyID)
		}
	}
}
