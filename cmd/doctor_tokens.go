package cmd

import (
	"context"
	"path/filepath"

	"assume-role/internal/clicache"
)

// plainTokens: what the AWS CLI keeps in plain text, in its own files.
func (x *examination) plainTokens(context.Context) []finding {
	sso, login, err := x.app.signInFolders()
	if err != nil {
		return []finding{failing(err)}
	}
	sessions, err := x.app.awsFolder("cli", "cache")
	if err != nil {
		return []finding{failing(err)}
	}
	var found []finding
	for _, kind := range []struct{ what, folder string }{
		{"access tokens of IAM Identity Center", sso}, {"sessions of aws login", login}, {"role sessions of the AWS CLI", sessions},
	} {
		if files := plainFiles(kind.folder, kind.folder == sso); len(files) > 0 {
			found = append(found, keptBy(kind.what, kind.folder, files))
		}
	}
	if found == nil {
		return []finding{fine("the AWS CLI keeps no tokens")}
	}
	return found
}

// plainFiles lists the files of a folder that hold a secret.
func plainFiles(folder string, tokens bool) []string {
	var files []string
	if tokens {
		list, _ := clicache.ListTokens(folder) // one that cannot be read holds nothing for anyone
		for _, token := range list {
			files = append(files, token.Path)
		}
		return files
	}
	files, _ = filepath.Glob(filepath.Join(folder, "*.json"))
	return files
}

// keptBy says that files are plain text, and warns where others can read one.
func keptBy(what, folder string, files []string) finding {
	for _, file := range files {
		if mode, open := openToOthers(file); open {
			return warning("chmod 600 "+file, "others can read %s (mode %04o), one of the %s", file, mode, what)
		}
	}
	return fine("%s in %s: %d, in plain text, as the AWS CLI keeps them", what, folder, len(files))
}
