package keystore

import (
	"encoding/json"

	"github.com/99designs/keyring"
	"github.com/godbus/dbus"
)

// More names of the Secret Service API.
const (
	secretsItem   = "org.freedesktop.Secret.Item"
	secretsPrompt = "org.freedesktop.Secret.Prompt"
	nothingThere  = dbus.ObjectPath("/")
)

// secrets are the items of one collection, as github.com/99designs/keyring
// writes them: the attribute "profile" and the label are an item's name, and its
// secret is the item in JSON. It makes no collection.
type secrets struct {
	conn    *dbus.Conn
	session dbus.ObjectPath
	// collection is empty where there is none.
	collection dbus.ObjectPath
}

// secret is a secret as the service sends it, in plain text: the bus is this
// user's own.
type secret struct {
	Session     dbus.ObjectPath
	Parameters  []byte
	Value       []byte
	ContentType string
}

// openCollection begins a session with the service.
func openCollection(path dbus.ObjectPath) (secrets, error) {
	conn, err := sessionBus()
	if err != nil {
		return secrets{}, err
	}
	var output dbus.Variant
	s := secrets{conn: conn, collection: path}
	err = s.service().Call(secretsService+".OpenSession", 0, "plain", dbus.MakeVariant("")).Store(&output, &s.session)
	return s, err
}

// openNamedCollection opens a collection by the name at the end of its path.
func openNamedCollection(name string) (secrets, error) {
	s, err := openCollection("")
	if err != nil {
		return s, err
	}
	all, err := property(s.service(), secretsService, "Collections")
	if err != nil {
		return s, err
	}
	paths, _ := all.Value().([]dbus.ObjectPath)
	for _, path := range paths {
		if unescapePath(string(path)) == collectionRoot+name {
			s.collection = path
		}
	}
	return s, nil
}

func (s secrets) service() dbus.BusObject { return s.conn.Object(secretsBus, secretsPath) }

// Get returns the item; one that stayed locked is ErrLocked.
func (s secrets) Get(name string) (keyring.Item, error) {
	found, err := s.find(name)
	if err != nil {
		return keyring.Item{}, err
	}
	if found == "" {
		return keyring.Item{}, keyring.ErrKeyNotFound
	}
	var got secret
	err = s.unlocking(found, func() error {
		return s.conn.Object(secretsBus, found).Call(secretsItem+".GetSecret", 0, s.session).Store(&got)
	})
	if err != nil {
		return keyring.Item{}, err
	}
	return written(got.Value)
}

// written is the item that a text holds.
func written(text []byte) (item keyring.Item, err error) {
	err = json.Unmarshal(text, &item)
	return item, err
}

// GetMetadata has none to give.
func (s secrets) GetMetadata(string) (keyring.Metadata, error) {
	return keyring.Metadata{}, keyring.ErrMetadataNeedsCredentials
}

// Set writes the item in the place of one of that name.
func (s secrets) Set(item keyring.Item) error {
	text, err := json.Marshal(item)
	if err != nil {
		return err
	}
	properties := map[string]dbus.Variant{
		secretsItem + ".Label":      dbus.MakeVariant(item.Key),
		secretsItem + ".Attributes": dbus.MakeVariant(attributes(item.Key)),
	}
	var made, prompt dbus.ObjectPath
	err = s.unlocking(s.collection, func() error {
		return s.conn.Object(secretsBus, s.collection).
			Call(secretsCollection+".CreateItem", 0, properties, secret{s.session, []byte{}, text, "application/json"}, true).Store(&made, &prompt)
	})
	if err != nil {
		return err
	}
	return s.answered(prompt)
}

// Remove removes the item; one that is not there is no error.
func (s secrets) Remove(name string) error {
	found, err := s.find(name)
	if err != nil || found == "" {
		return err
	}
	var prompt dbus.ObjectPath
	err = s.unlocking(found, func() error {
		return s.conn.Object(secretsBus, found).Call(secretsItem+".Delete", 0).Store(&prompt)
	})
	if err != nil {
		return err
	}
	return s.answered(prompt)
}

// Keys lists the labels of all items, which for ours are their names.
func (s secrets) Keys() ([]string, error) {
	if s.collection == "" {
		return nil, nil
	}
	collection := s.conn.Object(secretsBus, s.collection)
	if locked, err := property(collection, secretsCollection, "Locked"); err != nil {
		return nil, err
	} else if locked.Value() == true {
		if err := s.unlock(s.collection); err != nil {
			return nil, err
		}
	}
	all, err := property(collection, secretsCollection, "Items")
	if err != nil {
		return nil, err
	}
	paths, _ := all.Value().([]dbus.ObjectPath)
	var names []string
	for _, path := range paths {
		// Another program may have removed the item since.
		if label, err := property(s.conn.Object(secretsBus, path), secretsItem, "Label"); err == nil {
			name, _ := label.Value().(string)
			names = append(names, name)
		}
	}
	return names, nil
}

func attributes(name string) map[string]string { return map[string]string{"profile": name} }

// find is the first item of that name; empty where there is none.
func (s secrets) find(name string) (dbus.ObjectPath, error) {
	if s.collection == "" {
		return "", nil
	}
	var found []dbus.ObjectPath
	err := s.unlocking(s.collection, func() error {
		return s.conn.Object(secretsBus, s.collection).Call(secretsCollection+".SearchItems", 0, attributes(name)).Store(&found)
	})
	if err != nil || len(found) == 0 {
		return "", err
	}
	return found[0], nil
}
