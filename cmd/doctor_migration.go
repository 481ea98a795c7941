package cmd

import "assume-role/internal/keystore"

// unfinishedMove: a move of the keys to another store that did not end. Nothing
// is lost by it, but keys may be in both stores.
func (x *examination) unfinishedMove() []finding {
	dirs, err := x.app.places()
	if err != nil {
		return []finding{failing(err)}
	}
	begun, err := keystore.Unfinished(dirs.state)
	switch {
	case err != nil:
		return []finding{failing(err)}
	case begun.From == "":
		return nil
	}
	return []finding{warning("assume-role keyring migrate --to "+begun.To,
		"the move of the keys from %s to %s is unfinished", begun.From, begun.To)}
}
