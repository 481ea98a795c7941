package assume

import "assume-role/internal/profile"

// webIdentity is an OpenID Connect token for a role.
func webIdentity() source { return unsupported(profile.WebIdentity) }
