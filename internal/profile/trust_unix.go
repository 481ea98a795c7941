//go:build unix

package profile

import (
	"fmt"
	"io/fs"
	"os"
	"syscall"
)

const writableByOthers = 0o022

func trustOf(info fs.FileInfo) trust {
	if !info.Mode().IsRegular() {
		return trust{}
	}
	if stat, ok := info.Sys().(*syscall.Stat_t); ok && !ownedByUs(stat.Uid) {
		return trust{
			problem: "belongs to another user",
			why:     "the file that names it belongs to another user",
			fix:     "have its owner changed, or use a copy that is yours:",
		}
	}
	if mode := info.Mode().Perm(); mode&writableByOthers != 0 {
		return trust{
			problem: fmt.Sprintf("can be written by others (mode %04o)", mode),
			why:     "others can write the file that names it",
			fix:     "make the file yours alone: chmod go-w",
		}
	}
	return trust{}
}

// ownedByUs counts root, who can run anything as us anyway.
func ownedByUs(uid uint32) bool { return uid == 0 || int(uid) == os.Geteuid() }
