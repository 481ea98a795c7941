package login

import (
	"context"
	"errors"
	"time"

	"assume-role/internal/securefile"
)

// ErrOther says that somebody else signed in than who the session is of.
var ErrOther = errors.New("somebody else signed in")

// Keep puts a new session into the AWS CLI's file, in place of the last one of
// the same identity, whole or not at all. Whoever refreshes that is waited for.
func (s *Session) Keep(ctx context.Context, g *Grant) error {
	if g.Identity != s.Identity {
		return ErrOther
	}
	if err := securefile.MkdirPrivate(s.Folder); err != nil {
		return s.unkept(err)
	}
	lock, err := s.lock(ctx, s.refreshing())
	if err != nil {
		return err
	}
	defer lock.Release()
	if err := securefile.Write(s.path(), g.record.file); err != nil {
		return s.unkept(err)
	}
	return nil
}

func (s *Session) unkept(err error) error {
	return s.fail("", "the new session could not be saved: %s cannot be written: %v", s.Folder, securefile.Cause(err)).
		Fix("make room or the folder writable, and sign in again with: %s", s.SignIn).Because(err)
}

// justNow is how old a session may be to count as one that another process
// signed in for a moment ago.
const justNow = 2 * time.Minute

// Once has one process at a time sign in to a session that is no good any
// more. The others wait, and go on with what came of it. Keep is called by
// signIn.
func (s *Session) Once(ctx context.Context, signIn func() error) error {
	seen := s.content()
	lock, err := s.lock(ctx, errand{"sign-in-" + Key(s.path()), "signing in to the same session"})
	if err != nil {
		return err
	}
	defer lock.Release()
	now := s.content()
	r, bad := decode(now)
	if bad == nil && (string(now) != string(seen) || r.left(s.Now()) > Longest-justNow) {
		return nil
	}
	return signIn()
}

// content is the session's file, or nothing.
func (s *Session) content() []byte {
	file, _ := securefile.Read(s.path(), limit) // what cannot be read is no session
	return file
}
