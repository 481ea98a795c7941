package assume

import "assume-role/internal/profile"

// environment is a key pair in the caller's variables (AWS_ACCESS_KEY_ID and
// its companions), which the chain already carries.
func environment() source {
	return source{kind: profile.Environment, identity: keysIdentity, credentials: lasting(carried)}
}
