// Package clicache knows what the AWS CLI caches: role sessions in
// ~/.aws/cli/cache and Identity Center tokens in ~/.aws/sso/cache. It tells
// which files are the CLI's own and what each one holds, and removes them. It
// never writes there and never reads a secret out.
package clicache

import (
	"os"
	"time"

	"assume-role/internal/creds"
	"assume-role/internal/fault"
	"assume-role/internal/securefile"
)

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
}

// List returns the sessions in dir in the order of their names: regular files
// NAME.json that hold a JSON object with an object Credentials. Everything
// else that lies there (session.db, links, folders, torn files) is not told
// to be the AWS CLI's session, and is not listed. A missing folder is empty.
func List(dir string) ([]File, error) {
	var files []File
	err := eachObject(dir, func(path string, o object) {
		if file, ok := session(path, o); ok {
			files = append(files, file)
		}
	})
	return files, err
}

// session tells whether a JSON object is a session; secrets are not decoded.
func session(path string, o object) (File, bool) {
	credentials, ok := o.object("Credentials")
	if !ok {
		return File{}, false
	}
	user, _ := o.object("AssumedRoleUser")
	return File{
		Path:     path,
		ARN:      user.text("Arn"),
		Provider: o.text("ProviderType"),
		Expires:  parseTime(credentials.text("Expiration")),
	}, true
}

// parseTime reads a time; what is none is zero.
func parseTime(text string) time.Time {
	t, _ := creds.ParseTime(text) // then it is zero
	return t
}

// Belongs reports whether the file holds a session of one of the roles. The
// session's ARN has the role's partition, account and name but not its path.
func (f File) Belongs(roleARNs ...string) bool { return creds.SessionOfRoles(f.ARN, roleARNs) }

// Expired reports whether the session is of no more use at now.
func (f File) Expired(now time.Time) bool { return !f.Expires.After(now) }

// Remove deletes the file of a session. One that is gone already is no error,
// and what no longer is a regular file is left alone.
func Remove(f File) error { return remove(f.Path) }

func remove(path string) error {
	info, err := os.Lstat(path)
	if err == nil && info.Mode().IsRegular() {
		err = os.Remove(path)
	}
	if err == nil || securefile.Missing(err) {
		return nil
	}
	return fault.New("", "cannot remove a file of the AWS CLI").
		At(fault.Origin{Path: path}).Fix("check the permissions of its folder").Because(err)
}
