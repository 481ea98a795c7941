package keystore

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"assume-role/internal/creds"
	"assume-role/internal/fault"
)

// contractNext is what every backend promises of keys that are to replace
// others.
func contractNext(t *testing.T, open func(testing.TB) *Ring) {
	old, fresh := keyOf("OLD"), keyOf("NEW")
	for _, profile := range strangeProfiles() {
		keys := open(t).Keys()
		if err := errors.Join(keys.SaveKey(profile, old), keys.SaveNext(profile, old), keys.SaveNext(profile, fresh)); err != nil {
			t.Fatalf("%q: %v", profile, err)
		}
		again := open(t).Keys()
		stored, err := again.LoadKey(profile)
		next, nextErr := again.LoadNext(profile)
		if diff := cmp.Diff([]creds.Credentials{old, fresh}, []creds.Credentials{stored, next}); err != nil || nextErr != nil || diff != "" {
			t.Errorf("%q: %v, %v\n%s", profile, err, nextErr, diff)
		}
		if err := again.RemoveNext(profile); err != nil {
			t.Error(err)
		}
		if _, err := again.LoadNext(profile); !errors.Is(err, ErrNotFound) {
			t.Errorf("%q: LoadNext after RemoveNext: %v", profile, err)
		}
		if err := errors.Join(again.SaveNext(profile, fresh), again.RemoveKey(profile)); err != nil {
			t.Error(err)
		}
	}
	for _, prefix := range []string{keyPrefix, nextPrefix} {
		if names, err := open(t).Names(prefix); err != nil || len(names) > 0 {
			t.Errorf("RemoveKey left %q, %v", names, err)
		}
	}
}

// keyOf is a key that can be told from others.
func keyOf(name string) creds.Credentials {
	return creds.Credentials{AccessKeyID: "AKIA" + name, SecretAccessKey: creds.Secret("secret of " + name), AccountID: "123456789012"}
}

// A key that is to replace another is no profile's, is counted among nothing
// else, and has a title.
func TestNextIsNoProfile(t *testing.T) {
	t.Parallel()
	ring := openFileRing(t, options(t))
	if err := errors.Join(ring.Keys().SaveKey("base", keyOf("OLD")), ring.Keys().SaveNext("base", keyOf("NEW"))); err != nil {
		t.Fatal(err)
	}
	profiles, err := ring.Keys().KeyProfiles()
	if !slices.Equal(profiles, []string{"base"}) || err != nil {
		t.Errorf("profiles: %q, %v", profiles, err)
	}
	sessions, err := ring.Sessions().Names()
	if len(sessions) > 0 || err != nil {
		t.Errorf("sessions: %q, %v", sessions, err)
	}
	names, err := ring.Names(nextPrefix)
	if len(names) != 1 || err != nil || !strings.Contains(Title(names[0]), "replace that of profile base") {
		t.Errorf("%q, %v", names, err)
	}
}

func TestNextRefusesWhatIsNoKey(t *testing.T) {
	t.Parallel()
	ring := openFileRing(t, options(t))
	session := keyOf("X")
	session.SessionToken = "token"
	for _, c := range []creds.Credentials{{}, {AccessKeyID: "AKIA"}, session} {
		var f *fault.Error
		if err := ring.Keys().SaveNext("base", c); !errors.As(err, &f) || f.Profile != "base" {
			t.Errorf("%v: %v", c, err)
		}
	}
	if err := ring.Set(itemName(nextPrefix, "base"), []byte("{}")); err != nil {
		t.Fatal(err)
	}
	if _, err := ring.Keys().LoadNext("base"); !errors.Is(err, ErrDamaged) {
		t.Errorf("an empty item: %v", err)
	}
	if err := errors.Join(ring.Keys().SaveNext("other", keyOf("X")), moveItem(ring, itemName(nextPrefix, "other"), itemName(nextPrefix, "base"))); err != nil {
		t.Fatal(err)
	}
	if _, err := ring.Keys().LoadNext("base"); !errors.Is(err, ErrDamaged) {
		t.Errorf("another profile's item: %v", err)
	}
}

// moveItem puts one item's content under another name.
func moveItem(ring *Ring, from, to string) error {
	data, err := ring.Get(from)
	if err != nil {
		return err
	}
	return ring.Set(to, data)
}

// A half-made rotation goes where the keys go.
func TestMigrationTakesNextAlong(t *testing.T) {
	t.Parallel()
	m, _ := pair(t)
	if err := m.From.Keys().SaveNext("base", keyOf("NEW")); err != nil {
		t.Fatal(err)
	}
	if _, err := m.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	next, err := m.To.Keys().LoadNext("base")
	if diff := cmp.Diff(keyOf("NEW"), next); err != nil || diff != "" {
		t.Errorf("%v\n%s", err, diff)
	}
	if _, err := m.From.Keys().LoadNext("base"); !errors.Is(err, ErrNotFound) {
		t.Errorf("it stayed: %v", err)
	}
}
