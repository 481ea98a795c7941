package keystore

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/binary"

	"golang.org/x/crypto/argon2"

	"assume-role/internal/creds"
)

// cost is the work of one guess at the passphrase: the parameters of Argon2id
// (RFC 9106).
type cost struct {
	memory  uint32 // KiB
	time    uint32
	threads uint8
}

// costSize is the length of a cost in a file.
const costSize = 9

// Bounds of what is spent because a file says so: more would be a way to
// exhaust a machine.
const (
	maxMemory  = 256 * 1024
	maxTime    = 16
	maxThreads = 16
)

// minimumCost is OWASP's minimum, below which an item is refused:
// https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html#argon2id
func minimumCost() cost { return cost{memory: 19 * 1024, time: 2, threads: 1} }

// standardCost is that of new folders: the minimum with one more pass, some 40
// ms of one core.
func standardCost() cost { return cost{memory: 19 * 1024, time: 3, threads: 1} }

// within reports whether the cost is at least the floor and can be paid.
func (c cost) within(floor cost) bool {
	return c.memory >= floor.memory && c.time >= floor.time && c.threads >= floor.threads &&
		c.memory <= maxMemory && c.time <= maxTime && c.threads <= maxThreads
}

// append writes the cost as parseCost reads it.
func (c cost) append(b []byte) []byte {
	b = binary.BigEndian.AppendUint32(b, c.memory)
	b = binary.BigEndian.AppendUint32(b, c.time)
	return append(b, c.threads)
}

// parseCost reads costSize bytes and returns the rest.
func parseCost(b []byte) (cost, []byte) {
	return cost{
		memory: binary.BigEndian.Uint32(b), time: binary.BigEndian.Uint32(b[4:]), threads: b[8],
	}, b[costSize:]
}

// folderKey is a derived key with the header of the items that it opens.
type folderKey struct {
	header header
	master [sha256.Size]byte
}

// derive spends the cost on the passphrase.
func derive(passphrase creds.Secret, c cost, salt [saltSize]byte) folderKey {
	key := folderKey{header: header{cost: c, salt: salt}}
	copy(key.master[:], argon2.IDKey([]byte(passphrase.Reveal()), salt[:], c.time, c.memory, c.threads, sha256.Size))
	copy(key.header.check[:], key.sub("check"))
	return key
}

// newSalt returns the salt of a new folder.
func newSalt() (salt [saltSize]byte) {
	_, _ = rand.Read(salt[:]) // never fails: it ends the program instead
	return salt
}

// encryption is the key that items are encrypted with.
func (k folderKey) encryption() []byte { return k.sub("item") }

// proof is a salted hash of a passphrase that only the key's holder can
// compute: it tells without a derivation whether a passphrase is the key's.
func (k folderKey) proof(passphrase creds.Secret) []byte {
	return k.sub("passphrase", passphrase.Reveal())
}

// provenBy reports whether the proof is that of the passphrase.
func (k folderKey) provenBy(proof []byte, passphrase creds.Secret) bool {
	return subtle.ConstantTimeCompare(proof, k.proof(passphrase)) == 1
}

// sub derives an independent key or hash for one purpose.
func (k folderKey) sub(purpose string, more ...string) []byte {
	mac := hmac.New(sha256.New, k.master[:])
	mac.Write([]byte(purpose))
	for _, part := range more {
		mac.Write([]byte{0})
		mac.Write([]byte(part))
	}
	return mac.Sum(nil)
}
