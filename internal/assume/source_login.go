package assume

import "assume-role/internal/profile"

// login is a session of `aws login`.
func login() source { return unsupported(profile.Login) }
