package securefile

import (
	"errors"
	"io/fs"
	"os"
	"time"

	"golang.org/x/sys/windows"
)

// replaceTries and replacePause bound the wait for readers that have the old
// file open, which Windows does not let anyone replace: two seconds in all.
const (
	replaceTries = 100
	replacePause = 20 * time.Millisecond
)

// dress has nothing to do: a file's access list is that of its folder.
func dress(*os.File, fs.FileInfo) error { return nil }

// replace renames temp to path (MoveFileEx with MOVEFILE_REPLACE_EXISTING).
func replace(temp, path string) (err error) {
	for range replaceTries {
		if err = os.Rename(temp, path); !busy(err) {
			return err
		}
		time.Sleep(replacePause)
	}
	return err
}

func busy(err error) bool {
	return errors.Is(err, windows.ERROR_SHARING_VIOLATION) || errors.Is(err, windows.ERROR_ACCESS_DENIED)
}

// syncDir has nothing to do: NTFS journals its renames.
func syncDir(string) error { return nil }
