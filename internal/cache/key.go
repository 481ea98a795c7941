package cache

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
)

// Key names the session that inputs shape: the SHA-256 of their JSON with
// sorted names, in hexadecimal. Everything that changes what STS would return
// belongs into inputs, and no creds.Secret (its JSON is the same for all).
// The values must be JSON's: one that has no JSON form is a programming error
// and panics.
func Key(inputs map[string]any) string {
	text, err := json.Marshal(inputs)
	if err != nil {
		panic(fmt.Sprintf("cache: key input without a JSON form: %v", err))
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}
