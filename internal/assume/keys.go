package assume

import "assume-role/internal/profile"

// Keys returns the cache keys of the sessions of a chain, innermost first, as
// Credentials would look for them: for clearing, and for telling what is
// cached. The first is the source's own, where its sessions are kept as well.
// It calls nothing, and opens no keyring.
func (a *Assumer) Keys(chain *profile.Chain) ([]string, error) {
	w, err := a.start(chain)
	if err != nil {
		return nil, err
	}
	if w.keepsSource() {
		return w.keys, nil
	}
	return w.keys[1:], nil
}
