package profile

import "strings"

// consoleService is the service that signs browsers in to the console, by the
// name that its endpoint is given under: that of `aws login`, which is at the
// same hosts.
const consoleService = "signin"

// addConsole says how the console's federation endpoint is reached. Without an
// endpoint that was given its host is the partition's own, of the credentials
// that there will be; it has no variants for FIPS or dual-stack.
func addConsole(chain *Chain, override given) error {
	e := chain.STS
	e.Legacy, e.FIPS, e.DualStack = false, false, false
	e.URL = strings.TrimRight(override.Text, "/")
	chain.Services[consoleService] = e
	return checkURL(override)
}
