package cmd

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"assume-role/internal/awsfile"
	"assume-role/internal/creds"
	"assume-role/internal/fault"
	"assume-role/internal/profile"
	"assume-role/internal/securefile"
)

// awsCopies are private copies of the AWS files without credential settings.
// SDKs look for credentials in [default] before they ask a server
// (https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html).
type awsCopies struct {
	dir   string
	lock  *securefile.Lock
	set   []creds.Variable
	notes []string
}

// copiesPrefix is how the names of folders of copies begin.
const copiesPrefix = "copies-"

// credentialKeys are the settings that make a profile give credentials.
func credentialKeys() []string {
	return []string{
		"aws_access_key_id", "aws_secret_access_key", "aws_session_token", "aws_security_token",
		"role_arn", "source_profile", "credential_source", "credential_process", "web_identity_token_file",
		"sso_session", "sso_start_url", "sso_region", "sso_account_id", "sso_role_name", "login_session",
	}
}

// awsFile is one of the two files, as a child would read it.
type awsFile struct {
	*awsfile.File
	variable string
	// found is the first line in [default] that gives credentials.
	found *awsfile.Value
}

// withDefaultCredentials are those of the two files in which [default] gives
// credentials.
func (a *app) withDefaultCredentials() ([]awsFile, error) {
	files, err := a.files()
	if err != nil {
		return nil, nil // Without a home a child finds no files either.
	}
	var found []awsFile
	for _, f := range []struct {
		profile.File
		kind, variable string
	}{{files.Config, "config", "AWS_CONFIG_FILE"}, {files.Credentials, "credentials", "AWS_SHARED_CREDENTIALS_FILE"}} {
		loaded, err := loadAWSFile(f.File, files.Home, f.kind)
		if err != nil {
			return nil, err
		}
		if value := defaultCredentials(loaded); value != nil {
			found = append(found, awsFile{loaded, f.variable, value})
		}
	}
	return found, nil
}

// defaultCredentials is the first setting of [default] that gives credentials,
// or nil.
func defaultCredentials(f *awsfile.File) *awsfile.Value {
	for _, section := range []string{"default", "profile default"} {
		for _, key := range credentialKeys() {
			if values := f.Values(section, key); len(values) > 0 {
				return &values[0]
			}
		}
	}
	return nil
}

// where is the line, as messages show it.
func (f awsFile) where() string {
	return fault.Origin{Path: f.Name, Line: f.found.Origin.Line}.String()
}

// copyWithoutCredentials makes the copies that a child needs, or none.
func (a *app) copyWithoutCredentials(ctx context.Context) (*awsCopies, error) {
	files, err := a.withDefaultCredentials()
	if err != nil || len(files) == 0 {
		return &awsCopies{}, err
	}
	copies, err := a.newCopies(ctx)
	if err != nil {
		return nil, fault.New("", "the AWS files cannot be copied without their credentials, which SDKs prefer to the server's: %s", plainError(err)).
			Fix("take the credentials out of [default] (%s)", files[0].where()).Because(err)
	}
	for _, f := range files {
		if err := copies.add(f); err != nil {
			copies.remove()
			return nil, err
		}
	}
	return copies, nil
}

// newCopies makes a folder for copies, which is locked while its owner lives,
// and clears away those whose owners were killed.
func (a *app) newCopies(ctx context.Context) (*awsCopies, error) {
	locks, err := a.locks()
	if err != nil {
		return nil, err
	}
	sweepCopies(locks)
	dir := filepath.Join(locks, copiesPrefix+newToken().Reveal()[:16])
	lock, err := securefile.Acquire(ctx, dir+".lock")
	if err != nil {
		return nil, err
	}
	if err := securefile.MkdirPrivate(dir); err != nil {
		lock.Release()
		return nil, err
	}
	return &awsCopies{dir: dir, lock: lock}, nil
}

// sweepCopies removes the folders that nobody holds the lock of. It is tidiness:
// its failures do not matter.
func sweepCopies(locks string) {
	dirs, _ := filepath.Glob(filepath.Join(locks, copiesPrefix+"*"))
	for _, dir := range dirs {
		if strings.HasSuffix(dir, ".lock") {
			continue
		}
		if lock, err := securefile.Acquire(ended(), dir+".lock"); err == nil {
			_ = os.RemoveAll(dir)
			lock.Release()
		}
	}
}

// ended is a context in which nothing is waited for.
func ended() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	return ctx
}

// add puts a copy of the file into the folder.
func (c *awsCopies) add(f awsFile) error {
	where := f.where()
	for _, section := range f.Sections() {
		f.Unset(section, credentialKeys()...)
	}
	path := filepath.Join(c.dir, strings.ToLower(f.variable))
	if err := securefile.Write(path, []byte(f.Text())); err != nil {
		return fault.New("", "a copy of %s cannot be written: %s", f.Name, plainError(err)).Because(err)
	}
	c.set = append(c.set, creds.Variable{Name: f.variable, Value: creds.Secret(path)})
	c.notes = append(c.notes, fmt.Sprintf("[default] has credentials (%s), which SDKs prefer to the server's: the command gets a copy of %s in which no profile has any", where, f.Name))
	return nil
}

func (c *awsCopies) variables() []creds.Variable { return c.set }

// remove ends the copies with the command.
func (c *awsCopies) remove() {
	if c.dir == "" {
		return
	}
	if err := os.RemoveAll(c.dir); err != nil && !errors.Is(err, os.ErrNotExist) {
		return // The next one clears it away.
	}
	c.lock.Release()
}
