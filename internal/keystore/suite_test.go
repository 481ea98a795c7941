package keystore

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"assume-role/internal/creds"
)

// contract is what every backend promises. open opens the same store again at
// each call; the store is empty at first.
func contract(t *testing.T, open func(testing.TB) *Ring) {
	t.Run("missing", func(t *testing.T) { contractMissing(t, open(t)) })
	t.Run("round trip", func(t *testing.T) { contractRoundTrip(t, open) })
	t.Run("names", func(t *testing.T) { contractNames(t, open(t)) })
	t.Run("keys", func(t *testing.T) { contractKeys(t, open) })
	t.Run("totp secrets", func(t *testing.T) { contractTOTPs(t, open) })
	t.Run("keys to come", func(t *testing.T) { contractNext(t, open) })
	t.Run("writers", func(t *testing.T) { contractWriters(t, open) })
	t.Run("empty again", func(t *testing.T) { contractClear(t, open(t)) })
}

func contractMissing(t *testing.T, ring *Ring) {
	if _, err := ring.Get("session-none"); !errors.Is(err, ErrNotFound) {
		t.Errorf("Get of a missing item: %v, want ErrNotFound", err)
	}
	if err := ring.Remove("session-none"); err != nil {
		t.Errorf("Remove of a missing item: %v", err)
	}
	names, err := ring.Names("")
	if err != nil || len(names) != 0 {
		t.Errorf("an empty store lists %q, %v", names, err)
	}
	if _, err := ring.Keys().LoadKey("none"); !errors.Is(err, ErrNotFound) {
		t.Errorf("LoadKey without a key: %v, want ErrNotFound", err)
	}
}

func contractRoundTrip(t *testing.T, open func(testing.TB) *Ring) {
	every := make([]byte, 256)
	for i := range every {
		every[i] = byte(i)
	}
	for _, data := range [][]byte{
		[]byte("x"), every, bytes.Repeat([]byte("token "), 1000), []byte("small again\n"), bytes.Repeat(every, 20),
	} {
		if err := open(t).Set("session-trip", data); err != nil {
			t.Fatalf("Set of %d bytes: %v", len(data), err)
		}
		got, err := open(t).Get("session-trip")
		if err != nil || !bytes.Equal(got, data) {
			t.Fatalf("Get gave %d bytes, %v; want the %d that were set", len(got), err, len(data))
		}
	}
	if err := open(t).Remove("session-trip"); err != nil {
		t.Fatal(err)
	}
	if _, err := open(t).Get("session-trip"); !errors.Is(err, ErrNotFound) {
		t.Errorf("Get after Remove: %v, want ErrNotFound", err)
	}
}

func contractNames(t *testing.T, ring *Ring) {
	for _, name := range []string{"session-b", "key-x", "session-a", "session-ab"} {
		if err := ring.Set(name, []byte(name)); err != nil {
			t.Fatal(err)
		}
	}
	for prefix, want := range map[string][]string{
		"session-": {"session-a", "session-ab", "session-b"}, "key-": {"key-x"}, "other-": nil,
		"": {"key-x", "session-a", "session-ab", "session-b"},
	} {
		got, err := ring.Names(prefix)
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("Names(%q) = %q, %v; want %q", prefix, got, err, want)
		}
	}
	sessions, err := ring.Sessions().Names()
	if want := []string{"a", "ab", "b"}; err != nil || !slices.Equal(sessions, want) {
		t.Errorf("Sessions().Names() = %q, %v; want %q", sessions, err, want)
	}
	if err := ring.Keys().RemoveKey("x"); err != nil {
		t.Error(err)
	}
}

// strangeProfiles are names that a config file may hold and a file system or
// another program may trip over.
func strangeProfiles() []string {
	return []string{
		"", "A", "Prod", "a", "a b", "a/b", "../../etc/passwd", "con", "nul.txt", "é", "%41", "a\nb", "a.b.", "prod",
		"profile x", strings.Repeat("長い名前", 30), strings.Repeat("LONG", 60),
	}
}

func contractKeys(t *testing.T, open func(testing.TB) *Ring) {
	keys := open(t).Keys()
	profiles := strangeProfiles()
	for i, profile := range profiles {
		if err := keys.SaveKey(profile, longLived(i)); err != nil {
			t.Fatalf("SaveKey(%q): %v", profile, err)
		}
	}
	again := open(t).Keys()
	for i, profile := range profiles {
		got, err := again.LoadKey(profile)
		if err != nil {
			t.Fatalf("LoadKey(%q): %v", profile, err)
		}
		if want := longLived(i); got != want {
			t.Errorf("LoadKey(%q) gave the key of another profile: %v", profile, got)
		}
	}
	slices.Sort(profiles)
	listed, err := again.KeyProfiles()
	if diff := cmp.Diff(profiles, listed); err != nil || diff != "" {
		t.Errorf("KeyProfiles: %v\n%s", err, diff)
	}
	for _, profile := range profiles {
		if err := again.RemoveKey(profile); err != nil {
			t.Errorf("RemoveKey(%q): %v", profile, err)
		}
	}
}

// longLived returns the i-th long-lived key.
func longLived(i int) creds.Credentials {
	return creds.Credentials{
		AccessKeyID: fmt.Sprintf("AKIA%016d", i), SecretAccessKey: creds.Secret(fmt.Sprintf("%s%d", canary, i)),
		AccountID: "123456789012",
	}
}

// contractWriters has several writers of one item; what is read is always what
// one of them wrote.
func contractWriters(t *testing.T, open func(testing.TB) *Ring) {
	const writers = 4
	written := func(i int) []byte { return bytes.Repeat([]byte{byte('a' + i)}, 3000+i) }
	rings := make([]*Ring, writers)
	for i := range rings {
		rings[i] = open(t)
	}
	var all sync.WaitGroup
	for i, ring := range rings {
		all.Go(func() {
			if err := ring.Set("session-shared", written(i)); err != nil {
				t.Errorf("writer %d: %v", i, err)
			}
		})
	}
	all.Wait()
	got, err := open(t).Get("session-shared")
	if err != nil || !slices.ContainsFunc([]int{0, 1, 2, 3}, func(i int) bool { return bytes.Equal(got, written(i)) }) {
		t.Errorf("after %d writers: %d bytes that none of them wrote, %v", writers, len(got), err)
	}
}

func contractClear(t *testing.T, ring *Ring) {
	names, err := ring.Names("")
	if err != nil || len(names) == 0 {
		t.Fatalf("Names: %q, %v; the tests before leave some", names, err)
	}
	for _, name := range names {
		if err := ring.Remove(name); err != nil {
			t.Errorf("Remove(%q): %v", name, err)
		}
	}
	if names, err := ring.Names(""); err != nil || len(names) != 0 {
		t.Errorf("a cleared store lists %q, %v", names, err)
	}
}
