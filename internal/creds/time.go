package creds

import (
	"strings"
	"time"
)

// ParseTime reads a time as AWS's tools write it, and returns it in UTC:
// RFC 3339, or with the letters UTC in place of Z, as releases of the AWS CLI
// have left it in their caches (strftime's "2026-01-02T03:04:05UTC").
func ParseTime(text string) (time.Time, error) {
	if stamp, ok := strings.CutSuffix(text, "UTC"); ok {
		text = stamp + "Z"
	}
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return time.Time{}, err
	}
	return at.UTC(), nil
}
