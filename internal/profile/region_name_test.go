package profile

import (
	"strings"
	"testing"
)

func TestIsRegion(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"eu-west-1": true, "us-gov-east-1": true, "mars-north-9": true, "aws-global": true,
		"": false, "eu west": false, "EU-WEST-1": false, "-eu": false, "eu-": false, "eu.west": false, "eu/west": false, "eu\n": false, strings.Repeat("a", 64): false,
	} {
		if IsRegion(text) != want {
			t.Errorf("%q: %v", text, !want)
		}
	}
}
