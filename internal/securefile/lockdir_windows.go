package securefile

import (
	"path/filepath"

	"golang.org/x/sys/windows"
)

// LockDir makes and returns the one folder for this user's locks. It does not
// depend on variables, so that two processes of one user always meet: it is
// assume-role\locks in the folder that Windows calls LocalAppData.
func LockDir() (string, error) {
	local, err := windows.KnownFolderPath(windows.FOLDERID_LocalAppData, 0)
	if err != nil {
		return "", err
	}
	dir := filepath.Join(local, "assume-role", "locks")
	return dir, MkdirPrivate(dir)
}
