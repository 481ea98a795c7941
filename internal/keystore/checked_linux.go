package keystore

import (
	"strings"

	"github.com/99designs/keyring"
)

// checked keeps this tool's items apart in a store that other programs use,
// and refuses an item that was written under another name.
type checked struct {
	keyring.Keyring
	prefix string
}

// Get returns the item, which must name itself.
func (c checked) Get(name string) (keyring.Item, error) {
	item, err := c.Keyring.Get(c.prefix + name)
	if err != nil {
		return keyring.Item{}, err
	}
	if item.Key != c.prefix+name {
		return keyring.Item{}, ErrDamaged
	}
	item.Key = name
	return item, nil
}

// Set writes the item under its name with the prefix.
func (c checked) Set(item keyring.Item) error {
	item.Key = c.prefix + item.Key
	item.Label = item.Key
	return c.Keyring.Set(item)
}

// Remove removes the item of that name.
func (c checked) Remove(name string) error { return c.Keyring.Remove(c.prefix + name) }

// Keys lists the names of our own items, without the prefix.
func (c checked) Keys() ([]string, error) {
	all, err := c.Keyring.Keys()
	if err != nil {
		return nil, err
	}
	var ours []string
	for _, key := range all {
		if name, ok := strings.CutPrefix(key, c.prefix); ok {
			ours = append(ours, name)
		}
	}
	return ours, nil
}
