package keystore

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"

	"golang.org/x/crypto/chacha20poly1305"
)

// A sealed item is one file:
//
//	magic   8  names the format and its version
//	cost    9  memory (KiB, 4), time (4) and threads (1) of Argon2id
//	salt   16
//	check  16  tells a wrong passphrase from a damaged item
//	nonce  24
//	box     n  XChaCha20-Poly1305 of the data; the item's name and all of the
//	           above are authenticated with it
//	digest 32  SHA-256 of all of the above: tells damage from a wrong
//	           passphrase, and keeps damaged parameters from being used
//
// Salt and parameters are in every item: there is no header file to lose.
const (
	magic     = "ARKEYS\x00\x01"
	saltSize  = 16
	checkSize = 16
	// headerSize is what comes before the nonce.
	headerSize = len(magic) + costSize + saltSize + checkSize
	// maxItem bounds what is read into memory; no secret is near that size.
	maxItem = 4 << 20
)

// header is what a sealed item says about the key that opens it. Two items of
// equal headers are opened by one key.
type header struct {
	cost  cost
	salt  [saltSize]byte
	check [checkSize]byte
}

// bytes returns the header as it stands in the file.
func (h header) bytes() []byte {
	b := append(make([]byte, 0, headerSize), magic...)
	b = h.cost.append(b)
	b = append(b, h.salt[:]...)
	return append(b, h.check[:]...)
}

// sealed is a parsed item that has not been opened yet.
type sealed struct {
	header header
	nonce  []byte
	box    []byte
}

// parseSealed checks the form and the digest of a file. Everything else than a
// whole item whose cost is at least the floor and can be paid is ErrDamaged.
func parseSealed(file []byte, floor cost) (sealed, error) {
	end := len(file) - sha256.Size
	if end < headerSize+chacha20poly1305.NonceSizeX+chacha20poly1305.Overhead || end > maxItem {
		return sealed{}, ErrDamaged
	}
	digest := sha256.Sum256(file[:end])
	if !bytes.Equal(digest[:], file[end:]) || string(file[:len(magic)]) != magic {
		return sealed{}, ErrDamaged
	}
	rest := file[len(magic):end]
	var s sealed
	s.header.cost, rest = parseCost(rest)
	if !s.header.cost.within(floor) {
		return sealed{}, ErrDamaged
	}
	rest = rest[copy(s.header.salt[:], rest):]
	rest = rest[copy(s.header.check[:], rest):]
	s.nonce, s.box = rest[:chacha20poly1305.NonceSizeX], rest[chacha20poly1305.NonceSizeX:]
	return s, nil
}

// open decrypts an item that was written under that name.
func (s sealed) open(key folderKey, name string) ([]byte, error) {
	if subtle.ConstantTimeCompare(key.header.check[:], s.header.check[:]) != 1 {
		return nil, ErrWrongPassphrase
	}
	aead, err := chacha20poly1305.NewX(key.encryption())
	if err != nil {
		return nil, err
	}
	data, err := aead.Open(nil, s.nonce, s.box, bound(s.header, name))
	if err != nil {
		return nil, ErrDamaged
	}
	return data, nil
}

// seal returns the file of an item.
func seal(key folderKey, name string, data []byte) ([]byte, error) {
	aead, err := chacha20poly1305.NewX(key.encryption())
	if err != nil {
		return nil, err
	}
	nonce := make([]byte, chacha20poly1305.NonceSizeX)
	_, _ = rand.Read(nonce) // never fails: it ends the program instead
	file := append(key.header.bytes(), nonce...)
	file = aead.Seal(file, nonce, data, bound(key.header, name))
	digest := sha256.Sum256(file)
	return append(file, digest[:]...), nil
}

// bound is what an item's content is authenticated with, so that it opens
// under its own name and parameters only.
func bound(h header, name string) []byte { return append(h.bytes(), name...) }
