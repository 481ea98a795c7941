package keystore

import (
	"context"
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/99designs/keyring"
	"github.com/godbus/dbus"
)

// Names of the Secret Service API,
// https://specifications.freedesktop.org/secret-service/latest/.
const (
	secretsBus        = "org.freedesktop.secrets"
	secretsPath       = "/org/freedesktop/secrets"
	secretsService    = "org.freedesktop.Secret.Service"
	secretsCollection = "org.freedesktop.Secret.Collection"
	collectionRoot    = secretsPath + "/collection/"
)

// collection is where the user's own items are kept.
type collection struct {
	name   string // as the library wants it: the decoded end of its path
	locked bool
}

// probeSecretService needs a service with a default collection. Whether that
// is locked does not matter: it can be unlocked.
func probeSecretService(ctx context.Context, _ Options) error {
	_, err := defaultCollection(ctx)
	return err
}

// openSecretService opens the default collection and makes none. A locked one
// is unlocked by the service's own dialog, if there is a desktop to show it.
func openSecretService(ctx context.Context, o Options) (opened, error) {
	found, err := defaultCollection(ctx)
	if err != nil {
		return opened{}, err
	}
	limit := answerTime
	if found.locked {
		if limit = patience(o); limit == answerTime {
			return opened{}, ErrLocked
		}
	}
	store, err := openLibrary(ctx, secretService, answerTime, keyring.Config{
		ServiceName: o.ServiceName, LibSecretCollectionName: found.name,
	})
	if err != nil {
		return opened{}, err
	}
	ours := checked{Keyring: secrets{Keyring: store, collection: found.name}, prefix: o.ServiceName + ":"}
	return opened{store: limited{ctx: ctx, store: ours, backend: secretService, limit: limit}}, nil
}

// secrets is the library's store with its habits mended.
type secrets struct {
	keyring.Keyring
	collection string
}

// Get returns the item; one that stayed locked is ErrLocked.
func (s secrets) Get(name string) (keyring.Item, error) {
	item, err := s.Keyring.Get(name)
	return item, stayedLocked(err)
}

// Set writes the item, unless the collection has gone since it was opened: the
// library would then make one, with a password nobody knows of.
func (s secrets) Set(item keyring.Item) error {
	found, err := findCollection()
	if err != nil {
		return err
	}
	if found.name != s.collection {
		return unusable("its default collection has changed")
	}
	return stayedLocked(s.Keyring.Set(item))
}

// Remove removes the item.
func (s secrets) Remove(name string) error { return stayedLocked(s.Keyring.Remove(name)) }

// stayedLocked recognises that nobody answered the unlock dialog, or that it
// was dismissed, which the library does not look at.
func stayedLocked(err error) error {
	if err != nil && isDBus(err, ".IsLocked") {
		return fmt.Errorf("%w: %w", ErrLocked, err)
	}
	return err
}

// defaultCollection finds the collection within the time limit.
func defaultCollection(ctx context.Context) (collection, error) {
	return within(ctx, secretService, answerTime, findCollection)
}

// findCollection asks for the alias "default", then for the collection that
// gnome-keyring names "login".
func findCollection() (collection, error) {
	conn, err := sessionBus()
	if err != nil {
		return collection{}, err
	}
	var path dbus.ObjectPath
	service := conn.Object(secretsBus, secretsPath)
	if err := service.Call(secretsService+".ReadAlias", 0, "default").Store(&path); err != nil {
		return collection{}, unusable("no program on D-Bus answers for " + secretsBus)
	}
	if path == "/" {
		path = collectionRoot + "login"
	}
	locked, err := property(conn.Object(secretsBus, path), secretsCollection, "Locked")
	if err != nil {
		return collection{}, unusable("its service has no default collection")
	}
	name, ok := strings.CutPrefix(unescapePath(string(path)), collectionRoot)
	if !ok {
		return collection{}, unusable("its default collection is not below " + collectionRoot)
	}
	state, _ := locked.Value().(bool)
	return collection{name: name, locked: state}, nil
}

// unescapePath undoes how services write names as D-Bus object paths: "_"
// followed by two hexadecimal digits. A path with another "_" stays as it is.
func unescapePath(path string) string {
	parts := strings.Split(path, "_")
	out := parts[0]
	for _, part := range parts[1:] {
		if len(part) < 2 {
			return path
		}
		c, err := hex.DecodeString(part[:2])
		if err != nil {
			return path
		}
		out += string(c) + part[2:]
	}
	return out
}
