package server

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"strconv"
	"time"
)

const (
	ttlHeader   = "X-Aws-Ec2-Metadata-Token-Ttl-Seconds"
	tokenHeader = "X-Aws-Ec2-Metadata-Token"
	// longestToken is the longest life of a token, in seconds.
	longestToken = 21600
)

// metadataTokens issues the session tokens of IMDSv2. A token is its own end and
// a mark that only this server makes, so there is no table that could fill up.
type metadataTokens struct {
	secret [sha256.Size]byte
	now    func() time.Time
}

func newMetadataTokens(now func() time.Time) metadataTokens {
	t := metadataTokens{now: now}
	_, _ = rand.Read(t.secret[:]) // never fails
	return t
}

// issue makes a token that lasts for so many seconds, as the header has them.
func (t metadataTokens) issue(seconds string) (string, bool) {
	n, err := strconv.ParseUint(seconds, 10, 32)
	if err != nil || n < 1 || n > longestToken {
		return "", false
	}
	end := t.now().Add(time.Duration(n) * time.Second).UnixNano()
	text := binary.BigEndian.AppendUint64(nil, uint64(end))
	return base64.RawURLEncoding.EncodeToString(append(text, t.mark(text)...)), true
}

// valid reports whether a token is one of ours that has not ended.
func (t metadataTokens) valid(token string) bool {
	b, err := base64.RawURLEncoding.Strict().DecodeString(token)
	if err != nil || len(b) != 8+sha256.Size || !hmac.Equal(t.mark(b[:8]), b[8:]) {
		return false
	}
	return t.now().UnixNano() < int64(binary.BigEndian.Uint64(b))
}

func (t metadataTokens) mark(text []byte) []byte {
	m := hmac.New(sha256.New, t.secret[:])
	m.Write(text)
	return m.Sum(nil)
}
