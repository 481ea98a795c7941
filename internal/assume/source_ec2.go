package assume

import "assume-role/internal/profile"

// instance is the EC2 instance that this runs on.
func instance() source { return unsupported(profile.EC2) }
