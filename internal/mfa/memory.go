package mfa

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"encoding/json"
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
}

// has reports whether the code was sent within the last 90 seconds.
func (m memory) has(serial string, code creds.Secret) bool {
	_, sent := m.sent(serial, code)
	return sent
}

// sent returns when the code was sent within the last 90 seconds.
func (m memory) sent(serial string, code creds.Secret) (at time.Time, ok bool) {
	content := m.load()
	sum := content.hash(serial, code)
	for _, c := range content.Codes {
		if subtle.ConstantTimeCompare(c.Hash, sum) == 1 {
			return c.At, true
		}
	}
	return time.Time{}, false
}

// add remembers a code, and forgets those that AWS no longer takes anyway.
func (m memory) add(serial string, code creds.Secret) error {
	content := m.load()
	if content.Salt == nil {
		content.Salt = make([]byte, 16)
		_, _ = rand.Read(content.Salt) // never fails (Go 1.24)
	}
	content.Codes = append(content.Codes, usedCode{content.hash(serial, code), m.now().UTC()})
	data, err := json.Marshal(content)
	if err != nil {
		return err
	}
	return securefile.Write(m.path, data)
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
