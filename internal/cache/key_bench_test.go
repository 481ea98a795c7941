package cache

import "testing"

// BenchmarkKey is the key of a usual role's session.
func BenchmarkKey(b *testing.B) {
	inputs := map[string]any{
		"kind": "assume-role", "source": "AKIAIOSFODNN7EXAMPLE", "device": "arn:aws:iam::123456789012:mfa/me",
		"role": "arn:aws:iam::123456789012:role/deploy", "name": "me", "duration": 3600, "partition": "aws",
	}
	b.ReportAllocs()
	for b.Loop() {
		if len(Key(inputs)) != 64 {
			b.Fatal("no SHA-256")
		}
	}
}
