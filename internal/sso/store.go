package sso

import (
	"bytes"
	"context"
	"crypto/sha1" // the AWS CLI's names of its files
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"assume-role/internal/securefile"
	"assume-role/internal/waiting"
)

// limit is far above what a file holds: some 5 KB.
const limit = 1 << 20

// Key is the name, without .json, of the file that the AWS CLI keeps the token
// of an sso-session in, or of a start URL where there is none.
func Key(name string) string {
	sum := sha1.Sum([]byte(name))
	return hex.EncodeToString(sum[:])
}

func (s *Session) key() string {
	if s.Name != "" {
		return Key(s.Name)
	}
	return Key(s.StartURL)
}

func (s *Session) path() string {
	if s.File != "" {
		return filepath.Join(s.Folder, s.File)
	}
	return filepath.Join(s.Folder, s.key()+".json")
}

var errNoToken = errors.New("it holds no access token")

// load reads the token. A file that holds none, a torn one too, counts as
// missing: it is what a sign-in mends.
func (s *Session) load() (*token, error) {
	file, err := securefile.Read(s.path(), limit)
	switch {
	case err != nil && securefile.Missing(err):
		return nil, s.signedOut("nobody is signed in at %s", s.name())
	case err != nil:
		return nil, s.unreadable(err)
	}
	t, err := decode(file)
	if err != nil {
		s.debug("%s counts as missing: %v", s.path(), err)
		return nil, s.signedOut("nobody is signed in at %s: %s holds no token", s.name(), s.path())
	}
	return t, s.fits(t)
}

// fits refuses the token of another portal, which is there when the
// sso-session was changed after the sign-in.
func (s *Session) fits(t *token) error {
	if is := t.text(startURL); is != "" && bare(is) != bare(s.StartURL) && ofAWS(hostOf(s.StartURL)) {
		return s.signedOut("the sign-in at %s is for the sso_start_url %s", s.name(), is)
	}
	if is := t.text(region); is != "" && is != s.Region {
		return s.signedOut("the sign-in at %s is for the sso_region %s", s.name(), is)
	}
	return nil
}

// bare is a start URL without what makes no difference at its end.
func bare(address string) string { return strings.TrimRight(address, "/#") }

// replaced returns the token that another program, which takes no lock, has
// put in the place of t in the meantime; nil if none did.
func (s *Session) replaced(t *token) *token {
	other, err := s.load()
	if err != nil || bytes.Equal(other.file, t.file) {
		return nil
	}
	return other
}

// save keeps a refreshed token. One that cannot be kept is good all the same.
func (s *Session) save(t *token) {
	if err := securefile.Write(s.path(), t.file); err != nil {
		s.note("the refreshed token of %s could not be saved (%v): when it ends, in %s, sign in with: %s",
			s.name(), securefile.Cause(err), t.left(s.Now()).Round(time.Second), s.SignIn)
	}
}

// drop removes a token that AWS does not take any more, so that another run
// need not ask AWS again; unless another one is there by now.
func (s *Session) drop(t *token) {
	if is := s.held(); is != nil && bytes.Equal(is.file, t.file) {
		s.debug("%s is removed: AWS does not take its token any more", s.path())
		_ = os.Remove(s.path()) // what stays is refused again
	}
}

// silence is how long to wait for another process without a word: longer than
// a call takes when all is well.
const silence = 3 * time.Second

// errand is what a lock is held for: what tells its name from the others', what
// whoever holds it is doing, and how long to wait for that.
type errand struct {
	suffix, doing string
	patience      time.Duration
}

// refreshing is the errand that changes the token's file.
func (s *Session) refreshing() errand {
	return errand{doing: "refreshing the token of " + s.name(), patience: securefile.MaxWait}
}

// lockPath is of the token's file, as the folder of locks is shared by all home
// folders of a user.
func (s *Session) lockPath(e errand) string {
	return filepath.Join(s.Locks, "sso-"+Key(s.path())+e.suffix+".lock")
}

// hold waits for whoever is on the same errand. A folder of locks that cannot
// be used only costs the order.
func (s *Session) hold(ctx context.Context, e errand) (*securefile.Lock, error) {
	if s.Locks == "" {
		return nil, nil
	}
	limited, cancel := context.WithTimeout(ctx, e.patience)
	defer cancel()
	lock, err := securefile.AcquireSaying(limited, s.lockPath(e), waiting.Silence(ctx, silence), func(held *securefile.HeldError) func() {
		what := fmt.Sprintf("waiting for %s, which is %s", held.Holder(), e.doing)
		return waiting.Or(ctx, what, func(text string) { s.note("%s", text) })
	})
	var held *securefile.HeldError
	switch {
	case ctx.Err() != nil:
		lock.Release()
		return nil, ctx.Err()
	case errors.As(err, &held):
		return nil, s.stuck(e, held)
	case err != nil:
		s.debug("going on without a lock: %v", err)
	}
	return lock, nil
}

func (s *Session) note(format string, args ...any) {
	if s.Note != nil {
		s.Note(fmt.Sprintf("profile %q: ", s.Profile) + fmt.Sprintf(format, args...))
	}
}

func (s *Session) debug(format string, args ...any) {
	if s.Debug != nil {
		s.Debug(format, args...)
	}
}
