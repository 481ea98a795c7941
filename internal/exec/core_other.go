//go:build !linux

package exec

// NoCoreFile does nothing here: the limit that other systems have for core
// files would be the command's, too.
func NoCoreFile() {}
