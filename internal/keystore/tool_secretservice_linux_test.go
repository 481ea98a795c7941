package keystore

import (
	"testing"

	"github.com/99designs/keyring"
)

// The collection is one that the user has, as aws-vault is often told: making
// another needs a person at a dialog.
func TestToolsInSecretService(t *testing.T) {
	if !onPrivateBus(t) {
		return
	}
	gnomeKeyring(t)
	for tool, set := range map[string]map[string]string{
		"aws-vault": {"AWS_VAULT_SECRET_SERVICE_COLLECTION_NAME": "login"},
	} {
		store, err := keyring.Open(keyring.Config{
			AllowedBackends: []keyring.BackendType{keyring.SecretServiceBackend}, ServiceName: tool, LibSecretCollectionName: "login",
		})
		if err == nil {
			err = store.Set(keyring.Item{Key: "base", Label: "aws-vault (base)", Data: []byte(toolItem(t, "AKIABASE", canary, ""))})
		}
		if err != nil {
			t.Fatal(err)
		}
		before := collections(t)
		f := newToolFolder(t)
		f.env = set
		opened, err := OpenTool(t.Context(), tool, f.options())
		if err != nil {
			t.Fatal(err)
		}
		key, err := opened.Key("base")
		if err != nil || key.AccessKeyID != "AKIABASE" || key.SecretAccessKey.Reveal() != canary || opened.Backend() != "secret-service" {
			t.Errorf("%v, %v, %s", key, err, opened.Backend())
		}
		f.env = nil
		if _, err := OpenTool(t.Context(), tool, f.options()); err == nil {
			t.Error("there is no collection of the default name, and keys were found")
		}
		if after := collections(t); after != before {
			t.Errorf("%d collections became %d", before, after)
		}
	}
}
