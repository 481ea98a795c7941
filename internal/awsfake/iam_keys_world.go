package awsfake

import (
	"slices"
	"strings"
	"time"
)

// Key is a long-lived access key as IAM lists it.
type Key struct {
	ID string
	// Status is Active or Inactive.
	Status  string
	Created time.Time
}

// Keys lists the access keys of a user, the oldest first.
func (f *Fake) Keys(user string) []Key {
	f.world.mu.Lock()
	defer f.world.mu.Unlock()
	var keys []Key
	for _, k := range f.world.keysOf(f.world.user(user).arn) {
		keys = append(keys, Key{k.id, string(k.status.now), k.created})
	}
	return keys
}

// DeleteKey takes a long-lived key away at once; sessions made with it live on.
func (f *Fake) DeleteKey(id string) {
	f.world.mu.Lock()
	defer f.world.mu.Unlock()
	if k := f.world.keys[id]; k != nil {
		k.status.change("", 0)
	}
}

// keysOf lists the long-lived keys of an ARN, the oldest first.
func (w *world) keysOf(arn string) []*accessKey {
	var keys []*accessKey
	for _, k := range w.keys {
		if k.token == "" && k.owner.arn == arn && k.status.now != "" {
			keys = append(keys, k)
		}
	}
	slices.SortFunc(keys, func(a, b *accessKey) int {
		if c := a.created.Compare(b.created); c != 0 {
			return c
		}
		return strings.Compare(a.id, b.id)
	})
	return keys
}
