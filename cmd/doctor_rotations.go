package cmd

import (
	"context"

	"assume-role/internal/iamkeys"
)

// rotations: those of keys that did not end. Nothing is lost by it, but the user
// may have two keys at IAM.
func (x *examination) rotations(context.Context) []finding {
	profiles, err := iamkeys.AllUnfinished(x.app.rotationsPath())
	switch {
	case err != nil:
		return []finding{failing(err)}
	case len(profiles) == 0:
		return []finding{fine("no rotation of a key was interrupted")}
	}
	var found []finding
	for _, name := range profiles {
		found = append(found, warning("assume-role rotate "+name, "the rotation of the key of profile %q is unfinished", name))
	}
	return bounded(found, "key")
}
