package profile

import (
	_ "gopkg.in/ini.v1"
	_ "gopkg.in/ini.v12" // want "does not give it"
)
