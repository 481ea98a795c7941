package keystore

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"testing"
)

// resealed gives a changed file the digest of a whole one.
func resealed(file []byte) []byte {
	body := bytes.Clone(file[:len(file)-sha256.Size])
	sum := sha256.Sum256(body)
	return append(body, sum[:]...)
}

// TestFormatForgedEverywhere flips each byte of an item whose digest the forger
// has mended: the key or the cipher refuses it.
func TestFormatForgedEverywhere(t *testing.T) {
	t.Parallel()
	key := derive("correct horse", cheap(), newSalt())
	whole, err := seal(key, "session-a", []byte(canary))
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(whole, []byte("canary")) {
		t.Error("an item shows its content")
	}
	for i := range len(whole) - sha256.Size {
		forged := bytes.Clone(whole)
		forged[i] ^= 0x80
		item, err := parseSealed(resealed(forged), cheap())
		if err == nil {
			_, err = item.open(key, "session-a")
		}
		if !errors.Is(err, ErrDamaged) && !errors.Is(err, ErrWrongPassphrase) {
			t.Errorf("byte %d: %v", i, err)
		}
	}
}

func TestFormatCostBounds(t *testing.T) {
	t.Parallel()
	whole, err := seal(derive("x", cheap(), newSalt()), "session-a", nil)
	if err != nil {
		t.Fatal(err)
	}
	low := minimumCost()
	for _, tc := range []struct {
		cost cost
		ok   bool
	}{
		{low, true}, {standardCost(), true}, {cost{maxMemory, maxTime, maxThreads}, true},
		{cost{low.memory - 1, low.time, 1}, false}, {cost{low.memory, low.time - 1, 1}, false},
		{cost{low.memory, low.time, 0}, false}, {cost{maxMemory + 1, 2, 1}, false},
		{cost{low.memory, maxTime + 1, 1}, false}, {cost{low.memory, 2, maxThreads + 1}, false},
		{cost{1<<32 - 1, 1<<32 - 1, 255}, false},
	} {
		copy(whole[len(magic):], tc.cost.append(nil))
		if _, err := parseSealed(resealed(whole), low); (err == nil) != tc.ok {
			t.Errorf("cost %+v: %v, want accepted %v", tc.cost, err, tc.ok)
		}
	}
}

func TestFormatNoTwoItemsAlike(t *testing.T) {
	t.Parallel()
	key := derive("x", cheap(), newSalt())
	one, _ := seal(key, "session-a", []byte("same"))
	two, _ := seal(key, "session-a", []byte("same"))
	if bytes.Equal(one[headerSize:], two[headerSize:]) {
		t.Error("a nonce was used twice")
	}
}

// FuzzSealed feeds files of any content with a right digest to the reader.
func FuzzSealed(f *testing.F) {
	key := derive("correct horse", cheap(), [saltSize]byte{1})
	whole, err := seal(key, "session-a", []byte("content"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(whole, true)
	f.Add(whole, false)
	f.Add([]byte{}, false)
	f.Add([]byte(magic), false)
	f.Add(binary.BigEndian.AppendUint32([]byte(magic), 1<<31), true)
	f.Fuzz(func(t *testing.T, file []byte, mend bool) {
		if mend && len(file) > sha256.Size {
			file = resealed(file)
		}
		item, err := parseSealed(file, cheap())
		if err != nil {
			return
		}
		data, err := item.open(key, "session-a")
		if err == nil && !bytes.Equal(data, []byte("content")) {
			t.Errorf("opened what was never sealed: %q", data)
		}
	})
}

func FuzzParseWaiting(f *testing.F) {
	key := derive("correct horse", cheap(), [saltSize]byte{1})
	whole := waitingKey{key: key, proof: key.proof("correct horse")}.bytes()
	f.Add(whole)
	f.Add(whole[:40])
	f.Add([]byte{waitingVersion})
	f.Fuzz(func(t *testing.T, b []byte) {
		w, err := parseWaiting(b)
		if err == nil && !bytes.Equal(w.bytes(), b) {
			t.Errorf("parsed %x as %x", b, w.bytes())
		}
	})
}

func TestWaitingKeyRoundTrip(t *testing.T) {
	t.Parallel()
	key := derive("correct horse", cheap(), newSalt())
	w, err := parseWaiting(waitingKey{key: key, proof: key.proof("correct horse")}.bytes())
	if err != nil || w.key != key {
		t.Fatalf("%+v, %v", w, err)
	}
	if !w.opensFor("correct horse", true) || w.opensFor("battery staple", true) || !w.opensFor("", false) {
		t.Error("a waiting key serves the passphrase that it was made from, or none")
	}
}
