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
	for _, kind := range []struct {
		what, folder string
		files        func(folder string) []string
	}{
		{"access tokens of IAM Identity Center", sso, tokenFiles},
		{"sessions of aws login", login, jsonFiles},
		{"role sessions of the AWS CLI", sessions, jsonFiles},
	} {
		if files := kind.files(kind.folder); len(files) > 0 {
			found = append(found, keptBy(kind.what, kind.folder, files))
		}
	}
	if found == nil {
		return []finding{fine("the AWS CLI keeps no tokens")}
	}
	return found
}

// tokenFiles lists the access tokens of a folder, beside which there are files
// without a secret.
func tokenFiles(folder string) []string {
	var files []string
	tokens, _ := clicache.ListTokens(folder) // one that cannot be read holds nothing for anyone
	for _, token := range tokens {
		files = append(files, token.Path)
	}
	return files
}

// jsonFiles lists a folder where every file holds a secret; the empty one, which
// is that of nobody's home, has none.
func jsonFiles(folder string) []string {
	if folder == "" {
		return nil
	}
	files, _ := filepath.Glob(filepath.Join(folder, "*.json"))
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
