package cache

// ClearRevoked is Clear for sessions that AWS refuses from now on: those of
// f's Roles, Via and Users. What was being made meanwhile is not kept either.
func (c *Cache) ClearRevoked(f Filter) Cleared { return c.Clear(f) }
