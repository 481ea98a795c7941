package login

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"assume-role/internal/fault"
	"assume-role/internal/securefile"
)

// SignOut removes the session's file, and reports whether there was one. AWS
// is told nothing: it has no call for that, and credentials that were handed
// out last until their end, at most Longest.
func (s *Session) SignOut(ctx context.Context) (bool, error) {
	lock, err := s.lock(ctx, s.refreshing())
	if err != nil {
		return false, err
	}
	defer lock.Release()
	return s.remove()
}

func (s *Session) remove() (bool, error) {
	switch err := securefile.Remove(s.path()); {
	case err == nil:
		return true, nil
	case errors.Is(err, fs.ErrNotExist):
		return false, nil
	default:
		return false, s.fail("", "the session could not be removed: %v", securefile.Cause(err)).
			Fix("make %s writable", s.Folder).Because(err)
	}
}

// SignOutAll removes every session of the folder, whoever's it is, and returns
// how many there were.
func (s *Session) SignOutAll(ctx context.Context) (int, error) {
	files, err := kept(s.Folder)
	if err != nil {
		return 0, err
	}
	gone := 0
	for _, file := range files {
		one := *s
		one.file = file
		was, err := one.SignOut(ctx)
		if err != nil {
			return gone, err
		}
		if was {
			gone++
		}
	}
	return gone, nil
}

// kept lists the files of sessions in a folder, by the AWS CLI's rule: JSON
// whose accessToken holds an accessKeyId. Links and what else lies there are
// left out; a folder that is missing holds none.
func kept(folder string) ([]string, error) {
	entries, err := os.ReadDir(folder)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fault.New(fault.FileUnreadable, "%s cannot be read: %v", folder, securefile.Cause(err)).
			Fix("make it a folder that you can read").Because(err)
	}
	var files []string
	for _, entry := range entries {
		path := filepath.Join(folder, entry.Name())
		if entry.Type().IsRegular() && strings.HasSuffix(entry.Name(), ".json") && isSession(path) {
			files = append(files, path)
		}
	}
	return files, nil
}

func isSession(path string) bool {
	var file struct {
		AccessToken struct {
			AccessKeyID *json.RawMessage `json:"accessKeyId"`
		} `json:"accessToken"`
	}
	text, err := securefile.Read(path, limit)
	return err == nil && json.Unmarshal(text, &file) == nil && file.AccessToken.AccessKeyID != nil
}
