package keystore

import (
	"os"
	"path/filepath"
	"strings"
)

// sweep deletes what writers that were killed have left: files on their way to
// an item's place. The folder is locked, so that nobody is at work on one. It is
// tidiness: its failures do not matter.
func (f *fileStore) sweep() {
	entries, err := os.ReadDir(f.dir)
	if err != nil {
		return
	}
	for _, entry := range entries {
		if torn(entry.Name()) {
			_ = os.Remove(filepath.Join(f.dir, entry.Name()))
		}
	}
}

// torn tells by its name a file that securefile.Write has not put in place.
func torn(name string) bool {
	item, number, ok := strings.Cut(name, itemSuffix+".tmp")
	return ok && strings.HasPrefix(item, ".") && number != "" && strings.Trim(number, "0123456789") == ""
}
