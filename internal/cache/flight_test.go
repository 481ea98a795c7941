package cache

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"assume-role/internal/fault"
	"assume-role/internal/securefile"
)

// usual is how exec asks for a profile's credentials.
func usual(name string) Request {
	return Request{Key: key(name), Profile: "dev", Outermost: true, Policy: Policy{MinTTL: 5 * time.Minute}}
}

// chain mints the outer session of two steps, as package assume does.
func (r *rig) chain(q Request) Mint {
	return func(ctx context.Context) (Entry, error) {
		if _, err := r.Obtain(ctx, q, r.mint("INNER", time.Hour)); err != nil {
			return Entry{}, err
		}
		return r.mint("OUTER", time.Hour)(ctx)
	}
}

func TestColdChainTouchesTheStoreFiveTimes(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	inner := usual("inner")
	inner.Outermost = false
	r.obtain(t, usual("outer"), r.chain(inner))
	if r.mints != 2 || r.store.gets > 3 || r.store.sets != 2 {
		t.Errorf("%d mints, %d Gets, %d Sets, want 2, at most 3, 2", r.mints, r.store.gets, r.store.sets)
	}
	contents, err := r.Index.Read()
	if err != nil || len(contents.Sessions) != 2 {
		t.Errorf("the index has %v, %v", contents.Sessions, err)
	}
}

func TestWarmRunTouchesTheStoreOnce(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.obtain(t, usual("a"), r.mint("FIRST", time.Hour))
	before := listing(t, r.Locks)
	r.store.gets, r.store.sets = 0, 0
	r.Locks, r.Index = filepath.Join(r.Locks, "gone"), nil
	if got := r.obtain(t, usual("a"), fail(errUnused)); got != "FIRST" {
		t.Errorf("got %s", got)
	}
	if r.store.gets != 1 || r.store.sets != 0 {
		t.Errorf("%d Gets, %d Sets, want 1, 0", r.store.gets, r.store.sets)
	}
	if after := listing(t, filepath.Dir(r.Locks)); after != before {
		t.Errorf("a warm run changed files:\n%s\n%s", before, after)
	}
	if len(*r.notes)+len(*r.debug) > 0 {
		t.Errorf("a warm run said %q %q", *r.notes, *r.debug)
	}
}

// listing describes every file below a folder, modification times included.
func listing(t *testing.T, dir string) string {
	t.Helper()
	var b strings.Builder
	err := filepath.Walk(dir, func(path string, info os.FileInfo, err error) error {
		if err == nil && !info.IsDir() {
			fmt.Fprintln(&b, path, info.Size(), info.ModTime())
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestPolicy(t *testing.T) {
	t.Parallel()
	const minutes = time.Minute
	for name, tc := range map[string]struct {
		lifetime, age time.Duration
		policy        Policy
		cached        bool
	}{
		"young":                             {60 * minutes, 1 * minutes, Policy{MinTTL: 5 * minutes}, true},
		"exactly enough":                    {60 * minutes, 55 * minutes, Policy{MinTTL: 5 * minutes}, true},
		"a second short":                    {60 * minutes, 55*minutes + time.Second, Policy{MinTTL: 5 * minutes}, false},
		"expired":                           {60 * minutes, 60 * minutes, Policy{}, false},
		"last second":                       {60 * minutes, 60*minutes - time.Second, Policy{}, true},
		"900 seconds, the SDKs' window":     {15 * minutes, 0, Policy{MinTTL: 15 * minutes}, true},
		"900 seconds, a quarter left":       {15 * minutes, 11*minutes + 15*time.Second, Policy{MinTTL: 15 * minutes}, true},
		"900 seconds, less than a quarter":  {15 * minutes, 11*minutes + 16*time.Second, Policy{MinTTL: 15 * minutes}, false},
		"explicit counts as given":          {60 * minutes, 31 * minutes, Policy{MinTTL: 30 * minutes, Explicit: true}, false},
		"explicit and enough":               {60 * minutes, 30 * minutes, Policy{MinTTL: 30 * minutes, Explicit: true}, true},
		"the same as a default is lowered":  {60 * minutes, 31 * minutes, Policy{MinTTL: 30 * minutes}, true},
		"refresh does not ask how long":     {60 * minutes, 1 * minutes, Policy{Refresh: true}, false},
		"the clock was set back":            {60 * minutes, -1 * minutes, Policy{}, false},
		"the clock was corrected":           {60 * minutes, -20 * time.Second, Policy{}, true},
		"the clock was set back by an hour": {60 * minutes, -60 * minutes, Policy{}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			r.obtain(t, usual("a"), r.mint("OLD", tc.lifetime))
			r.clock.advance(tc.age)
			q := usual("a")
			q.Policy = tc.policy
			want := "NEW"
			if tc.cached {
				want = "OLD"
			}
			if got := r.again().obtain(t, q, r.mint("NEW", 2*time.Hour)); got != want {
				t.Errorf("got %s", got)
			}
		})
	}
}

// A local clock that is wrong, and known to be, must not matter: a session of
// one hour by AWS's clock is used for 55 minutes, and no longer.
func TestSkew(t *testing.T) {
	t.Parallel()
	for _, skew := range []time.Duration{0, 10 * time.Hour, -10 * time.Hour, 7 * time.Minute} {
		t.Run(skew.String(), func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			minted := r.session("OLD", skew+time.Hour)
			minted.Skew = skew
			r.obtain(t, usual("a"), func(context.Context) (Entry, error) { return minted, nil })
			r.clock.advance(55 * time.Minute)
			if got := r.obtain(t, usual("a"), r.mint("NEW", time.Hour)); got != "OLD" {
				t.Error("a good session was not used")
			}
			r.clock.advance(time.Second)
			if got := r.obtain(t, usual("a"), r.mint("NEW", time.Hour)); got != "NEW" {
				t.Error("a session too short was used")
			}
		})
	}
}

// 2026-11-01 01:30 happens twice in New York: expiry must not care.
func TestLocalTimeDoesNotMatter(t *testing.T) {
	t.Parallel()
	zone := time.FixedZone("EST", -5*3600)
	r := newRig(t)
	r.Now = func() time.Time { return r.clock.Now().In(zone) }
	minted := r.session("OLD", time.Hour)
	minted.Credentials.Expiration = minted.Credentials.Expiration.In(zone)
	r.obtain(t, usual("a"), func(context.Context) (Entry, error) { return minted, nil })
	r.clock.advance(50 * time.Minute)
	if got := r.obtain(t, usual("a"), fail(errUnused)); got != "OLD" {
		t.Errorf("got %s", got)
	}
	if text := string(r.store.items[key("a")]); strings.Contains(text, "-05:00") {
		t.Errorf("local time was stored: %s", text)
	}
}

func TestExplicitMinTTLThatCannotBeHad(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	q := usual("a")
	q.Policy = Policy{MinTTL: 30 * time.Minute, Explicit: true}
	_, err := r.Obtain(t.Context(), q, r.mint("A", 15*time.Minute))
	var f *fault.Error
	if !errors.As(err, &f) || f.Profile != "dev" || f.Hint == "" {
		t.Fatalf("got %v", err)
	}
	wantLine(t, "error", []string{err.Error()}, "15m0s", "30m0s", "--min-ttl")
	r.Store = nil
	if _, err := r.Obtain(t.Context(), q, r.mint("A", 15*time.Minute)); !errors.As(err, &f) {
		t.Errorf("without a cache: %v", err)
	}
}

func TestUnreachableSTS(t *testing.T) {
	t.Parallel()
	out := fmt.Errorf("dial: %w", ErrUnreachable)
	explicit := usual("a")
	explicit.Policy = Policy{MinTTL: 30 * time.Minute, Explicit: true}
	for name, tc := range map[string]struct {
		q    Request
		age  time.Duration
		err  error
		used bool
	}{
		"short":              {usual("a"), 58 * time.Minute, out, true},
		"explicit and short": {explicit, 58 * time.Minute, out, true},
		"expired":            {usual("a"), 60 * time.Minute, out, false},
		"clock set back":     {usual("a"), -time.Minute, out, false},
		"another error":      {usual("a"), 58 * time.Minute, errUnused, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			r.obtain(t, usual("a"), r.mint("OLD", time.Hour))
			r.clock.advance(tc.age)
			e, err := r.Obtain(t.Context(), tc.q, fail(tc.err))
			if !tc.used {
				if !errors.Is(err, tc.err) || !cmp.Equal(e, Entry{}) {
					t.Errorf("got %v, %v", e, err)
				}
				return
			}
			if err != nil || e.Credentials.AccessKeyID != "OLD" {
				t.Errorf("got %v, %v", e, err)
			}
			wantLine(t, "note", *r.notes, `"dev"`, "cannot be reached", "2m0s")
		})
	}
}

func TestRefreshIsOneFlight(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.obtain(t, usual("a"), r.mint("OLD", time.Hour))
	r.clock.advance(time.Minute)
	q := usual("a")
	q.Policy.Refresh = true
	r.store.gets = 0
	if got := r.obtain(t, q, r.mint("NEW", time.Hour)); got != "NEW" || r.store.gets != 1 {
		t.Errorf("a refresh returned %s after %d Gets", got, r.store.gets)
	}
	// While the next one waits for the lock, another process stores a session.
	r.clock.advance(time.Minute)
	r.store.onGet = func() {
		r.clock.advance(time.Second)
		theirs := r.session("THEIRS", time.Hour)
		theirs.Minted = r.clock.Now()
		r.store.items[q.Key], _ = Encode(q.Key, theirs)
	}
	if got := r.obtain(t, q, fail(errUnused)); got != "THEIRS" {
		t.Errorf("a refresh beside another returned %s", got)
	}
}

func TestRefusedSessionIsReplacedOnce(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.obtain(t, usual("a"), r.mint("OLD", time.Hour))
	q := usual("a")
	q.Refused = "OLD"
	if _, err := r.Obtain(t.Context(), q, fail(ErrUnreachable)); !errors.Is(err, ErrUnreachable) {
		t.Errorf("a refused session was used when STS was out of reach: %v", err)
	}
	if got := r.obtain(t, q, r.mint("NEW", time.Hour)); got != "NEW" {
		t.Errorf("got %s", got)
	}
	if got := r.obtain(t, q, fail(errUnused)); got != "NEW" {
		t.Errorf("the next one that OLD was refused to got %s", got)
	}
}

// Whatever lies under a key and is not this session counts as missing, is
// replaced, and is mentioned under --debug without its content.
func TestUnreadableItemsAreMisses(t *testing.T) {
	t.Parallel()
	other := newRig(t)
	other.obtain(t, usual("other"), other.mint("OTHER", time.Hour))
	swapped := other.store.items[key("other")]
	for name, tc := range map[string]struct {
		item []byte
		why  error
	}{
		"empty":   {nil, errForm},
		"torn":    {swapped[:len(swapped)/2], errForm},
		"swapped": {swapped, errSwapped},
		"foreign": {[]byte(`{"AccessKeyId":"secret-canary"}`), errForm},
		"text":    {[]byte("secret-canary"), errForm},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			r.store.items[key("a")] = tc.item
			if got := r.obtain(t, usual("a"), r.mint("NEW", time.Hour)); got != "NEW" {
				t.Errorf("got %s", got)
			}
			if got := r.obtain(t, usual("a"), fail(errUnused)); got != "NEW" {
				t.Errorf("the item was not replaced: got %s", got)
			}
			told := strings.Join(*r.debug, "\n")
			if !strings.Contains(told, key("a")) || !strings.Contains(told, tc.why.Error()) || strings.Contains(told, "canary") {
				t.Errorf("debug: %s", told)
			}
			if len(*r.notes) > 0 {
				t.Errorf("notes: %q", *r.notes)
			}
		})
	}
}

func TestItemThatTheStoreCannotRead(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.store.getErr = fmt.Errorf("authentication failed: %w", ErrCorrupt)
	if got := r.obtain(t, usual("a"), r.mint("NEW", time.Hour)); got != "NEW" || r.store.sets != 1 {
		t.Errorf("got %s, %d Sets", got, r.store.sets)
	}
}

func TestDispensableStore(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.store.getErr = errors.Join(ErrDispensable, errors.New("the keyring is locked"))
	inner := usual("inner")
	inner.Outermost = false
	if got := r.obtain(t, usual("a"), r.chain(inner)); got != "OUTER" {
		t.Errorf("got %s", got)
	}
	if r.store.gets != 1 || r.store.sets != 0 {
		t.Errorf("%d Gets, %d Sets of a store that is locked", r.store.gets, r.store.sets)
	}
	wantLine(t, "debug", *r.debug, "cannot be used here: the keyring is locked")
	if files := listing(t, r.Locks); files != "" {
		t.Errorf("sessions that nobody can share were locked: %s", files)
	}
	if len(*r.notes) > 0 {
		t.Errorf("notes: %q", *r.notes)
	}
}

func TestSessionThatNobodyCouldKeep(t *testing.T) {
	t.Parallel()
	for name, why := range map[string]error{
		"locked": errors.Join(ErrDispensable, errors.New("the keyring is locked")), "Ctrl-C": fault.ErrInterrupted,
	} {
		r := newRig(t)
		r.store.setErr = why
		if got := r.obtain(t, usual("a"), r.mint("NEW", time.Hour)); got != "NEW" {
			t.Errorf("%s: got %s", name, got)
		}
		if len(*r.notes) > 0 {
			t.Errorf("%s: notes: %q", name, *r.notes)
		}
	}
}

func TestLockedStore(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.store.getErr = errors.New("the keyring is locked")
	for _, outermost := range []bool{true, false} {
		q := usual("a")
		q.Outermost = outermost
		if _, err := r.Obtain(t.Context(), q, r.mint("A", time.Hour)); !errors.Is(err, r.store.getErr) {
			t.Errorf("outermost %v: %v", outermost, err)
		}
	}
	if r.mints > 0 {
		t.Error("a session was made all the same")
	}
}

func TestStoreThatCannotBeWritten(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.store.setErr = errors.New("no space left")
	inner := usual("inner")
	inner.Outermost = false
	if got := r.obtain(t, usual("a"), r.chain(inner)); got != "OUTER" {
		t.Errorf("got %s", got)
	}
	wantLine(t, "note", *r.notes, "no space left")
	if contents, _ := r.Index.Read(); len(contents.Sessions) > 0 {
		t.Errorf("the index knows %v", contents.Sessions)
	}
}

func TestIndexThatCannotBeWritten(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.Index.Path = filepath.Join(os.DevNull, "index.json")
	if got := r.obtain(t, usual("a"), r.mint("A", time.Hour)); got != "A" {
		t.Errorf("got %s", got)
	}
	wantLine(t, "debug", *r.debug, "index")
	if len(*r.notes) > 0 {
		t.Errorf("notes: %q", *r.notes)
	}
}

func TestFolderThatCannotHoldLocks(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.Locks, r.Index = filepath.Join(r.Locks, "missing"), nil
	if got := r.obtain(t, usual("a"), r.mint("A", time.Hour)); got != "A" || r.store.sets != 1 {
		t.Errorf("got %s, %d Sets", got, r.store.sets)
	}
	wantLine(t, "note", *r.notes, "locked")
}

func TestNoFolderForLocks(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	r := newRig(t)
	r.Locks, r.Index.Locks = "", ""
	if got := r.obtain(t, usual("a"), r.mint("A", time.Hour)); got != "A" || r.store.sets != 1 {
		t.Errorf("got %s, %d Sets", got, r.store.sets)
	}
	if files := listing(t, dir); files != "" {
		t.Errorf("locks lie in the working folder: %s", files)
	}
	wantLine(t, "debug", *r.debug, errNoLocks.Error())
}

func TestWithoutACache(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.Store = nil
	before := listing(t, r.Locks)
	for _, id := range []string{"A", "B"} {
		if got := r.obtain(t, usual("a"), r.mint(id, time.Hour)); got != id {
			t.Errorf("got %s, want %s", got, id)
		}
	}
	if after := listing(t, r.Locks); after != before {
		t.Errorf("--no-cache wrote %s", after)
	}
}

func TestLongLivedKeysAreNeverKept(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	e := r.session("AKIA", time.Hour)
	e.Credentials.SessionToken, e.Credentials.Expiration = "", time.Time{}
	q := usual("a")
	q.Policy = Policy{MinTTL: time.Hour, Explicit: true}
	if got := r.obtain(t, q, func(context.Context) (Entry, error) { return e, nil }); got != "AKIA" || r.store.sets > 0 {
		t.Errorf("got %s, %d Sets", got, r.store.sets)
	}
}

func TestFailedMintStoresNothing(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	if _, err := r.Obtain(t.Context(), usual("a"), fail(errUnused)); !errors.Is(err, errUnused) {
		t.Errorf("got %v", err)
	}
	if r.store.sets > 0 {
		t.Error("a failure was stored")
	}
	once, cancel := context.WithCancel(t.Context())
	cancel()
	lock, err := securefile.Acquire(once, r.lockPath("a"))
	if err != nil {
		t.Errorf("a failure left the lock behind: %v", err)
	}
	lock.Release()
}

func (r *rig) lockPath(name string) string {
	return filepath.Join(r.Locks, "session-"+key(name)+".lock")
}

func TestWaitNamesTheHolder(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	lock, err := securefile.Acquire(t.Context(), r.lockPath("a"))
	if err != nil {
		t.Fatal(err)
	}
	defer lock.Release()
	r.Wait = time.Millisecond
	_, err = r.Obtain(t.Context(), usual("a"), fail(errUnused))
	var f *fault.Error
	if !errors.As(err, &f) || f.Profile != "dev" || f.Hint == "" {
		t.Fatalf("got %v", err)
	}
	wantLine(t, "error", []string{err.Error()}, fmt.Sprintf("process %d", os.Getpid()), "1ms")
	if len(*r.notes) > 0 {
		t.Errorf("a short wait said %q", *r.notes)
	}
}

func TestLongWaitSaysWhatFor(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	lock, err := securefile.Acquire(t.Context(), r.lockPath("a"))
	if err != nil {
		t.Fatal(err)
	}
	r.Silence = time.Millisecond
	say := r.Note
	r.Note = func(line string) {
		say(line)
		lock.Release()
	}
	if got := r.obtain(t, usual("a"), r.mint("A", time.Hour)); got != "A" {
		t.Errorf("got %s", got)
	}
	wantLine(t, "note", *r.notes, `"dev"`, "waiting", fmt.Sprintf("process %d", os.Getpid()))
}

func TestInterruptedWaitEndsAtOnce(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	lock, err := securefile.Acquire(t.Context(), r.lockPath("a"))
	if err != nil {
		t.Fatal(err)
	}
	defer lock.Release()
	ctx, cancel := context.WithCancelCause(t.Context())
	ended := make(chan error)
	go func() {
		_, err := r.Obtain(ctx, usual("a"), fail(errUnused))
		ended <- err
	}()
	cancel(fault.ErrInterrupted)
	if err := <-ended; !errors.Is(err, fault.ErrInterrupted) {
		t.Errorf("got %v", err)
	}
}

func BenchmarkWarmObtain(b *testing.B) {
	clock := &clock{now: start}
	store := &memory{items: map[string][]byte{}}
	c := &Cache{Store: store, Locks: b.TempDir(), Now: clock.Now}
	r := &rig{Cache: c, clock: clock}
	if _, err := c.Obtain(b.Context(), usual("a"), r.mint("A", time.Hour)); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := c.Obtain(b.Context(), usual("a"), fail(errUnused)); err != nil {
			b.Fatal(err)
		}
	}
}
