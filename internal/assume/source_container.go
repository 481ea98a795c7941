package assume

import "assume-role/internal/profile"

// container is the container that this runs in.
func container() source { return unsupported(profile.Container) }
