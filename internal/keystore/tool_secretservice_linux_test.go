package keystore

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/99designs/keyring"
	"github.com/godbus/dbus"
)

// newCollection makes an unlocked collection by an interface that gnome-keyring
// has for its own programs; the standard one would ask a person.
func newCollection(t *testing.T, label string) {
	t.Helper()
	conn := bus(t)
	var output dbus.Variant
	var session, made dbus.ObjectPath
	service := conn.Object(secretsBus, secretsPath)
	if err := service.Call(secretsService+".OpenSession", 0, "plain", dbus.MakeVariant("")).Store(&output, &session); err != nil {
		t.Fatal(err)
	}
	password := struct {
		Session     dbus.ObjectPath
		Parameters  []byte
		Value       []byte
		ContentType string
	}{session, []byte{}, []byte("password of the collection"), "text/plain"}
	err := service.Call("org.gnome.keyring.InternalUnsupportedGuiltRiddenInterface.CreateWithMasterPassword", 0,
		map[string]dbus.Variant{secretsCollection + ".Label": dbus.MakeVariant(label)}, password).Store(&made)
	if err != nil {
		t.Skipf("no collection can be made here without a person: %v", err)
	}
}

// Each tool's own collection, and one that the tool was told to use.
func TestToolsInSecretService(t *testing.T) {
	if !onPrivateBus(t) {
		return
	}
	gnomeKeyring(t)
	newCollection(t, "awsvault")
	newCollection(t, grantedKeys)
	for _, c := range []struct {
		tool, collection string
		env              map[string]string
		config           string
	}{
		{"aws-vault", "awsvault", nil, ""},
		{"aws-vault", "login", map[string]string{"AWS_VAULT_SECRET_SERVICE_COLLECTION_NAME": "login", "AWS_VAULT_BACKEND": "secret-service"}, ""},
		{"granted", grantedKeys, nil, ""},
		{"granted", "login", nil, "[Keyring]\nBackend = \"secret-service\"\nLibSecretCollectionName = \"login\"\n"},
	} {
		id := "AKIA" + c.tool + c.collection
		store, err := openNamedCollection(c.collection)
		if err == nil {
			err = store.Set(keyring.Item{Key: "base", Label: "aws-vault (base)", Data: []byte(toolItem(t, id, canary, ""))})
		}
		if err != nil {
			t.Fatal(err)
		}
		before := collections(t)
		f := newToolFolder(t)
		f.env = c.env
		if c.config != "" {
			layConfig(t, f.home, c.config)
		}
		opened, err := OpenTool(t.Context(), c.tool, f.options())
		if err != nil {
			t.Fatal(err)
		}
		key, err := opened.Key("base")
		if err != nil || key.AccessKeyID != id || key.SecretAccessKey.Reveal() != canary || opened.Backend() != "secret-service" {
			t.Errorf("%s in %s: %v, %v, %s", c.tool, c.collection, key, err, opened.Backend())
		}
		if after := collections(t); after != before {
			t.Errorf("%d collections became %d", before, after)
		}
	}
}

// A tool that never made its collection has no keys, and none is made.
func TestNoCollectionOfATool(t *testing.T) {
	if !onPrivateBus(t) {
		return
	}
	gnomeKeyring(t)
	before := collections(t)
	for _, tool := range Tools() {
		if _, err := OpenTool(t.Context(), tool, newToolFolder(t).options()); err == nil {
			t.Errorf("%s: keys were found", tool)
		}
	}
	if after := collections(t); after != before {
		t.Errorf("%d collections became %d", before, after)
	}
}

// layConfig writes granted's config file.
func layConfig(t *testing.T, home, text string) {
	t.Helper()
	dir := filepath.Join(home, ".granted")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "config"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
