package assume

import "assume-role/internal/profile"

// saml is a SAML assertion for a role.
func saml() source { return unsupported(profile.SAML) }
