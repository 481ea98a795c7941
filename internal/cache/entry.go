package cache

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"assume-role/internal/creds"
)

// Entry is one session and what is needed to judge it later.
type Entry struct {
	// Profile is the profile whose step made the session.
	Profile string
	// Kind is the step's kind, as the JSON of `status` shows it.
	Kind string
	// RoleARN is the role assumed, empty for other kinds.
	RoleARN string
	// Via are the roles that the session came through before its own, a
	// source's included, the first one first. Sessions of earlier versions
	// do not have it.
	Via []string
	// SourceKey is the access key id of the long-lived keys at the chain's
	// start, empty where there are none: whoever replaces those keys drops
	// the sessions made from them.
	SourceKey string
	// Credentials are the session itself.
	Credentials creds.Credentials
	// Minted is when the session was made, by the local clock. Obtain sets
	// it when it is zero.
	Minted time.Time
	// Skew is the server's clock minus the local one at that time, as STS's
	// Date header showed.
	Skew time.Duration
}

// correction is how far a clock that is kept right (NTP) may be set back at
// once.
const correction = 30 * time.Second

// Left is how long the session is valid after now, which is local time: its
// expiry is the server's, and so is judged with the difference of the clocks.
// A clock that was set back since the session was made, by more than a
// correction, proves nothing about its age: the answer then is 0.
func (e Entry) Left(now time.Time) time.Duration {
	if now.Before(e.Minted.Add(-correction)) {
		return 0
	}
	return max(0, e.Credentials.Expiration.Sub(now.Add(e.Skew)))
}

// lifetime is how long the session was valid when it was made.
func (e Entry) lifetime() time.Duration {
	return e.Credentials.Expiration.Sub(e.Minted.Add(e.Skew))
}

// meets reports whether the session is long enough for the policy.
func (e Entry) meets(p Policy, now time.Time) bool {
	least := p.MinTTL
	if !p.Explicit {
		least = min(least, e.lifetime()/4)
	}
	left := e.Left(now)
	return left > 0 && left >= least
}

// cacheable excludes what would never become invalid here: only temporary
// credentials with an expiry are kept.
func (e Entry) cacheable() bool {
	c := e.Credentials
	return c.Complete() && c.Temporary() && !c.Expiration.IsZero() && !e.Minted.IsZero()
}

// version is that of the stored form. Another one counts as foreign.
const version = 1

// stored is an Entry's form in the store. It repeats the key, so that an item
// that was swapped with another is found out.
type stored struct {
	Version         int           `json:"version"`
	Key             string        `json:"key"`
	Profile         string        `json:"profile"`
	Kind            string        `json:"kind"`
	RoleARN         string        `json:"role_arn,omitempty"`
	Via             []string      `json:"via,omitempty"`
	SourceKey       string        `json:"source_key,omitempty"`
	AccessKeyID     string        `json:"access_key_id"`
	SecretAccessKey string        `json:"secret_access_key"`
	SessionToken    string        `json:"session_token"`
	Expiration      time.Time     `json:"expiration"`
	AccountID       string        `json:"account_id,omitempty"`
	ARN             string        `json:"arn,omitempty"`
	Minted          time.Time     `json:"minted"`
	Skew            time.Duration `json:"skew,omitempty"`
}

// Encode returns the form in which an entry is stored under key. It holds the
// secrets in the clear: the store protects it. It fails only for a time that
// RFC 3339 cannot write, which AWS never gives.
func Encode(key string, e Entry) ([]byte, error) {
	return json.Marshal(stored{
		Version: version, Key: key,
		Profile: e.Profile, Kind: e.Kind, RoleARN: e.RoleARN, Via: e.Via, SourceKey: e.SourceKey,
		AccessKeyID:     e.Credentials.AccessKeyID,
		SecretAccessKey: e.Credentials.SecretAccessKey.Reveal(),
		SessionToken:    e.Credentials.SessionToken.Reveal(),
		Expiration:      e.Credentials.Expiration.UTC(),
		AccountID:       e.Credentials.AccountID, ARN: e.Credentials.ARN,
		Minted: e.Minted.UTC(), Skew: e.Skew,
	})
}

var (
	errForm    = errors.New("not a session in this version's form")
	errSwapped = errors.New("the session belongs under another key")
	errPartial = errors.New("the session is not complete")
)

// Decode reads what Encode returned for key. It is strict, anything that
// Encode would not have written byte for byte is an error: torn, foreign or
// changed text, another version, another key, half a credential. No error
// quotes the data.
func Decode(key string, data []byte) (Entry, error) {
	var s stored
	if json.Unmarshal(data, &s) != nil || s.Version != version {
		return Entry{}, errForm
	}
	if s.Key != key {
		return Entry{}, errSwapped
	}
	e := s.entry()
	if !e.cacheable() {
		return Entry{}, errPartial
	}
	if again, err := Encode(key, e); err != nil || !bytes.Equal(again, data) {
		return Entry{}, errForm
	}
	return e, nil
}

func (s stored) entry() Entry {
	return Entry{
		Profile: s.Profile, Kind: s.Kind, RoleARN: s.RoleARN, Via: s.Via, SourceKey: s.SourceKey,
		Credentials: creds.Credentials{
			AccessKeyID:     s.AccessKeyID,
			SecretAccessKey: creds.Secret(s.SecretAccessKey),
			SessionToken:    creds.Secret(s.SessionToken),
			Expiration:      s.Expiration,
			AccountID:       s.AccountID, ARN: s.ARN,
		},
		Minted: s.Minted, Skew: s.Skew,
	}
}

// shortfall is the error for a new session that cannot be as long as asked. A
// fraction of a second is not rounded up to what was asked for.
func shortfall(left, asked time.Duration) string {
	return fmt.Sprintf("the new session is valid for %s, less than the %s asked for",
		left.Truncate(time.Second), asked)
}
