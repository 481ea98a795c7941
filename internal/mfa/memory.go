package mfa

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"encoding/json"
	"slices"
	"time"

	"assume-role/internal/creds"
	"assume-role/internal/profile"
	"assume-role/internal/securefile"
)

// remembered is how long a used code is kept: AWS takes a code in its own
// period and in the ones beside it.
const remembered = 3 * period

// memoryLimit is far above the size of the codes of 90 seconds, in bytes.
const memoryLimit = 1 << 20

// memory is the file of the codes of one device that were sent lately. Only
// who has the device's lock touches it.
type memory struct {
	path string
	now  func() time.Time
}

// used is the file's content.
type used struct {
	Salt  []byte     `json:"salt"`
	Codes []usedCode `json:"codes"`
}

type usedCode struct {
	Hash []byte    `json:"hash"`
	At   time.Time `json:"at"`
	// Printed says that the code was given to somebody who may send it, and was
	// not sent.
	Printed bool `json:"printed,omitempty"`
}

// sent returns when the code was sent within the last 90 seconds.
func (m memory) sent(serial string, code creds.Secret) (at time.Time, ok bool) {
	for _, c := range m.find(serial, code) {
		if !c.Printed {
			return c.At, true
		}
	}
	return time.Time{}, false
}

// taken reports whether the code was sent or printed within the last 90
// seconds.
func (m memory) taken(serial string, code creds.Secret) bool {
	return len(m.find(serial, code)) > 0
}

func (m memory) find(serial string, code creds.Secret) []usedCode {
	content := m.load()
	sum := content.hash(serial, code)
	return slices.DeleteFunc(content.Codes, func(c usedCode) bool { return subtle.ConstantTimeCompare(c.Hash, sum) != 1 })
}

// add remembers a code that is being sent, and forgets those that AWS no longer takes anyway.
func (m memory) add(serial string, code creds.Secret) error { return m.note(serial, code, false) }

// note is add, and the same for a code that is being printed.
func (m memory) note(serial string, code creds.Secret, printed bool) error {
	content := m.load()
	if content.Salt == nil {
		content.Salt = make([]byte, 16)
		_, _ = rand.Read(content.Salt) // never fails (Go 1.24)
	}
	content.Codes = append(content.Codes, usedCode{content.hash(serial, code), m.now().UTC(), printed})
	data, err := json.Marshal(content)
	if err != nil {
		return err
	}
	return securefile.WriteWhole(m.path, data) // a code is worth nothing by the time a machine is up again
}

// load reads what is still worth knowing. A file that cannot be read, or is
// none of ours, holds nothing.
func (m memory) load() used {
	var content, kept used
	data, err := securefile.Read(m.path, memoryLimit)
	if err != nil || json.Unmarshal(data, &content) != nil {
		return kept
	}
	kept.Salt = content.Salt
	for _, c := range content.Codes {
		if age := m.now().Sub(c.At).Abs(); age < remembered {
			kept.Codes = append(kept.Codes, c)
		}
	}
	return kept
}

func (u used) hash(serial string, code creds.Secret) []byte {
	sum := sha256.New()
	for _, part := range []string{string(u.Salt), serial, code.Reveal()} {
		sum.Write([]byte(part))
		sum.Write([]byte{0})
	}
	return sum.Sum(nil)
}

// deviceName names a device in the lock folder. A serial names a device
// within one AWS only: behind an endpoint that is not AWS's (a test's or a
// look-alike's) it is another device.
func deviceName(sts profile.Endpoint, serial string) string {
	sum := sha256.Sum256([]byte(realm(sts) + "\x00" + serial))
	return "mfa-" + hex.EncodeToString(sum[:12])
}

// realm tells AWS's partitions, and what is not AWS, apart.
func realm(sts profile.Endpoint) string {
	if sts.OfAWS() {
		return sts.Partition
	}
	return sts.URL
}
