package assume

import "assume-role/internal/profile"

// singleSignOn is a role of IAM Identity Center.
func singleSignOn() source { return unsupported(profile.SSO) }
