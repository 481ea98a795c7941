package keystore

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"strings"

	"assume-role/internal/fault"
	"assume-role/internal/securefile"
)

// Migration takes what one store holds into another. Every item is in at least
// one of them at every moment: it is copied, read back and compared before the
// choice of store is recorded, and removed from the old store after that, if
// the new one then has the same. A migration that was killed is completed by
// the next one (Unfinished tells of it).
type Migration struct {
	// From and To are opened by name, not by Auto.
	From, To *Ring
	// StateDir is Options.StateDir: where the choice, and what has begun, are
	// recorded.
	StateDir string
	// InUse is the backend in which commands look for keys now.
	InUse string
	// Named says that InUse was chosen by name. Then recording another choice
	// would change nothing, and nothing is removed from it.
	Named bool
	// Sessions says that sessions are taken along; Drop, that they are removed
	// from From otherwise, because nothing would ever find them there.
	Sessions, Drop bool
}

// Migrated says what a migration did.
type Migrated struct {
	// Copied and Removed name the items.
	Copied, Removed []string
	// Kept are items of From that differ from those of the same name in To
	// since an earlier, unfinished migration: both are left as they are.
	Kept []string
	// Dropped are the keys of sessions that were removed and not taken along;
	// empty is one that its item's name does not tell.
	Dropped []string
	// Waits says that nothing was removed yet, because From is in use by name.
	Waits bool
}

// Items returns the names that the migration takes along, sorted.
func (m Migration) Items() ([]string, error) {
	all, err := m.From.Names("")
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(all, func(name string) bool {
		return !m.Sessions && strings.HasPrefix(name, sessionPrefix)
	}), nil
}

// check reads every item of both stores, and returns the first reason not to
// begin: a key that cannot be read, or another one of its name in To, unless
// an earlier, unfinished run has put that there.
func (m Migration) check(names, begun []string) error {
	for _, name := range names {
		data, err := m.read(name)
		if err != nil {
			return err
		}
		there, err := m.To.Get(name)
		switch {
		case data == nil, errors.Is(err, ErrNotFound), slices.Contains(begun, name), strings.HasPrefix(name, sessionPrefix):
		case err != nil && !errors.Is(err, ErrDamaged):
			return err
		case !bytes.Equal(there, data):
			return fault.New("", "the %s key store has something else under that name: %s", m.To.backend, Title(name)).
				Fix("remove it from one of the two stores first (`assume-role %s` with --keyring-backend); nothing was changed", removal(name))
		}
	}
	return nil
}

// read returns an item of From: nil for one that somebody has just removed, and
// for a session that is worth nothing.
func (m Migration) read(name string) ([]byte, error) {
	data, err := m.From.Get(name)
	switch {
	case errors.Is(err, ErrNotFound), errors.Is(err, ErrDamaged) && strings.HasPrefix(name, sessionPrefix):
		return nil, nil
	case errors.Is(err, ErrDamaged):
		return nil, fault.New("", "the %s key store holds something damaged: %s", m.From.backend, Title(name)).
			Fix("remove it, or add it again; nothing was removed").Because(err)
	case err == nil && data == nil:
		return []byte{}, nil
	}
	return data, err
}

// plan returns what Run would take along, or why it would not begin. Both
// stores are read, and neither is written to.
func (m Migration) plan() ([]string, error) {
	names, err := m.Items()
	if err != nil {
		return nil, err
	}
	begun, err := Unfinished(m.StateDir)
	if err != nil {
		return nil, err
	}
	return names, m.check(names, begun.Items)
}

// Run migrates. Both stores have to be Ready: nobody can be asked while others
// wait.
func (m Migration) Run(ctx context.Context) (done Migrated, err error) {
	lock, err := m.lock(ctx)
	if err != nil {
		return Migrated{}, err
	}
	defer lock.Release()
	names, err := m.begin()
	if err != nil {
		return Migrated{}, err
	}
	if err := m.copyAll(names, &done); err != nil {
		return done, err
	}
	if m.InUse == m.From.backend && m.Named {
		done.Waits = true
		return done, nil
	}
	if m, err = m.switched(); err != nil {
		return done, err
	}
	err = m.leave(&done)
	return done, err
}

// lock keeps others from choosing a store, and from writing to one that is
// being left.
func (m Migration) lock(ctx context.Context) (*securefile.Lock, error) {
	lock, err := lockChoice(ctx, m.StateDir)
	if err == nil || final(err) {
		return lock, err
	}
	return nil, fault.New("", "the choice of store cannot be recorded%s", reason(err)).
		Fix("make %s writable", m.StateDir).Because(err)
}

// begin returns the names of what is taken along, once that is recorded.
func (m Migration) begin() ([]string, error) {
	names, err := m.plan()
	if err != nil {
		return nil, err
	}
	return names, Begun{From: m.From.backend, To: m.To.backend, Items: names, Sessions: m.Sessions}.write(m.StateDir)
}

// switched is the migration once To is in use in the place of From.
func (m Migration) switched() (Migration, error) {
	if m.InUse != m.From.backend {
		return m, nil
	}
	if err := record(m.StateDir, m.To.backend); err != nil {
		return m, fault.New("", "the choice of %s cannot be recorded%s", m.To.backend, reason(err)).
			Fix("everything is in both stores; make %s writable and run the command again", m.StateDir).Because(err)
	}
	m.InUse = m.To.backend
	return m, nil
}

// leave empties From, which is not in use any more. What a process that had
// opened it before has written meanwhile comes along.
func (m Migration) leave(done *Migrated) error {
	names, err := m.Items()
	if err != nil {
		return err
	}
	if err := m.copyAll(names, done); err != nil {
		return err
	}
	if err := m.removeAll(names, done); err != nil {
		return err
	}
	if err := m.dropSessions(done); err != nil {
		return err
	}
	return forget(m.StateDir)
}

// copyAll copies what To lacks.
func (m Migration) copyAll(names []string, done *Migrated) error {
	for _, name := range names {
		copied, err := m.copy(name)
		if err != nil {
			return err
		}
		if copied {
			done.Copied = append(done.Copied, name)
		}
	}
	return nil
}

// copy copies one item, unless To has the same, and reads it back. As long as
// From is in use, what it holds counts; once To is, To's own does.
func (m Migration) copy(name string) (copied bool, err error) {
	data, err := m.read(name)
	if data == nil || err != nil {
		return false, err
	}
	there, err := m.To.Get(name)
	switch {
	case err == nil && (bytes.Equal(there, data) || m.InUse == m.To.backend):
		return false, nil
	case err != nil && !errors.Is(err, ErrNotFound) && !errors.Is(err, ErrDamaged):
		return false, err
	}
	if err := m.To.Set(name, data); err != nil {
		return false, err
	}
	back, err := m.To.Get(name)
	if err != nil {
		return false, err
	}
	if !bytes.Equal(back, data) {
		return false, fault.New("", "the %s key store gave back something else than was written to it: %s", m.To.backend, Title(name)).
			Fix("nothing was removed; look into it, %s", chooseAnother)
	}
	return true, nil
}

// removeAll removes what both stores hold alike from the old one.
func (m Migration) removeAll(names []string, done *Migrated) error {
	for _, name := range names {
		alike, err := m.alike(name)
		if err != nil {
			return err
		}
		if !alike {
			done.Kept = append(done.Kept, name)
			continue
		}
		if err := m.From.Remove(name); err != nil {
			return err
		}
		done.Removed = append(done.Removed, name)
	}
	return nil
}

// dropSessions removes the sessions that stay behind.
func (m Migration) dropSessions(done *Migrated) error {
	if !m.Drop || m.Sessions {
		return nil
	}
	sessions, err := m.From.Names(sessionPrefix)
	for _, name := range sessions {
		if err := m.From.Remove(name); err != nil {
			return err
		}
		key, _ := itemText(sessionPrefix, name)
		done.Dropped = append(done.Dropped, key)
	}
	return err
}

// alike reports whether both stores hold the same under that name, or there is
// nothing in From that could be lost.
func (m Migration) alike(name string) (bool, error) {
	old, err := m.read(name)
	if old == nil || err != nil {
		return err == nil, err
	}
	there, err := m.To.Get(name)
	if errors.Is(err, ErrNotFound) || errors.Is(err, ErrDamaged) {
		return false, nil
	}
	return bytes.Equal(old, there), err
}

// removal is the command that takes an item away.
func removal(name string) string {
	if strings.HasPrefix(name, totpPrefix) {
		return "mfa remove"
	}
	return "remove"
}

// Title names an item for a person.
func Title(name string) string {
	if profile, ok := itemText(keyPrefix, name); ok {
		return "the access key of profile " + profile
	}
	if profile, ok := itemText(nextPrefix, name); ok {
		return "the access key that is to replace that of profile " + profile
	}
	if serial, ok := itemText(totpPrefix, name); ok {
		return "the TOTP secret of the MFA device " + serial
	}
	return name
}
