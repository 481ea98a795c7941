package assume

import "assume-role/internal/profile"

// Keys returns the cache keys of the sessions of a chain, innermost first, as
// Credentials would look for them: for clearing, and for telling what is
// cached. It reads no secret and calls nothing.
func (a *Assumer) Keys(chain *profile.Chain) ([]string, error) {
	w, err := a.start(chain)
	if err != nil {
		return nil, err
	}
	return w.keys[1:], nil
}
