//go:build !linux

package keystore

// childrenOf lists the children that exist on this system.
func childrenOf() map[string]func() error {
	return map[string]func() error{"writer": writeForEver, "rekey": changeForEver}
}
