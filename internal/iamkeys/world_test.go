package iamkeys

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"assume-role/internal/assume"
	"assume-role/internal/awsfake"
	"assume-role/internal/creds"
	"assume-role/internal/fault"
	"assume-role/internal/iam"
	"assume-role/internal/keystore"
	"assume-role/internal/profile"
)

// world is an AWS with the user alice, whose key is stored for profile base.
type world struct {
	*testing.T
	aws     *awsfake.Fake
	assumer *assume.Assumer
	chain   *profile.Chain
	ring    *keystore.Ring
	dir     string
	old     creds.Credentials
	notes   []string
	passing []string
	events  []string
	sleeps  int
}

func newWorld(t *testing.T) *world {
	t.Helper()
	t.Parallel()
	aws, err := awsfake.Start(awsfake.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(aws.Close)
	w := &world{T: t, aws: aws, dir: t.TempDir()}
	w.old.AccessKeyID, w.old.SecretAccessKey = aws.AddKey("alice")
	w.assumer = assume.New(assume.Options{
		SessionName: func() string { return "alice@laptop" },
		Now:         time.Now, Note: w.note, Debug: func(string, ...any) {}, UserAgent: "assume-role/test",
	})
	endpoint := profile.Endpoint{Region: "us-east-1", Partition: "aws", URL: aws.URL(), MaxAttempts: 1}
	w.chain = &profile.Chain{
		Profile: "base", Source: profile.Source{Kind: profile.Keyring, Profile: "base"},
		STS: endpoint, Services: map[string]profile.Endpoint{iam.Service: endpoint},
	}
	w.openStore()
	w.must(w.ring.Keys().SaveKey("base", w.old))
	return w
}

func (w *world) openStore() {
	w.Helper()
	ring, err := keystore.Open(context.Background(), keystore.Options{
		Backend: "file", FileDir: w.storeDir(), Env: func(string) string { return "" },
		Given: func() (creds.Secret, bool, error) { return "correct horse", true, nil },
	})
	w.must(err)
	w.ring = ring
}

func (w *world) storeDir() string { return filepath.Join(w.dir, "keys") }
func (w *world) records() string  { return filepath.Join(w.dir, "state", "rotations.json") }

func (w *world) note(text string) { w.notes = append(w.notes, text) }

// rotation is that of base, by alice with her stored key.
func (w *world) rotation() *Rotation {
	w.Helper()
	key, err := w.ring.Keys().LoadKey("base")
	w.must(err)
	identity, err := w.identify(w.Context(), key)
	w.must(err)
	return &Rotation{
		Profile: "base", Store: w.ring.Keys(), Backend: "file", Records: w.records(),
		Identity: identity, Caller: w.client(key), With: w.client, Identify: w.identify,
		Replacing: func(_ context.Context, name, id string) { w.events = append(w.events, "replacing "+name) },
		Replaced:  func(_ context.Context, name, id string) { w.events = append(w.events, "replaced "+name) },
		Now:       time.Now,
		Sleep:     func(context.Context, time.Duration) error { w.sleeps++; return nil },
		Progress:  func(line string) { w.passing = append(w.passing, line) }, Note: w.note,
	}
}

func (w *world) client(key creds.Credentials) *iam.Client { return iam.New(w.assumer, w.chain, key) }

func (w *world) identify(ctx context.Context, key creds.Credentials) (assume.Identity, error) {
	return w.assumer.Identity(ctx, "base", w.chain.STS, key)
}

func (w *world) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

// breakStore makes the store one that cannot be written, and returns what mends
// it: a file is in the place of its folder.
func (w *world) breakStore() (mend func()) {
	w.Helper()
	away := w.storeDir() + ".away"
	w.must(os.Rename(w.storeDir(), away))
	w.must(os.WriteFile(w.storeDir(), nil, 0o600))
	return func() {
		w.must(os.Remove(w.storeDir()))
		w.must(os.Rename(away, w.storeDir()))
	}
}

// storedWorks returns the id of the stored key, which AWS accepts.
func (w *world) storedWorks(name string) string {
	w.Helper()
	key, err := w.ring.Keys().LoadKey(name)
	w.must(err)
	if id, err := w.identify(w.Context(), key); err != nil || !strings.HasSuffix(id.ARN, ":user/alice") {
		w.Errorf("the stored key %s: %v, %v", key.AccessKeyID, id, err)
	}
	return key.AccessKeyID
}

// fails runs a rotation that must fail with all these words, in one line, and
// leave a stored key that works.
func (w *world) fails(r *Rotation, words ...string) error {
	w.Helper()
	_, err := r.Run(w.Context())
	if err == nil {
		w.Fatal("it did not fail")
	}
	for _, word := range words {
		if !strings.Contains(err.Error(), word) {
			w.Errorf("%q is not in: %v", word, err)
		}
	}
	var f *fault.Error
	if !errors.As(err, &f) || f.Hint == "" || f.Profile != "base" || strings.Contains(err.Error(), "\n") {
		w.Errorf("no fault of profile base with advice, in a line: %#v", err)
	}
	w.noSecrets(err.Error())
	return err
}

// completes runs a rotation to its end, after which alice has one key, which is
// stored.
func (w *world) completes(r *Rotation) Result {
	w.Helper()
	result, err := r.Run(w.Context())
	w.must(err)
	keys := w.aws.Keys("alice")
	if stored := w.storedWorks("base"); len(keys) != 1 || keys[0].ID != stored || result.New != stored || result.Fate != Deleted {
		w.Errorf("%s is stored, IAM has %v: %+v", stored, keys, result)
	}
	if _, begun, err := Unfinished(w.records(), "base"); begun || err != nil {
		w.Errorf("the record stayed: %v", err)
	}
	if _, err := w.ring.Keys().LoadNext("base"); !errors.Is(err, keystore.ErrNotFound) {
		w.Errorf("the place beside the key: %v", err)
	}
	return result
}

// noSecrets searches what was said, and the records.
func (w *world) noSecrets(said ...string) {
	w.Helper()
	data, _ := os.ReadFile(w.records())
	all := strings.Join(slices.Concat(said, w.notes, w.passing, []string{string(data)}), "\n")
	for _, secret := range w.aws.Secrets() {
		if strings.Contains(all, secret) {
			w.Errorf("a secret is in: %s", all)
		}
	}
}

// ids are the keys that IAM has.
func (w *world) ids() (ids []string) {
	for _, k := range w.aws.Keys("alice") {
		ids = append(ids, k.ID)
	}
	return ids
}

// calls is how often IAM was asked for something.
func (w *world) calls(action string, want int) {
	w.Helper()
	if got := w.aws.Count(action); got != want {
		w.Errorf("%d calls of %s, not %d", got, action, want)
	}
}

func (w *world) has(what fmt.Stringer, words ...string) {
	w.Helper()
	for _, word := range words {
		if !strings.Contains(what.String(), word) {
			w.Errorf("%q is not in: %s", word, what)
		}
	}
}

// lines are joined for has.
type lines []string

func (l lines) String() string { return strings.Join(l, "\n") }
