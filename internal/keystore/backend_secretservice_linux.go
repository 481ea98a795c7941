package keystore

import (
	"context"
	"encoding/hex"
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
	path   dbus.ObjectPath
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
	store, err := within(ctx, secretService, answerTime, func() (secrets, error) { return openCollection(found.path) })
	if err != nil {
		return opened{}, err
	}
	ours := checked{Keyring: guarded{store}, prefix: o.ServiceName + ":"}
	return opened{store: limited{ctx: ctx, store: ours, backend: secretService, limit: limit}}, nil
}

// guarded writes only while the default collection is the one that was opened:
// else nobody would find the item again.
type guarded struct{ secrets }

// Set writes the item.
func (g guarded) Set(item keyring.Item) error {
	found, err := findCollection()
	if err != nil {
		return err
	}
	if found.path != g.collection {
		return unusable("its default collection has changed")
	}
	return g.secrets.Set(item)
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
	state, _ := locked.Value().(bool)
	return collection{path: path, locked: state}, nil
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
