package keystore

// childrenOf lists the children that exist on this system.
func childrenOf() map[string]func() error {
	return map[string]func() error{
		"waiting": readWaiting,
		"keyctl":  useKernelStore,
		"writer":  writeForEver,
		"rekey":   changeForEver,
		"quota":   fillQuota,
	}
}
