package cache

import (
	_ "assume-role/internal/awsfake" // want "not of a lower rank"
	_ "assume-role/internal/creds"
	_ "assume-role/internal/nowhere" // want "has no rank"
)
