// Package clicache knows the AWS CLI's cache of role sessions, the folder
// ~/.aws/cli/cache: which files are its own, which session each one holds,
// and how to remove one. It never writes there and never reads a secret out.
package clicache

import (
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"assume-role/internal/fault"
)

// sizeLimit is far above the size of any session: what is larger is not one.
const sizeLimit = 1 << 20

// File is one session in the AWS CLI's cache.
type File struct {
	// Path is where it lies; its base name is the AWS CLI's key and ".json".
	Path string
	// ARN is the session's own, arn:aws:sts::ACCOUNT:assumed-role/NAME/SESSION;
	// empty for Identity Center's.
	ARN string
	// Provider is "sso" for Identity Center's sessions, else empty.
	Provider string
	// Expires is when AWS stops accepting the session; zero if unreadable.
	Expires time.Time

	info fs.FileInfo
}

// List returns the sessions in dir in the order of their names: regular files
// NAME.json that hold a JSON object with Credentials. Everything else that
// lies there (session.db, links, folders, torn files) is somebody's, and is
// not listed. A missing folder has no sessions.
func List(dir string) ([]File, error) {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fault.New(fault.FileUnreadable, "cannot list the AWS CLI's cache").
			At(fault.Origin{Path: dir}).Because(err)
	}
	var files []File
	for _, entry := range entries {
		if !entry.Type().IsRegular() || filepath.Ext(entry.Name()) != ".json" {
			continue
		}
		if file, ok := read(filepath.Join(dir, entry.Name())); ok {
			files = append(files, file)
		}
	}
	return files, nil
}

// content is what tells a session; the secrets are not decoded.
type content struct {
	Credentials *struct {
		Expiration string
	}
	AssumedRoleUser struct {
		Arn string
	}
	ProviderType string
}

// read returns the session in a file, and false for anything else.
func read(path string) (File, bool) {
	data, info, err := readRegular(path)
	if err != nil {
		return File{}, false
	}
	var c content
	if json.Unmarshal(data, &c) != nil || c.Credentials == nil {
		return File{}, false
	}
	return File{
		Path:     path,
		ARN:      c.AssumedRoleUser.Arn,
		Provider: c.ProviderType,
		Expires:  parseTime(c.Credentials.Expiration),
		info:     info,
	}, true
}

var errNotASession = errors.New("not a session's file")

// readRegular reads a small regular file. The type is looked at before the
// file is opened, because opening a pipe would wait for its writer.
func readRegular(path string) ([]byte, fs.FileInfo, error) {
	info, err := os.Lstat(path)
	if err != nil {
		return nil, nil, err
	}
	if !info.Mode().IsRegular() || info.Size() > sizeLimit {
		return nil, nil, errNotASession
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, nil, err
	}
	defer file.Close()
	data, err := io.ReadAll(io.LimitReader(file, sizeLimit+1))
	if err == nil && len(data) > sizeLimit {
		err = errNotASession
	}
	return data, info, err
}

// parseTime reads the forms that releases of the AWS CLI have written:
// RFC 3339, and strftime's "2026-01-02T03:04:05UTC".
func parseTime(text string) time.Time {
	if stamp, ok := strings.CutSuffix(text, "UTC"); ok {
		text = stamp + "Z"
	}
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return time.Time{}
	}
	return t.UTC()
}

// Key is the AWS CLI's name for the session, as RoleKey and SSOKey compute it.
func (f File) Key() string { return strings.TrimSuffix(filepath.Base(f.Path), ".json") }

// Belongs reports whether the file holds a session of one of the roles. The
// session's ARN has the role's partition, account and name but not its path.
func (f File) Belongs(roleARNs ...string) bool {
	session, ok := sessionRole(f.ARN)
	if !ok {
		return false
	}
	for _, arn := range roleARNs {
		if role, ok := roleOf(arn); ok && role == session {
			return true
		}
	}
	return false
}

// role is what an assumed-role session's ARN and the role's have in common.
type role struct{ partition, account, name string }

// roleOf reads arn:PARTITION:iam::ACCOUNT:role/PATH/NAME.
func roleOf(arn string) (role, bool) {
	part := strings.SplitN(arn, ":", 6)
	if len(part) != 6 || part[0] != "arn" || part[2] != "iam" || !strings.HasPrefix(part[5], "role/") {
		return role{}, false
	}
	name := part[5][strings.LastIndexByte(part[5], '/')+1:]
	return role{part[1], part[4], name}, name != ""
}

// sessionRole reads arn:PARTITION:sts::ACCOUNT:assumed-role/NAME/SESSION.
func sessionRole(arn string) (role, bool) {
	part := strings.SplitN(arn, ":", 6)
	if len(part) != 6 || part[0] != "arn" || part[2] != "sts" {
		return role{}, false
	}
	resource := strings.Split(part[5], "/")
	if len(resource) != 3 || resource[0] != "assumed-role" || resource[1] == "" {
		return role{}, false
	}
	return role{part[1], part[4], resource[1]}, true
}

// Expired reports whether the session is of no more use at now.
func (f File) Expired(now time.Time) bool { return !f.Expires.After(now) }

// Remove deletes the file, if it still is the one that List found and not
// what another process has put in its place since. A file that is gone
// already is no error.
func Remove(f File) error {
	info, err := os.Lstat(f.Path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err == nil && !os.SameFile(info, f.info) {
		return nil
	}
	if err == nil {
		err = os.Remove(f.Path)
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fault.New("", "cannot remove the AWS CLI's session").
			At(fault.Origin{Path: f.Path}).Fix("check the permissions of its folder").Because(err)
	}
	return nil
}
