//go:build unix

package securefile

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
)

// LockDir makes and returns the one folder for this user's locks. It does not
// depend on variables, so that two processes of one user always meet:
// /run/user/UID/assume-role where the login session has made /run/user/UID
// for us, else /tmp/assume-role-UID. The folder is ours alone (mode 0700, our
// own, no link), or LockDir fails.
func LockDir() (string, error) { return lockDir("/run/user", "/tmp", os.Geteuid()) }

func lockDir(run, temp string, uid int) (string, error) {
	id := strconv.Itoa(uid)
	if session := filepath.Join(run, id); isOwn(session, uid) {
		dir, err := ownDir(filepath.Join(session, "assume-role"), uid)
		if !unwritable(err) {
			return dir, err
		}
	}
	return ownDir(filepath.Join(temp, "assume-role-"+id), uid)
}

// unwritable is how a sandbox that shows /run read-only looks.
func unwritable(err error) bool {
	return errors.Is(err, fs.ErrPermission) || errors.Is(err, syscall.EROFS)
}

// ownDir makes dir, or checks that the one that is there cannot have been
// laid by another user.
func ownDir(dir string, uid int) (string, error) {
	info, err := os.Lstat(dir)
	if errors.Is(err, fs.ErrNotExist) {
		if err := os.Mkdir(dir, dirMode); err != nil && !errors.Is(err, fs.ErrExist) {
			return "", err
		}
		info, err = os.Lstat(dir)
	}
	if err != nil {
		return "", err
	}
	if !info.IsDir() || owner(info) != uid {
		return "", fmt.Errorf("%s is not a folder of user %d: remove it", dir, uid)
	}
	if info.Mode().Perm() != dirMode {
		if err := os.Chmod(dir, dirMode); err != nil {
			return "", err
		}
	}
	return dir, nil
}

// isOwn reports whether dir is a folder, not a link, that only uid can change.
func isOwn(dir string, uid int) bool {
	info, err := os.Lstat(dir)
	return err == nil && info.IsDir() && owner(info) == uid && info.Mode().Perm()&0o022 == 0
}

func owner(info fs.FileInfo) int {
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return -1
	}
	return int(stat.Uid)
}
