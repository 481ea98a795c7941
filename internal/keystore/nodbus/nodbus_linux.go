package nodbus

import (
	"os"
	"strconv"
	"strings"
	"sync"
)

// hide names a bus that fails, and returns what was set before.
func hide() (string, bool) {
	address, given := os.LookupEnv(variable)
	// "disabled" is no transport that a D-Bus library knows.
	_ = os.Setenv(variable, "disabled:")
	return address, given
}

// answered is found out once: it takes a round trip.
var answered = sync.OnceValue(func() bool { return !wouldLaunch(original) && answers(original) })

// Answers reports whether the caller's session bus is there and says something:
// whether the D-Bus library may be told to connect to it. It takes a second at
// most.
func Answers() bool { return answered() }

// wouldLaunch reports whether the D-Bus library, given this address, would run
// dbus-launch: it names no bus, and none is where the library looks for one.
func wouldLaunch(address string) bool {
	if address != "" && address != "autolaunch:" {
		return false
	}
	return !exists(folder()+"/bus") && !namesBus(folder()+"/dbus-session")
}

// folder is where the library looks for a bus that no variable names.
func folder() string { return "/run/user/" + strconv.Itoa(os.Getuid()) }

// exists is as generous as the library: a file that cannot be looked at counts.
func exists(path string) bool {
	_, err := os.Stat(path)
	return !os.IsNotExist(err)
}

// namesBus reports whether the file, as Ubuntu 16.04 wrote it, names a bus.
func namesBus(path string) bool {
	data, err := os.ReadFile(path)
	if err != nil {
		return false
	}
	address, found := strings.CutPrefix(string(data), variable+"=")
	return found && strings.TrimRight(address, "\r\n") != ""
}
