package cmd

import (
	"context"
	"io/fs"
	"os"

	"assume-role/internal/profile"
)

// modes: who else can read keys, or get at what this tool keeps. That others can
// write one of the AWS files is config's finding.
func (x *examination) modes(ctx context.Context) []finding {
	files, err := x.app.files()
	if err != nil {
		return []finding{failing(err)}
	}
	if x.app.host.GOOS == "windows" {
		return []finding{fine("the folders' access lists keep others out")}
	}
	var found []finding
	for _, file := range x.withKeys(files) {
		if mode, open := openToOthers(file.Path); open {
			found = append(found, warning("chmod 600 "+file.Path, "others can read %s (mode %04o)", file.Path, mode))
		}
	}
	for _, dir := range x.ownFolders(ctx) {
		if info, err := os.Stat(dir); err == nil && info.IsDir() && info.Mode().Perm()&0o077 != 0 {
			found = append(found, warning("chmod 700 "+dir, "others can open the folder %s (mode %04o)", dir, info.Mode().Perm()))
		}
	}
	if found == nil {
		return []finding{fine("nobody else can read keys in the AWS files")}
	}
	return found
}

// ownFolders are those of the state and of the stores that are folders.
func (x *examination) ownFolders(ctx context.Context) []string {
	var folders []string
	if dirs, err := x.app.places(); err == nil {
		folders = append(folders, dirs.state)
	}
	for _, ring := range x.quietRings(ctx) {
		if dir := ring.Folder(); dir != "" {
			folders = append(folders, dir)
		}
	}
	return folders
}

// withKeys are the files that should be private: the credentials file, and
// the config file if there are keys in it.
func (x *examination) withKeys(files profile.Files) []profile.File {
	config := x.parsed()
	if config == nil {
		return []profile.File{files.Credentials, files.Config}
	}
	for _, name := range config.Names() {
		if section, _ := config.Profile(name); section != nil {
			if secret, _ := section.Get("aws_secret_access_key"); secret.Origin.File == "config" {
				return []profile.File{files.Credentials, files.Config}
			}
		}
	}
	return []profile.File{files.Credentials}
}

// openToOthers reports whether the group or others can read a file.
func openToOthers(path string) (fs.FileMode, bool) {
	info, err := os.Stat(path)
	if err != nil || !info.Mode().IsRegular() {
		return 0, false
	}
	return info.Mode().Perm(), info.Mode().Perm()&0o044 != 0
}
