package cache

import "os"

func tests() { os.Exit(1) }
