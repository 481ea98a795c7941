package cache

import _ "assume-role/internal/awsfake"
