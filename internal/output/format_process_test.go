package output

import (
	"testing"
	"time"

	"assume-role/internal/creds"
)

func TestProcess(t *testing.T) {
	t.Parallel()
	east := time.FixedZone("", 2*60*60)
	p := Payload{Credentials: creds.Credentials{
		AccessKeyID: "ASIAEXAMPLE", SecretAccessKey: "<s>&", SessionToken: "t\"",
		Expiration: time.Date(2030, 1, 2, 3, 4, 5, 999_999_999, east), AccountID: "123456789012",
	}}
	const want = `{
  "Version": 1,
  "AccessKeyId": "ASIAEXAMPLE",
  "SecretAccessKey": "<s>&",
  "SessionToken": "t\"",
  "Expiration": "2030-01-02T01:04:05Z",
  "AccountId": "123456789012"
}
`
	if got := must(t, "process", p); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
