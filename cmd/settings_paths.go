package cmd

import (
	"errors"
	"os"
	"path/filepath"
)

// path is the setter of a folder or file. One relative to wherever a command
// is run would be another one each time.
func path(at func(*Settings) *string) func(*Settings, string) error {
	return func(s *Settings, v string) error {
		if _, home := afterTilde(v); v != "" && !home && !filepath.IsAbs(v) {
			return errors.New("must be an absolute path, or begin with ~/")
		}
		*at(s) = v
		return nil
	}
}

// afterTilde returns what follows ~/ in a path.
func afterTilde(path string) (rest string, ok bool) {
	if len(path) > 1 && path[0] == '~' && os.IsPathSeparator(path[1]) {
		return path[2:], true
	}
	return "", false
}

// inHome puts the home folder in place of a leading ~.
func (k KeyringSettings) inHome(home string) KeyringSettings {
	for _, at := range []*string{&k.FileDir, &k.FilePassphraseFile, &k.PassDir} {
		if rest, ok := afterTilde(*at); ok {
			*at = filepath.Join(home, rest)
		}
	}
	return k
}
