package profile

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"assume-role/internal/fault"
)

// keyInclude names a profile whose settings fill in where this one has none:
// aws-vault's include_profile, which the SDKs do not know.
const keyInclude = "include_profile"

// include fills in what the profile leaves unset from the profile that it
// includes, and from the one which that includes, and so on. Credentials are
// never included: they stay with the profile whose they are.
func (c *Config) include(p *Profile) error {
	if _, ok := p.Get(keyInclude); !ok {
		return nil
	}
	path := []string{p.Name}
	filled := maps.Clone(p.settings)
	for by := p; ; {
		ref, ok := by.Get(keyInclude)
		if !ok {
			p.settings = filled
			return nil
		}
		if err := c.checkInclude(path, ref); err != nil {
			return err.In(p.Name)
		}
		included, err := c.own(ref.Text)
		if err != nil {
			return err
		}
		filled.fillFrom(included.settings)
		path, by = append(path, ref.Text), included
	}
}

// maxIncludes is how many profiles one may go through: far more than anyone
// keeps apart, and few enough to list ten thousand that all go through each
// other.
const maxIncludes = 32

// checkInclude refuses what leads nowhere; path are the profiles on the way.
func (c *Config) checkInclude(path []string, ref Value) *fault.Error {
	switch {
	case slices.Contains(path, ref.Text):
		return fault.New(fault.InfiniteLoop, "include_profile goes round in a circle: %s", cycle(path, ref.Text)).
			At(ref.Origin).Fix("remove one of its include_profile lines")
	case !c.Has(ref.Text):
		return fault.New(fault.ProfileNotFound, "include_profile names %q, which is not a profile", ref.Text).
			At(ref.Origin).Fix("%s", c.suggest(ref.Text, "correct the name"))
	case len(path) > maxIncludes:
		return fault.New(fault.InvalidValue, "include_profile goes through more than %d profiles", maxIncludes).
			At(ref.Origin).Fix("name the last of them")
	}
	return nil
}

// cycle prints the part of the path that repeats: B → C → B.
//
// A long circle loses its middle: the ends are what a person needs.
func cycle(path []string, again string) string {
	const head, tail = 12, 6
	names := append(slices.Clone(path[slices.Index(path, again):]), again)
	if more := len(names) - head - tail; more > 1 {
		names = slices.Replace(names, head, head+more, fmt.Sprintf("… %d more …", more))
	}
	return strings.Join(names, " → ")
}

// fillFrom takes over what is unset or empty, but for credentials.
func (s settings) fillFrom(included settings) {
	for key, value := range included {
		if s[key].Text == "" && !slices.Contains(credentialKeys[:], key) {
			s[key] = value
		}
	}
}
