package profile

import "assume-role/internal/nearest"

// suggest words a hint from the profiles whose names are nearest, or gives the
// other advice. Names are looked for once: many profiles may miss the same one.
func (c *Config) suggest(name, otherwise string) string {
	near, ok := c.meant.Load(name)
	if !ok {
		near = nearest.Names(c.Names(), name)
		c.meant.Store(name, near)
	}
	return nearest.Question(near.([]string), otherwise)
}
