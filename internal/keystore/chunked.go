package keystore

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/99designs/keyring"
)

// chunkKind starts the names of parts; no item is named so.
const chunkKind = "chunk"

// chunked stores items of any size in a store with a limit for each. An item
// that fits is stored in one, so that it changes all at once. Of a larger one
// the parts are written first, under names never used before, then the head
// that names them; so there is a whole item at every moment, the old or the
// new. What is not whole is ErrDamaged, never data.
//
// A head is a byte that says which kind it is, the SHA-256 of name and data,
// then the data itself, or the parts' generation and number.
type chunked struct {
	store keyring.Keyring
	limit int // bytes
}

const (
	headWhole = 'w'
	headParts = 'p'

	// noGeneration is that of an item without parts.
	noGeneration = "-"

	headSize       = 1 + sha256.Size
	generationSize = 8
	// maxParts bounds what a head can make a reader fetch.
	maxParts = 256
)

// head is a parsed head.
type head struct {
	digest     [sha256.Size]byte
	whole      []byte // the data, where generation is empty
	generation string
	parts      int
}

// parseHead reads a head.
func parseHead(b []byte) (head, error) {
	if len(b) < headSize {
		return head{}, ErrDamaged
	}
	h := head{digest: [sha256.Size]byte(b[1:headSize])}
	rest := b[headSize:]
	switch {
	case b[0] == headWhole:
		h.whole = rest
		return h, nil
	case b[0] == headParts && len(rest) == generationSize+2:
		h.generation = hex.EncodeToString(rest[:generationSize])
		h.parts = int(binary.BigEndian.Uint16(rest[generationSize:]))
		if h.parts <= maxParts {
			return h, nil
		}
	}
	return head{}, ErrDamaged
}

// Get returns the whole item. When a writer replaces it meanwhile its parts
// vanish: then the new head is read.
func (c chunked) Get(name string) (keyring.Item, error) {
	item, err := c.get(name)
	if errors.Is(err, ErrDamaged) {
		item, err = c.get(name)
	}
	return item, err
}

func (c chunked) get(name string) (keyring.Item, error) {
	h, err := c.head(name)
	if err != nil {
		return keyring.Item{}, err
	}
	data := h.whole
	for i := range h.parts {
		part, err := c.store.Get(partName(name, h.generation, i))
		if errors.Is(err, keyring.ErrKeyNotFound) {
			return keyring.Item{}, ErrDamaged
		}
		if err != nil {
			return keyring.Item{}, err
		}
		data = append(data, part.Data...)
	}
	if digest(name, data) != h.digest {
		return keyring.Item{}, ErrDamaged
	}
	return keyring.Item{Key: name, Label: name, Data: data}, nil
}

// head reads the head of an item.
func (c chunked) head(name string) (head, error) {
	item, err := c.store.Get(name)
	if err != nil {
		return head{}, err
	}
	return parseHead(item.Data)
}

// GetMetadata returns that of the head.
func (c chunked) GetMetadata(name string) (keyring.Metadata, error) { return c.store.GetMetadata(name) }

// Set writes the parts, if need be, then the head, then removes the parts of
// the head before. Parts that another writer has not named yet are let alone.
func (c chunked) Set(item keyring.Item) error {
	before, _ := c.head(item.Key) // one that cannot be read names no parts
	b, generation, err := c.prepare(item)
	if err == nil {
		err = c.store.Set(keyring.Item{Key: item.Key, Label: item.Label, Data: b})
	}
	if err != nil {
		return errors.Join(err, c.sweep(item.Key, generation))
	}
	if before.parts > 0 {
		// The item is stored; parts that stay behind do no harm.
		_ = c.sweep(item.Key, before.generation)
	}
	return nil
}

// prepare returns the head of an item, with its parts in place.
func (c chunked) prepare(item keyring.Item) (b []byte, generation string, err error) {
	sum := digest(item.Key, item.Data)
	b = append([]byte{headWhole}, sum[:]...)
	if headSize+len(item.Data) <= c.limit {
		return append(b, item.Data...), noGeneration, nil
	}
	var random [generationSize]byte
	_, _ = rand.Read(random[:]) // never fails: it ends the program instead
	generation = hex.EncodeToString(random[:])
	parts, err := c.setParts(item, generation)
	b[0] = headParts
	return binary.BigEndian.AppendUint16(append(b, random[:]...), uint16(parts)), generation, err
}

// setParts writes the data in parts and returns how many.
func (c chunked) setParts(item keyring.Item, generation string) (int, error) {
	count := (len(item.Data) + c.limit - 1) / c.limit
	if count > maxParts {
		return 0, fmt.Errorf("%w: an item of %d bytes", ErrFull, len(item.Data))
	}
	for i := range count {
		data := item.Data[i*c.limit : min((i+1)*c.limit, len(item.Data))]
		name := partName(item.Key, generation, i)
		if err := c.store.Set(keyring.Item{Key: name, Label: item.Label, Data: data}); err != nil {
			return 0, err
		}
	}
	return count, nil
}

// Remove removes the head, then every part, those of killed writers included.
func (c chunked) Remove(name string) error {
	err := c.store.Remove(name)
	if err != nil && !errors.Is(err, keyring.ErrKeyNotFound) {
		return err
	}
	return errors.Join(err, c.sweep(name, ""))
}

// sweep removes the item's parts of one generation, or of all when it is "".
func (c chunked) sweep(name, generation string) error {
	if generation == noGeneration {
		return nil
	}
	all, err := c.store.Keys()
	if err != nil {
		return err
	}
	var failed []error
	for _, key := range all {
		if strings.HasPrefix(key, partPrefix(name)+generation) {
			if err := c.store.Remove(key); !errors.Is(err, keyring.ErrKeyNotFound) {
				failed = append(failed, err)
			}
		}
	}
	return errors.Join(failed...)
}

// Keys lists the items, without parts. An item of which a killed writer left
// parts only is listed, too, so that whoever clears the store removes them.
func (c chunked) Keys() ([]string, error) {
	all, err := c.store.Keys()
	if err != nil {
		return nil, err
	}
	for i, key := range all {
		if rest, ok := strings.CutPrefix(key, chunkKind+"-"); ok {
			all[i], _, _ = strings.Cut(rest, ".")
		}
	}
	slices.Sort(all)
	return slices.Compact(all), nil
}

// partPrefix starts the names of an item's parts. Item names have no ".".
func partPrefix(name string) string { return chunkKind + "-" + name + "." }

func partName(name, generation string, i int) string {
	return fmt.Sprintf("%s%s.%d", partPrefix(name), generation, i)
}

// digest binds data to its name.
func digest(name string, data []byte) [sha256.Size]byte {
	h := sha256.New()
	h.Write(binary.BigEndian.AppendUint32(nil, uint32(len(name))))
	h.Write([]byte(name))
	h.Write(data)
	return [sha256.Size]byte(h.Sum(nil))
}
