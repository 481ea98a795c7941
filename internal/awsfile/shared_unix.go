//go:build unix

package awsfile

import (
	"os"
	"syscall"
)

// Shared reports whether the file has other names (hard links). Save puts a new
// file in its place, so that these keep what was there.
func (f *File) Shared() bool {
	info, err := os.Stat(f.target)
	if err != nil {
		return false
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	return ok && stat.Nlink > 1
}
