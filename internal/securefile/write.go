// Package securefile writes files that only their owner may read, whole or
// not at all, reads small ones without ever waiting, and holds locks between
// processes that die with their holder.
//
// Modes are Unix's: on Windows a file inherits the access list of its folder,
// which for the folders of a user's profile is that user's alone.
package securefile

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

const (
	fileMode = 0o600
	dirMode  = 0o700
)

// abandoned is the age at which another writer's temporary file is taken for
// the remains of one that was killed: far more than a write ever takes.
const abandoned = 10 * time.Minute

// Write makes data the content of path: after it returns, or after a crash or
// a kill at any moment, the file holds either all of data or what it held
// before. The file is new, with mode 0600, so that a symbolic link at path is
// replaced, never followed. The folder must exist. On failure nothing is left
// behind; what a killed Write of the same path left is cleared away.
func Write(path string, data []byte) error { return write(path, data, private, syncDir) }

// WriteWhole is Write for what can be had again, such as a session. It is as
// whole after a kill or a crash, but a crash of the machine soon afterwards may
// bring back what the file held before: the folder is not waited for, which is
// half of the time that a write takes.
func WriteWhole(path string, data []byte) error {
	return write(path, data, private, func(string) error { return nil })
}

// private gives a new file the rights of a secret.
func private(temp *os.File) error { return temp.Chmod(fileMode) }

// ErrForeign says that a file belongs to another user, so that it cannot be
// replaced by one that does.
var ErrForeign = errors.New("it belongs to another user")

// Replace is Write for a file that is not this program's own: the new one has
// the mode and the owner of the old one, which info describes. Where the group
// cannot be kept, the group's rights go.
func Replace(path string, data []byte, info fs.FileInfo) error {
	return write(path, data, func(temp *os.File) error { return dress(temp, info) }, syncDir)
}

// write makes a new file, which is private until it is whole and dressed in its
// rights, and puts it in path's place, which last makes durable in a folder.
func write(path string, data []byte, dress func(*os.File) error, last func(dir string) error) error {
	dir, base := filepath.Split(path)
	if dir == "" {
		dir = "."
	}
	temp, err := os.CreateTemp(dir, tempPrefix(base))
	if err != nil {
		return err
	}
	removeAbandoned(temp, dir, base)
	if err := commit(temp, path, data, dress, last); err != nil {
		return errors.Join(err, ignoreMissing(os.Remove(temp.Name())))
	}
	return nil
}

// commit fills temp and puts it in path's place.
func commit(temp *os.File, path string, data []byte, dress func(*os.File) error, last func(dir string) error) error {
	if err := fill(temp, data, dress); err != nil {
		return err
	}
	if err := replace(temp.Name(), path); err != nil {
		return err
	}
	return last(filepath.Dir(path))
}

// fill writes data to the disk, not just to the system, and closes the file.
func fill(temp *os.File, data []byte, dress func(*os.File) error) error {
	_, err := temp.Write(data)
	if err == nil {
		err = dress(temp)
	}
	if err == nil {
		err = temp.Sync()
	}
	return errors.Join(err, temp.Close())
}

// tempPrefix is how temporary files of base start; os.CreateTemp adds digits.
func tempPrefix(base string) string { return "." + base + ".tmp" }

// removeAbandoned deletes old temporary files of base. Ages are differences
// to the modification time of temp, which is new: both are the file system's
// clock. It is tidiness: its failures do not matter.
func removeAbandoned(temp *os.File, dir, base string) {
	fresh, err := temp.Stat()
	if err != nil {
		return
	}
	for _, name := range namesIn(dir) {
		if path := filepath.Join(dir, name); isTemp(name, base) && olderThan(path, fresh.ModTime().Add(-abandoned)) {
			_ = os.Remove(path)
		}
	}
}

// namesIn lists a folder in no order, which costs a write less than os.ReadDir.
func namesIn(dir string) []string {
	folder, err := os.Open(dir)
	if err != nil {
		return nil
	}
	defer folder.Close()
	names, _ := folder.Readdirnames(-1) // what it could not list stays until the next write
	return names
}

// Remove deletes a file, and what writes of it that were cut short have left:
// it holds the same secrets. Whoever calls it keeps others from writing the
// file meanwhile. The error is os.Remove's, of the file itself.
func Remove(path string) error {
	dir, base := filepath.Dir(path), filepath.Base(path)
	entries, _ := os.ReadDir(dir) // the error is that of the file, then
	for _, entry := range entries {
		if isTemp(entry.Name(), base) && entry.Type().IsRegular() {
			_ = os.Remove(filepath.Join(dir, entry.Name())) // the next write tries again
		}
	}
	return os.Remove(path)
}

func isTemp(name, base string) bool {
	digits, ok := strings.CutPrefix(name, tempPrefix(base))
	return ok && digits != "" && strings.Trim(digits, "0123456789") == ""
}

func olderThan(path string, limit time.Time) bool {
	info, err := os.Lstat(path)
	return err == nil && info.Mode().IsRegular() && info.ModTime().Before(limit)
}

// Move puts the file or folder at from in the place of to, in one step, and
// makes that last. A file at to is replaced; a folder at to must not exist.
// Both lie in one file system.
func Move(from, to string) error {
	if err := replace(from, to); err != nil {
		return err
	}
	return syncDir(filepath.Dir(to))
}

func ignoreMissing(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// MkdirPrivate makes dir, and its parents where they are missing, with mode
// 0700. A folder that exists already keeps its mode: it may be one that the
// user chose and shares, such as /tmp, and what Write puts there is private
// by its own mode.
func MkdirPrivate(dir string) error {
	if err := os.MkdirAll(dir, dirMode); err != nil {
		return err
	}
	info, err := os.Stat(dir)
	if err != nil {
		return err
	}
	if !info.IsDir() {
		return fmt.Errorf("%s is not a folder", dir)
	}
	return nil
}
