//go:build !windows

package exec

// Barest returns the spelling of a path that needs the least quoting: here the
// path.
func Barest(path string) string { return path }
