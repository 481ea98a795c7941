package keystore

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/99designs/keyring"

	"assume-role/internal/creds"
	"assume-role/internal/fault"
)

// ToolOptions say where another tool keeps its keys.
type ToolOptions struct {
	// Home is the user's home folder.
	Home string
	// Env looks up a variable; the tools have some of their own. Required.
	Env func(string) string
	// Ask gets the passphrase of the tool's folder of encrypted files from a
	// person, where no variable of the tool gives it. It is called at most once.
	Ask func(folder string) (creds.Secret, error)
	// Known tells the names that may be a key's: a password store may belong
	// to other programs, too, and only what is Known is decrypted.
	Known func(name string) bool
}

// Tool is the store of another tool, which is only read.
type Tool struct {
	name, backend string
	setup         toolSetup
	store         keyring.Keyring
	options       ToolOptions
	// passphrase is that of the file backend, once it is known.
	passphrase creds.Secret
	asked      bool
	names      []string
}

// toolSetup is how a tool opens github.com/99designs/keyring.
type toolSetup struct {
	config keyring.Config
	// backend is the one that the user chose, or empty.
	backend string
	// variable has the passphrase of the file backend, where the tool has one.
	variable string
	// listing and removal are the tool's own commands.
	listing, removal string
	// session tells the items that are no long-lived keys by their names.
	session func(name string) bool
}

// Tools returns the names of the tools whose keys OpenTool finds.
func Tools() []string { return []string{awsVault, granted} }

// toolBackends are looked into in this order, unless the user chose one. keyctl
// is not among them: the tools cannot use it.
func toolBackends() []string {
	return []string{winCred, keychain, secretService, kwallet, pass, file}
}

// OpenTool finds the store in which a tool keeps long-lived keys. It writes
// nothing. Where there is none the error is fault.NoCredentials.
func OpenTool(ctx context.Context, name string, o ToolOptions) (*Tool, error) {
	setup, err := setupOf(name, o)
	if err != nil {
		return nil, err
	}
	backends := toolBackends()
	if setup.backend != "" {
		backends = []string{setup.backend}
	}
	t := &Tool{name: name, setup: setup, options: o}
	for _, backend := range backends {
		if err := t.open(ctx, backend); err != nil && setup.backend != "" {
			return nil, err
		}
		if len(t.names) > 0 {
			return t, nil
		}
	}
	return nil, fault.New(fault.NoCredentials, "%s has no long-lived key here: looked in %s", name, strings.Join(backends, ", ")).
		Fix("see what `%s` lists; a store that it was told to use has to be told here in the same way", setup.listing)
}

// Removal is the tool's own command that removes a key.
func (t *Tool) Removal() string { return t.setup.removal }

// setupOf is what a tool was told by its user.
func setupOf(name string, o ToolOptions) (toolSetup, error) {
	switch name {
	case awsVault:
		return awsVaultSetup(o), nil
	case granted:
		return grantedSetup(o), nil
	}
	return toolSetup{}, fault.New(fault.InvalidValue, "the keys of %q cannot be read", name).Fix("name one of: %s", strings.Join(Tools(), ", "))
}

// open opens a backend and lists what may be a key in it.
func (t *Tool) open(ctx context.Context, backend string) error {
	t.names = nil
	if err := t.usable(backend); err != nil {
		return fault.New("", "the %s store of %s cannot be used: %s", backend, t.name, err).Fix("choose another the way that %s is told", t.name).Because(err)
	}
	config := t.setup.config
	config.FilePasswordFunc = func(string) (string, error) { return t.passphrase.Reveal(), nil }
	store, err := openStore(ctx, backend, personTime, config)
	if err != nil {
		return t.failed(backend, err)
	}
	t.store, t.backend = limited{ctx: ctx, store: store, backend: backend, limit: personTime}, backend
	names, err := t.store.Keys()
	if err != nil {
		return t.failed(backend, err)
	}
	t.names = slices.DeleteFunc(names, func(name string) bool {
		return t.setup.session(name) || backend == pass && t.setup.config.PassPrefix == "" && !t.options.Known(name)
	})
	slices.Sort(t.names)
	return nil
}

func (t *Tool) failed(backend string, err error) error {
	if final(err) {
		return err
	}
	return fault.New("", "the %s store of %s cannot be read%s", backend, t.name, reason(err)).Fix("see that %s itself can read it", t.name).Because(err)
}

// usable says why there can be nothing in a backend; the library would make
// the folder of the file backend.
func (t *Tool) usable(backend string) error {
	switch backend {
	case file:
		if info, err := os.Stat(t.setup.config.FileDir); err != nil || !info.IsDir() {
			return unusable("there is no folder " + t.setup.config.FileDir)
		}
		return nil
	case pass:
		return t.usablePass()
	}
	if !slices.Contains(toolBackends(), backend) || !present(backend) {
		return unusable("this machine has none")
	}
	return nil
}

func (t *Tool) usablePass() error {
	if _, err := exec.LookPath(t.setup.config.PassCmd); err != nil {
		return unusable("the program pass is not installed")
	}
	if _, err := os.Stat(filepath.Join(t.setup.config.PassDir, ".gpg-id")); err != nil {
		return unusable("no password store in " + t.setup.config.PassDir)
	}
	return nil
}

// Backend returns the name of the store in which the tool's keys are.
func (t *Tool) Backend() string { return t.backend }

// Names returns the names of the tool's keys, sorted. In a store that shows
// names only, some may turn out not to be one.
func (t *Tool) Names() []string { return t.names }

// Key returns the long-lived key of that name. What is another thing is
// ErrDamaged, what is not there ErrNotFound.
func (t *Tool) Key(name string) (creds.Credentials, error) {
	if err := t.unlock(); err != nil {
		return creds.Credentials{}, err
	}
	item, err := t.store.Get(name)
	switch {
	case errors.Is(err, keyring.ErrKeyNotFound):
		return creds.Credentials{}, ErrNotFound
	case err != nil && isSyntax(err):
		return creds.Credentials{}, ErrDamaged
	case err != nil && t.backend == file && !final(err):
		return creds.Credentials{}, fault.New("", "the passphrase does not open what %s keeps in %s, or the item is damaged", t.name, t.setup.config.FileDir).
			In(name).Fix("try again with the passphrase of %s", t.name).Because(ErrWrongPassphrase)
	case err != nil:
		return creds.Credentials{}, t.failed(t.backend, err)
	}
	return toolKey(item.Data)
}

// toolKey reads the AWS SDK's credentials value, as both tools store it.
func toolKey(data []byte) (creds.Credentials, error) {
	var key struct{ AccessKeyID, SecretAccessKey, SessionToken string }
	if json.Unmarshal(data, &key) != nil {
		return creds.Credentials{}, ErrDamaged
	}
	c := creds.Credentials{AccessKeyID: key.AccessKeyID, SecretAccessKey: creds.Secret(key.SecretAccessKey), SessionToken: creds.Secret(key.SessionToken)}
	if !c.Complete() || c.Temporary() {
		return creds.Credentials{}, ErrDamaged
	}
	return c, nil
}

// unlock gets the passphrase of the file backend, once.
func (t *Tool) unlock() error {
	if t.backend != file || t.asked {
		return nil
	}
	t.asked = true
	if given := t.options.Env(t.setup.variable); t.setup.variable != "" && given != "" {
		t.passphrase = creds.Secret(given)
		return nil
	}
	var err error
	t.passphrase, err = t.options.Ask(t.setup.config.FileDir)
	if err == nil && t.passphrase == "" {
		err = fault.New("", "the passphrase of %s is empty", t.name).Fix("type it, and press Enter")
	}
	return err
}
