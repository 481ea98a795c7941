package creds

import (
	"fmt"

	_ "assume-role/internal/cache" // want "not of a lower rank"
	_ "assume-role/internal/fault" // want "not of a lower rank"
)

var _ = fmt.Sprint
