//go:build unix

package keystore

import (
	"errors"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/99designs/keyring"
	"github.com/google/go-cmp/cmp"
)

// inPass has the library write an item as the tools do.
func inPass(t *testing.T, dir, prefix, name, data string) {
	t.Helper()
	store, err := keyring.Open(keyring.Config{AllowedBackends: []keyring.BackendType{keyring.PassBackend}, PassDir: dir, PassPrefix: prefix})
	if err == nil {
		err = store.Set(keyring.Item{Key: name, Data: []byte(data)})
	}
	if err != nil {
		t.Fatal(err)
	}
}

// A password store belongs to other programs, too: without a prefix only names
// that may be profiles are looked into.
func TestToolsInPass(t *testing.T) {
	o := gnuPG(t)
	inPass(t, o.PassDir, "", "base", toolItem(t, "AKIABASE", canary, ""))
	inPass(t, o.PassDir, "aws", "dev", toolItem(t, "AKIADEV", "s", ""))
	inPass(t, o.PassDir, grantedKeys, "team", toolItem(t, "AKIATEAM", "s", ""))
	mail := exec.Command("pass", "insert", "-m", "mail")
	mail.Stdin = strings.NewReader("not ours")
	if out, err := mail.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	f := newToolFolder(t)
	f.env["PASSWORD_STORE_DIR"] = o.PassDir
	options := f.options()
	options.Known = func(name string) bool { return name == "base" || name == "mail" }
	for _, c := range []struct {
		tool  string
		env   map[string]string
		names []string
		key   string
	}{
		{"aws-vault", map[string]string{"AWS_VAULT_BACKEND": "pass"}, []string{"base", "mail"}, "AKIABASE"},
		{"aws-vault", map[string]string{"AWS_VAULT_BACKEND": "pass", "AWS_VAULT_PASS_PREFIX": "aws"}, []string{"dev"}, "AKIADEV"},
		{"aws-vault", map[string]string{"AWS_VAULT_BACKEND": "pass", "AWS_VAULT_PASS_PASSWORD_STORE_DIR": o.PassDir, "PASSWORD_STORE_DIR": "/none"}, []string{"base", "mail"}, "AKIABASE"},
		{"granted", nil, []string{"team"}, "AKIATEAM"},
	} {
		f.env = c.env
		if c.env["PASSWORD_STORE_DIR"] == "" {
			f.env = map[string]string{"PASSWORD_STORE_DIR": o.PassDir}
			for name, value := range c.env {
				f.env[name] = value
			}
		}
		tool, err := OpenTool(t.Context(), c.tool, options)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(c.names, tool.Names()); diff != "" {
			t.Errorf("%s with %v: %s", c.tool, c.env, diff)
		}
		key, err := tool.Key(c.names[0])
		if err != nil || key.AccessKeyID != c.key {
			t.Errorf("%s with %v: %v, %v", c.tool, c.env, key, err)
		}
		if _, err := tool.Key("mail"); slices.Contains(c.names, "mail") && !errors.Is(err, ErrDamaged) {
			t.Errorf("another program's item: %v", err)
		}
	}
}
