package profile

// Nearest returns at most n profile names that a user may have meant by name,
// the likeliest first.
func (c *Config) Nearest(name string, n int) []string { return nil }
