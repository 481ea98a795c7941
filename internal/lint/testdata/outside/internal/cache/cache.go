package cache

import (
	_ "net/http"

	_ "github.com/spf13/viper" // want "does not give it"
)
