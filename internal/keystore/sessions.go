package keystore

// Sessions is the part of a store that holds sessions between runs. What a
// session looks like is the caller's affair.
type Sessions struct{ ring *Ring }

// Sessions returns the view of the ring's sessions.
func (r *Ring) Sessions() Sessions { return Sessions{r} }

// Get returns the session under that key, ErrNotFound or ErrDamaged.
func (s Sessions) Get(key string) ([]byte, error) {
	return s.ring.Get(itemName(sessionPrefix, key))
}

// Set stores a session, replacing the one under the same key.
func (s Sessions) Set(key string, session []byte) error {
	return s.ring.Set(itemName(sessionPrefix, key), session)
}

// Remove forgets a session. A missing one is no error.
func (s Sessions) Remove(key string) error {
	return s.ring.Remove(itemName(sessionPrefix, key))
}

// Names returns the keys of all sessions in the store, sorted. Keys of more
// than about 190 bytes cannot be told from their item's name and are left out.
func (s Sessions) Names() ([]string, error) {
	items, err := s.ring.Names(sessionPrefix)
	if err != nil {
		return nil, err
	}
	keys := make([]string, 0, len(items))
	for _, item := range items {
		if key, ok := itemText(sessionPrefix, item); ok {
			keys = append(keys, key)
		}
	}
	return keys, nil
}
