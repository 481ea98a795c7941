package profile

import (
	"strings"
	"testing"
)

// TestParseARN: an ARN is what splits into six fields at its first colons.
func TestParseARN(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"arn:aws:iam::123456789012:role/a", "arn:aws-cn:iam:r:1:a:b:c", "arn:aws:::::", "arn:aws::::", "arn:aws:::", "arn:", "arn", "", ":::::",
		"arn:AWS:iam::1:role/a", "arn::iam::1:role/a", "arn:aws-:iam::1:r", "xarn:aws:iam::1:r", "arn:aws:iam::1", "arn:aws:iam::1:", "ARN:aws:iam::1:r",
	} {
		fields := strings.SplitN(text, ":", 6)
		want := len(fields) == 6 && fields[0] == "arn" && isPartition(fields[1])
		got, ok := parseARN(text)
		if ok != want {
			t.Errorf("%q is one: %v, not %v", text, ok, want)
		}
		if want && got != (arn{fields[1], fields[2], fields[3], fields[4], fields[5]}) || !want && got != (arn{}) {
			t.Errorf("%q: %+v", text, got)
		}
	}
}
