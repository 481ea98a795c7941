package output

import (
	"io"
	"testing"
	"time"

	"assume-role/internal/creds"
)

// BenchmarkFormats is one export in every format, one after the other.
func BenchmarkFormats(b *testing.B) {
	expires := time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)
	payload := Payload{
		Set: []creds.Variable{
			{Name: "AWS_ACCESS_KEY_ID", Value: "ASIAIOSFODNN7EXAMPLE"}, {Name: "AWS_SECRET_ACCESS_KEY", Value: "secret"},
			{Name: "AWS_SESSION_TOKEN", Value: "token/token=="}, {Name: "AWS_REGION", Value: "eu-west-1"},
		},
		Unset:       []string{"AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_ROLE_ARN"},
		Credentials: creds.Credentials{AccessKeyID: "ASIAIOSFODNN7EXAMPLE", SecretAccessKey: "secret", SessionToken: "token/token==", Expiration: expires},
		Profile:     "deploy", Region: "eu-west-1",
	}
	b.ReportAllocs()
	for b.Loop() {
		for _, f := range Formats() {
			if err := f.Write(io.Discard, payload); err != nil {
				b.Fatal(f.Name, err)
			}
		}
	}
}
