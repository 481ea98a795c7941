package cache

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"time"

	"assume-role/internal/securefile"
)

// indexWait bounds the wait for another writer of the index, which writes one
// small file: it is a hint, and not worth more.
const indexWait = 5 * time.Second

// indexLimit is far above the size of an index of 10,000 sessions.
const indexLimit = 16 << 20

// keepExpired is how long the index remembers a session that has expired: its
// item may still lie in the store, and clearing by profile or by expiry is
// told from here what it is, without unlocking the store.
const keepExpired = 30 * 24 * time.Hour

// Index is a file that says what the key store and the session cache hold,
// without a secret, so that `status`, `list` and completion need no keyring.
// It is a hint: it may be missing or behind, and what is corrupt counts as
// empty. Its methods may be called by many processes at once.
type Index struct {
	// Path is the file, in practice assume-role/index.json in the user's
	// state folder. It and its folder are made when first written.
	Path string
	// Locks is the folder of the locks (securefile.LockDir). Without it the
	// index can be read only.
	Locks string
	// Now is the local clock. Required.
	Now func() time.Time
}

// Contents are what an index holds.
type Contents struct {
	// Generation is Index.Generation. It stands first, for that to find it.
	Generation int64 `json:"generation,omitempty"`
	// Sessions are in the order of profile, kind and key; among them are some
	// that have expired (Left is 0).
	Sessions []Session `json:"sessions,omitempty"`
	// Keys are in the order of profiles.
	Keys []StoredKey `json:"keys,omitempty"`
	// Devices are the serials of the MFA devices whose TOTP secret is in the
	// key store, in order.
	Devices []string `json:"mfa_devices,omitempty"`
	// Revocations are those that a session which is being made has to be
	// compared with, in the order of their generations.
	Revocations []Revocation `json:"revocations,omitempty"`
}

// Session describes a stored session.
type Session struct {
	// Key is its name in the store.
	Key string `json:"key"`
	// Profile, Kind, RoleARN, Via and SourceKey are the Entry's.
	Profile   string   `json:"profile"`
	Kind      string   `json:"kind"`
	RoleARN   string   `json:"role_arn,omitempty"`
	Via       []string `json:"via,omitempty"`
	SourceKey string   `json:"source_key,omitempty"`
	// Made is the Entry's Minted, in UTC; sessions that earlier versions
	// recorded do not have it.
	Made time.Time `json:"made,omitzero"`
	// Expires is when AWS stops accepting it, by AWS's clock, in UTC.
	Expires time.Time `json:"expires"`
	// Skew is AWS's clock minus the local one, in nanoseconds.
	Skew time.Duration `json:"skew,omitempty"`
}

// Left is how long the session is valid after now, by the local clock.
func (s Session) Left(now time.Time) time.Duration {
	return max(0, s.Expires.Sub(now.Add(s.Skew)))
}

func sessionOf(key string, e Entry) Session {
	return Session{
		Key: key, Profile: e.Profile, Kind: e.Kind, RoleARN: e.RoleARN, Via: e.Via, SourceKey: e.SourceKey,
		Made: e.Minted.UTC(), Expires: e.Credentials.Expiration.UTC(), Skew: e.Skew,
	}
}

// StoredKey describes long-lived keys in the key store.
type StoredKey struct {
	// Profile is the name that they are stored under.
	Profile string `json:"profile"`
	// AccessKeyID is not a secret.
	AccessKeyID string `json:"access_key_id"`
	// AccountID and ARN say whose they are, empty until AWS was asked.
	AccountID string `json:"account_id,omitempty"`
	ARN       string `json:"arn,omitempty"`
}

// Read returns what the index holds, in one read of one file. A missing index
// is empty. One that cannot be read or parsed is empty, too; the error says
// why, for --debug.
func (x *Index) Read() (Contents, error) {
	data, err := x.load()
	if err != nil || data == nil {
		return Contents{}, err
	}
	var file indexFile
	if err := parseIndex(data, &file, &file.Version); err != nil {
		return Contents{}, err
	}
	return file.Contents, nil
}

// Keys is Read for the stored keys alone. Every run of a command asks for
// them, and most indexes have none: then nothing is parsed.
func (x *Index) Keys() ([]StoredKey, error) {
	data, err := x.load()
	if err != nil || !bytes.Contains(data, []byte(`"keys":`)) {
		return nil, err
	}
	var file keysFile
	if err := parseIndex(data, &file, &file.Version); err != nil {
		return nil, err
	}
	return file.Keys, nil
}

// load returns nil where there is no index.
func (x *Index) load() ([]byte, error) {
	data, err := securefile.Read(x.Path, indexLimit)
	if securefile.Missing(err) {
		return nil, nil
	}
	return data, err
}

type indexFile struct {
	Version int `json:"version"`
	Contents
}

// keysFile is the part of an indexFile that says which keys are stored.
type keysFile struct {
	Version int         `json:"version"`
	Keys    []StoredKey `json:"keys"`
}

// parseIndex fills in the file, of which found is the version.
func parseIndex(data []byte, file any, found *int) error {
	if err := json.Unmarshal(data, file); err != nil {
		return fmt.Errorf("the index is corrupt and counts as empty: %w", err)
	}
	if *found != version {
		return fmt.Errorf("the index has version %d and counts as empty", *found)
	}
	return nil
}

// putSession records a session in place of the one of the same key. A crash of
// the machine may lose it, with the session or without.
func (x *Index) putSession(s Session) error {
	return x.change(func(c *Contents) { c.amend([]Session{s}, nil) }, securefile.WriteWhole)
}

// PutKey records stored keys in place of those of the same profile.
func (x *Index) PutKey(k StoredKey) error {
	return x.update(func(c *Contents) {
		c.Keys = append(slices.DeleteFunc(c.Keys, func(o StoredKey) bool { return o.Profile == k.Profile }), k)
	})
}

// RemoveKey forgets the keys stored under a profile's name.
func (x *Index) RemoveKey(profile string) error {
	return x.update(func(c *Contents) {
		c.Keys = slices.DeleteFunc(c.Keys, func(o StoredKey) bool { return o.Profile == profile })
	})
}

// Drop forgets sessions by their keys.
func (x *Index) Drop(keys ...string) error { return x.amend(nil, keys) }

// amend is Contents.amend in one write.
func (x *Index) amend(put []Session, dropped []string) error {
	return x.update(func(c *Contents) { c.amend(put, dropped) })
}

// amend records sessions in place of those of the same keys and forgets others.
func (c *Contents) amend(put []Session, dropped []string) {
	gone := map[string]bool{}
	for _, key := range dropped {
		gone[key] = true
	}
	for _, s := range put {
		gone[s.Key] = true
	}
	c.Sessions = append(slices.DeleteFunc(c.Sessions, func(s Session) bool { return gone[s.Key] }), put...)
}

var errNoLocks = errors.New("there is no folder for locks")

// update changes the index under its lock, for good.
func (x *Index) update(change func(*Contents)) error { return x.change(change, securefile.Write) }

// change is update with a way to write. Sessions that expired long ago go on
// this occasion. Nothing is written when nothing changes.
func (x *Index) change(change func(*Contents), write func(path string, data []byte) error) error {
	if x.Locks == "" {
		return errNoLocks
	}
	ctx, cancel := context.WithTimeout(context.Background(), indexWait)
	defer cancel()
	lock, err := securefile.Acquire(ctx, filepath.Join(x.Locks, "index.lock"))
	if err != nil {
		return err
	}
	defer lock.Release()
	return x.rewrite(change, write)
}

// rewrite is update once the lock is held.
func (x *Index) rewrite(change func(*Contents), write func(path string, data []byte) error) error {
	contents, readErr := x.Read()
	before, err := formatIndex(contents)
	if err != nil {
		return err
	}
	change(&contents)
	contents.age(x.Now())
	after, err := formatIndex(contents)
	if err != nil || readErr == nil && bytes.Equal(before, after) {
		return err
	}
	if contents.Generation == 0 {
		contents.raise(x.Now())
		if after, err = formatIndex(contents); err != nil {
			return err
		}
	}
	if err := securefile.MkdirPrivate(filepath.Dir(x.Path)); err != nil {
		return err
	}
	return write(x.Path, after)
}

// age forgets what is of no more use at now.
func (c *Contents) age(now time.Time) {
	longAgo := now.Add(-keepExpired)
	c.Sessions = slices.DeleteFunc(c.Sessions, func(s Session) bool { return s.Left(longAgo) == 0 })
	c.Revocations = slices.DeleteFunc(c.Revocations, func(r Revocation) bool { return r.over(now) })
}

// formatIndex sorts, so that the same contents are the same bytes.
func formatIndex(c Contents) ([]byte, error) {
	slices.SortFunc(c.Sessions, func(a, b Session) int {
		return cmp.Or(cmp.Compare(a.Profile, b.Profile), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Key, b.Key))
	})
	slices.SortFunc(c.Keys, func(a, b StoredKey) int { return cmp.Compare(a.Profile, b.Profile) })
	data, err := json.Marshal(indexFile{version, c})
	return append(data, '\n'), err
}
