package keystore

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/99designs/keyring"
	"github.com/google/go-cmp/cmp"

	"assume-role/internal/creds"
	"assume-role/internal/fault"
)

// toolFolder is a home in which a tool's folder of encrypted items is the only
// store.
type toolFolder struct {
	home, phrase string
	asked        int
	env          map[string]string
}

func newToolFolder(t *testing.T) *toolFolder {
	t.Helper()
	return &toolFolder{home: t.TempDir(), phrase: "phrase of the tool", env: map[string]string{}}
}

func (f *toolFolder) options() ToolOptions {
	return ToolOptions{
		Home: f.home, Env: func(name string) string { return f.env[name] }, Known: func(string) bool { return true },
		Ask: func(string) (creds.Secret, error) { f.asked++; return creds.Secret(f.phrase), nil },
	}
}

// write has the library write items as the tools do.
func (f *toolFolder) write(t *testing.T, dir string, items map[string]string) {
	t.Helper()
	store, err := keyring.Open(keyring.Config{
		AllowedBackends: []keyring.BackendType{keyring.FileBackend}, FileDir: filepath.Join(f.home, dir),
		FilePasswordFunc: keyring.FixedStringPrompt(f.phrase),
	})
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range items {
		if err := store.Set(keyring.Item{Key: name, Label: "aws-vault (" + name + ")", Data: []byte(data)}); err != nil {
			t.Fatal(err)
		}
	}
}

// toolItem is the SDK's credentials value in JSON.
func toolItem(t *testing.T, id, secret, token string) string {
	t.Helper()
	data, err := json.Marshal(map[string]any{"AccessKeyID": id, "SecretAccessKey": secret, "SessionToken": token, "ProviderName": "", "CanExpire": false})
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// filesBelow is every file below a folder with its content.
func filesBelow(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		files[path] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func TestAWSVaultFolder(t *testing.T) {
	t.Parallel()
	f := newToolFolder(t)
	f.write(t, ".awsvault/keys", map[string]string{
		"base": toolItem(t, "AKIABASE", canary, ""), "team/dev": toolItem(t, "AKIADEV", "s2", ""),
		"sts.GetSessionToken,YmFzZQ,,1700000000": `{"AccessKeyId":"ASIA","SecretAccessKey":"x","SessionToken":"y"}`,
		"session:base:arn:1700000000":            `{}`, "base session (1700000000)": `{}`, "oidc:https://x": `{}`,
		"odd": toolItem(t, "ASIAODD", "x", "token"), "text": "no JSON",
	})
	before := filesBelow(t, f.home)
	f.env["AWS_VAULT_BACKEND"] = "file"
	tool, err := OpenTool(t.Context(), "aws-vault", f.options())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"base", "odd", "team/dev", "text"}, tool.Names()); diff != "" {
		t.Error(diff)
	}
	if f.asked != 0 || tool.Backend() != "file" || tool.Removal() != "aws-vault remove NAME" {
		t.Errorf("asked %d times, %s, %s", f.asked, tool.Backend(), tool.Removal())
	}
	key, err := tool.Key("base")
	if err != nil || key.AccessKeyID != "AKIABASE" || key.SecretAccessKey.Reveal() != canary || key.Temporary() {
		t.Errorf("%v, %v", key, err)
	}
	if key, err := tool.Key("team/dev"); err != nil || key.AccessKeyID != "AKIADEV" {
		t.Errorf("%v, %v", key, err)
	}
	for name, want := range map[string]error{"odd": ErrDamaged, "text": ErrDamaged, "none": ErrNotFound} {
		if _, err := tool.Key(name); !errors.Is(err, want) {
			t.Errorf("%s: %v, not %v", name, err, want)
		}
	}
	if f.asked != 1 {
		t.Errorf("the passphrase was asked for %d times", f.asked)
	}
	if diff := cmp.Diff(before, filesBelow(t, f.home)); diff != "" {
		t.Error("reading changed something: " + diff)
	}
}

func TestAWSVaultPassphrase(t *testing.T) {
	t.Parallel()
	f := newToolFolder(t)
	f.write(t, "elsewhere", map[string]string{"base": toolItem(t, "AKIABASE", canary, "")})
	f.env = map[string]string{"AWS_VAULT_BACKEND": "file", "AWS_VAULT_FILE_DIR": "~/elsewhere", "AWS_VAULT_FILE_PASSPHRASE": f.phrase}
	tool, err := OpenTool(t.Context(), "aws-vault", f.options())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tool.Key("base"); err != nil || f.asked != 0 {
		t.Errorf("the variable gives it: %v, asked %d times", err, f.asked)
	}
	f.env["AWS_VAULT_FILE_PASSPHRASE"] = "wrong"
	if tool, err = OpenTool(t.Context(), "aws-vault", f.options()); err != nil {
		t.Fatal(err)
	}
	_, err = tool.Key("base")
	if !errors.Is(err, ErrWrongPassphrase) || !strings.Contains(err.Error(), "passphrase does not open") || strings.Contains(err.Error(), "wrong\"") {
		t.Errorf("a wrong one: %v", err)
	}
	f.env["AWS_VAULT_FILE_PASSPHRASE"], f.phrase = "", ""
	if tool, err = OpenTool(t.Context(), "aws-vault", f.options()); err != nil {
		t.Fatal(err)
	}
	if _, err = tool.Key("base"); err == nil || !strings.Contains(err.Error(), "is empty") {
		t.Errorf("an empty one: %v", err)
	}
}

func TestToolHasNothing(t *testing.T) {
	t.Parallel()
	for _, name := range Tools() {
		f := newToolFolder(t)
		f.env["AWS_VAULT_BACKEND"] = "file"
		_, err := OpenTool(t.Context(), name, f.options())
		if err == nil {
			t.Fatalf("%s: an empty home has keys", name)
		}
		if left := filesBelow(t, f.home); len(left) != 0 {
			t.Errorf("%s: %v was made", name, left)
		}
		if entries, _ := os.ReadDir(f.home); len(entries) != 0 {
			t.Errorf("%s: a folder was made", name)
		}
	}
	f := newToolFolder(t)
	f.env["AWS_VAULT_BACKEND"] = "nonsense"
	if _, err := OpenTool(t.Context(), "aws-vault", f.options()); err == nil || !strings.Contains(err.Error(), "nonsense store of aws-vault cannot be used") {
		t.Errorf("a store that there is not: %v", err)
	}
	var told *fault.Error
	if _, err := OpenTool(t.Context(), "other", f.options()); !errors.As(err, &told) || told.Code != fault.InvalidValue {
		t.Errorf("a tool that is unknown: %v", err)
	}
}

func TestGrantedFolder(t *testing.T) {
	t.Parallel()
	for dir, config := range map[string]string{
		".granted/secure-storage-aws-iam-credentials": "DefaultBrowser = \"FIREFOX\"\n[Keyring]\nBackend = \"file\"\n",
		"custom": "[Keyring] # mine\n  Backend = 'file'\nFileDir = \"~/custom\"\n[SSO.x]\nBackend = \"pass\"\n",
	} {
		f := newToolFolder(t)
		f.write(t, dir, map[string]string{"base": toolItem(t, "AKIABASE", canary, "")})
		lay := filepath.Join(f.home, ".granted")
		if err := os.MkdirAll(lay, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(lay, "config"), []byte(config), 0o600); err != nil {
			t.Fatal(err)
		}
		tool, err := OpenTool(t.Context(), "granted", f.options())
		if err != nil {
			t.Fatal(err)
		}
		key, err := tool.Key("base")
		if err != nil || key.SecretAccessKey.Reveal() != canary || !slices.Equal(tool.Names(), []string{"base"}) || f.asked != 1 {
			t.Errorf("%v, %v, %v, asked %d times", key, err, tool.Names(), f.asked)
		}
	}
}

func TestGrantedInTheXDGFolder(t *testing.T) {
	t.Parallel()
	f := newToolFolder(t)
	f.env["XDG_CONFIG_HOME"] = filepath.Join(f.home, "xdg")
	setup := grantedSetup(f.options())
	if want := filepath.Join(f.home, "xdg", "granted", "secure-storage-aws-iam-credentials"); setup.config.FileDir != want {
		t.Errorf("%s, not %s", setup.config.FileDir, want)
	}
	if err := os.Mkdir(filepath.Join(f.home, ".granted"), 0o700); err != nil {
		t.Fatal(err)
	}
	setup = grantedSetup(f.options())
	if want := filepath.Join(f.home, ".granted", "secure-storage-aws-iam-credentials"); setup.config.FileDir != want {
		t.Errorf("%s, not %s: the old folder comes first", setup.config.FileDir, want)
	}
}

func TestVaultSessionNames(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]bool{
		"base": false, "a,b": false, "a,b,c,d": false, "a,b,c,": false, "a,b,,12": true, "sts.GetFederationToken,YQ,YQ,1": true,
		"a,b,c,d,1": false, "oidc:https://x": true, "oidc": false, "session:a:b:1": true, "x session (1)": true, "session": false,
	} {
		if got := isVaultSession(name); got != want {
			t.Errorf("%q: %v", name, got)
		}
	}
}

func TestKeyringSection(t *testing.T) {
	t.Parallel()
	got := keyringSection("Backend = \"none\"\n[Keyring]\r\nBackend=\"file\" # said\nKeychainName = 'a\\b'\nFileDir = \"C:\\\\x \\\"y\\\"\"\n#X = \"1\"\nNumber = 1\nBad = \"\\u0041\"\nOpen = \"x\nLast = \"\\")
	want := map[string]string{"Backend": "file", "KeychainName": `a\b`, "FileDir": `C:\x "y"`, "Number": "", "Bad": "", "Open": "", "Last": ""}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// FuzzKeyringSection: no text of a config file breaks the reader.
func FuzzKeyringSection(f *testing.F) {
	for _, seed := range []string{"[Keyring]\nBackend = \"file\"\n", "[Keyring]\nA = \"\\", "[Keyring]\n=\n'", "[[Keyring]]\nBackend = 'x'"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for key, value := range keyringSection(text) {
			if strings.Contains(key, "\n") || strings.Contains(value, "\n") {
				t.Errorf("%q = %q goes over a line's end", key, value)
			}
		}
	})
}

// FuzzToolKey: what another program stored gives a long-lived key or nothing.
func FuzzToolKey(f *testing.F) {
	for _, seed := range []string{`{"AccessKeyID":"a","SecretAccessKey":"b"}`, `{"AccessKeyId":"a","SecretAccessKey":"b","SessionToken":"c"}`, `[]`, `{"AccessKeyID":1}`, ``} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		key, err := toolKey(data)
		if err == nil && (!key.Complete() || key.Temporary()) || err != nil && !errors.Is(err, ErrDamaged) {
			t.Errorf("%v, %v", key, err)
		}
	})
}
