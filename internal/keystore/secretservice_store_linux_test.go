package keystore

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/99designs/keyring"
	"github.com/godbus/dbus"
	"github.com/google/go-cmp/cmp"
)

// A warm run asks the service no more than one item needs.
func TestSecretServiceRoundTrips(t *testing.T) {
	if !onPrivateBus(t) {
		return
	}
	o := gnomeKeyring(t)
	if err := openRing(t, o).Set("session-a", []byte("x")); err != nil {
		t.Fatal(err)
	}
	calls, _ := asked(t, monitor(t), func() {
		if data, err := openRing(t, o).Get("session-a"); err != nil || string(data) != "x" {
			t.Errorf("%q, %v", data, err)
		}
	})
	if want := []string{"ReadAlias", "Get", "OpenSession", "SearchItems", "GetSecret"}; !slices.Equal(calls, want) {
		t.Errorf("asked %q, want %q", calls, want)
	}
}

// What earlier releases wrote through the library is read, and what is written
// now they can read: the same label, attribute and text.
func TestSecretServiceFormIsTheLibrarys(t *testing.T) {
	if !onPrivateBus(t) {
		return
	}
	gnomeKeyring(t)
	store, err := openNamedCollection("login")
	if err != nil {
		t.Fatal(err)
	}
	item := keyring.Item{Key: "assume-role:key-a", Label: "assume-role:key-a", Data: []byte("x\x00y")}
	if err := store.Set(item); err != nil {
		t.Fatal(err)
	}
	path, err := store.find(item.Key)
	if err != nil {
		t.Fatal(err)
	}
	object := store.conn.Object(secretsBus, path)
	label, err1 := property(object, secretsItem, "Label")
	marks, err2 := property(object, secretsItem, "Attributes")
	var got secret
	err3 := object.Call(secretsItem+".GetSecret", 0, store.session).Store(&got)
	if errors.Join(err1, err2, err3) != nil {
		t.Fatal(err1, err2, err3)
	}
	text, _ := json.Marshal(item)
	if got := marks.Value().(map[string]string); got["profile"] != item.Key || label.Value() != item.Key {
		t.Errorf("%v, %v", label, got)
	}
	if diff := cmp.Diff(string(text), string(got.Value)); diff != "" {
		t.Error(diff)
	}
	const library = `{"Key":"n","Data":"eA==","Label":"n","Description":"","KeychainNotTrustApplication":false,"KeychainNotSynchronizable":false}`
	if item, err := written([]byte(library)); err != nil || item.Key != "n" || string(item.Data) != "x" {
		t.Errorf("%+v, %v", item, err)
	}
}

// vault is a Secret Service of one locked item. Its dialog is answered, or
// dismissed, or answered in vain.
type vault struct {
	conn      *dbus.Conn
	mu        sync.Mutex
	dismissed bool
	open      bool
	opens     bool
}

const (
	vaultItem   = dbus.ObjectPath(collectionRoot + "login/1")
	vaultDialog = dbus.ObjectPath(secretsPath + "/prompt/p1")
)

func (v *vault) OpenSession(string, dbus.Variant) (dbus.Variant, dbus.ObjectPath, *dbus.Error) {
	return dbus.MakeVariant(""), secretsPath + "/session/1", nil
}

func (v *vault) SearchItems(map[string]string) ([]dbus.ObjectPath, *dbus.Error) {
	return []dbus.ObjectPath{vaultItem}, nil
}

func (v *vault) GetSecret(session dbus.ObjectPath) (secret, *dbus.Error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if !v.open {
		return secret{}, v.locked()
	}
	return secret{session, []byte{}, []byte(`{"Key":"a","Data":"eA=="}`), "application/json"}, nil
}

func (v *vault) Delete() (dbus.ObjectPath, *dbus.Error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if !v.open {
		return "", v.locked()
	}
	return nothingThere, nil
}

func (v *vault) locked() *dbus.Error {
	return dbus.NewError("org.freedesktop.Secret.Error.IsLocked", []any{"locked"})
}

func (v *vault) Unlock([]dbus.ObjectPath) ([]dbus.ObjectPath, dbus.ObjectPath, *dbus.Error) {
	return []dbus.ObjectPath{}, vaultDialog, nil
}

func (v *vault) Prompt(string) *dbus.Error {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.open = v.opens && !v.dismissed
	_ = v.conn.Emit(vaultDialog, secretsPrompt+".Completed", v.dismissed, dbus.MakeVariant([]dbus.ObjectPath{}))
	return nil
}

// plays locks the vault, and says what becomes of its dialog.
func (v *vault) plays(dismissed, opens bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.dismissed, v.opens, v.open = dismissed, opens, false
}

// serveVault puts a vault on the private bus.
func serveVault(t *testing.T, v *vault) {
	t.Helper()
	conn, err := dbus.SessionBusPrivate()
	if err == nil {
		err = errors.Join(conn.Auth(nil), conn.Hello())
	}
	if err != nil {
		t.Fatal(err)
	}
	v.conn = conn
	for path, face := range map[dbus.ObjectPath]string{
		secretsPath: secretsService, collectionRoot + "login": secretsCollection, vaultItem: secretsItem, vaultDialog: secretsPrompt,
	} {
		if err := conn.Export(v, path, face); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := conn.RequestName(secretsBus, dbus.NameFlagDoNotQueue); err != nil {
		t.Fatal(err)
	}
}

// A dialog that is answered unlocks, and one that is not leaves ErrLocked.
func TestSecretServiceDialogs(t *testing.T) {
	if !onPrivateBus(t) {
		return
	}
	v := &vault{}
	serveVault(t, v)
	for _, tc := range []struct {
		dismissed, opens bool
		want             error
	}{{false, true, nil}, {true, true, ErrLocked}, {false, false, ErrLocked}} {
		for name, do := range map[string]func(secrets) error{
			"get": func(s secrets) error {
				item, err := s.Get("a")
				if err == nil && string(item.Data) != "x" {
					t.Errorf("%+v", item)
				}
				return err
			},
			"remove": func(s secrets) error { return s.Remove("a") },
		} {
			v.plays(tc.dismissed, tc.opens)
			store, err := openCollection(collectionRoot + "login")
			if err != nil {
				t.Fatal(err)
			}
			if err := do(store); !errors.Is(err, tc.want) || err != nil && strings.Contains(err.Error(), "eA==") {
				t.Errorf("%s, %+v: %v", name, tc, err)
			}
		}
	}
}

// A collection that is not there holds nothing.
func TestSecretServiceNoSuchCollection(t *testing.T) {
	if !onPrivateBus(t) {
		return
	}
	gnomeKeyring(t)
	before := collections(t)
	store, err := openNamedCollection("nobody's")
	if err != nil {
		t.Fatal(err)
	}
	names, err1 := store.Keys()
	_, err2 := store.Get("a")
	if err1 != nil || len(names) != 0 || !errors.Is(err2, keyring.ErrKeyNotFound) || store.Remove("a") != nil || collections(t) != before {
		t.Errorf("%q, %v, %v", names, err1, err2)
	}
}
