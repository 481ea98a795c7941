package login

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"assume-role/internal/fault"
	"assume-role/internal/securefile"
	"assume-role/internal/waiting"
)

// limit is far above what a file holds: some 10 KB of tokens.
const limit = 1 << 18

// Key is the name, without .json, of the file that the AWS CLI keeps an
// identity's session in.
func Key(identity string) string {
	sum := sha256.Sum256([]byte(strings.TrimSpace(identity)))
	return hex.EncodeToString(sum[:])
}

func (s *Session) path() string {
	if s.file != "" {
		return s.file
	}
	return filepath.Join(s.Folder, Key(s.Identity)+".json")
}

// load reads the session's file.
func (s *Session) load() (*record, error) {
	file, err := securefile.Read(s.path(), limit)
	if err != nil && securefile.Missing(err) {
		return nil, s.signedOut()
	}
	if err != nil {
		return nil, s.unreadable(err)
	}
	r, err := decode(file)
	if err != nil {
		return nil, s.damaged(err)
	}
	return r, nil
}

// replaced reports whether the file no longer is what r was read from: the AWS
// CLI and the SDKs take no lock.
func (s *Session) replaced(r *record) bool {
	file, err := securefile.Read(s.path(), limit)
	return err != nil || !r.same(&record{file: file})
}

// writable shows that a file of the session's size can be written beside it,
// before a refresh token is used up whose successor could not be kept.
func (s *Session) writable(size int) error {
	trial := s.path() + ".new"
	if err := securefile.Write(trial, make([]byte, size)); err != nil {
		return err
	}
	return os.Remove(trial)
}

// save puts a refreshed session into the file, and says when it cannot: its
// credentials are good all the same.
func (s *Session) save(r *record) {
	if err := securefile.Write(s.path(), r.file); err != nil && s.Note != nil {
		s.Note(fmt.Sprintf("profile %q: the refreshed session of `aws login` could not be saved (%v): its credentials end in %s; then sign in again with: %s",
			s.Profile, securefile.Cause(err), r.left(s.Now()).Round(time.Second), s.SignIn))
	}
}

// defaultSilence is that of Session.Silence: longer than a call takes when all
// is well.
const defaultSilence = 3 * time.Second

// errand is what a lock is held for: the lock's name, and what whoever holds it
// is doing.
type errand struct{ name, doing string }

// refreshing is the errand that changes the session's file: the same file, as
// the folder of locks is shared by all home folders of a user.
func (s *Session) refreshing() errand {
	return errand{"login-" + Key(s.path()), "refreshing the same session"}
}

func (s *Session) note(text string) {
	if s.Note != nil {
		s.Note(text)
	}
}

// lock waits for whoever is on the same errand.
func (s *Session) lock(ctx context.Context, e errand) (*securefile.Lock, error) {
	if s.Locks == "" {
		return nil, s.unlockable()
	}
	path := filepath.Join(s.Locks, e.name+".lock")
	lock, err := securefile.AcquireSaying(ctx, path, waiting.Silence(ctx, cmp.Or(s.Silence, defaultSilence)), func(held *securefile.HeldError) func() {
		return waiting.Or(ctx, fmt.Sprintf("profile %q: waiting for %s, which is %s", s.Profile, held.Holder(), e.doing), s.note)
	})
	var held *securefile.HeldError
	switch {
	case ctx.Err() != nil:
		return lock, ctx.Err()
	case errors.As(err, &held):
		return nil, fault.New("", "waited %s for %s, which is %s", securefile.MaxWait, held.Holder(), e.doing).
			In(s.Profile).At(s.Origin).Fix("end that process").Because(err)
	case err != nil:
		return nil, s.unlockable().Because(err)
	}
	return lock, nil
}
