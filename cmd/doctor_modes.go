package cmd

import (
	"context"
	"io/fs"
	"os"

	"assume-role/internal/profile"
)

// modes: who else can read keys. That others can write one of the files is
// config's finding.
func (x *examination) modes(context.Context) []finding {
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
	if found == nil {
		return []finding{fine("nobody else can read keys in the AWS files")}
	}
	return found
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
