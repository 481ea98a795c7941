package cmd_test

import _ "time/tzdata" // scripts name time zones, and the machine may have none
