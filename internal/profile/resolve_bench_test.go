package profile

import (
	"fmt"
	"strings"
	"testing"
)

// BenchmarkResolveThreeSteps resolves keys, a session token with a code and
// two roles, in files of 10,000 profiles that are loaded already.
func BenchmarkResolveThreeSteps(b *testing.B) {
	var config strings.Builder
	for i := range 10_000 {
		fmt.Fprintf(&config, "[profile p%d]\nrole_arn = arn:aws:iam::123456789012:role/r%d\nsource_profile = keys\nregion = eu-west-1\n", i, i)
	}
	config.WriteString("[profile a]\nrole_arn = arn:aws:iam::123456789012:role/a\nsource_profile = p5000\nregion = eu-west-1\nmfa_serial = GAHT12345678\n")
	cfg := mustLoad(b, config.String(), "[keys]\naws_access_key_id = AKIA\naws_secret_access_key = s\n")
	b.ReportAllocs()
	for b.Loop() {
		if chain, err := Resolve(cfg, Request{Profile: "a"}); err != nil || len(chain.Calls) != 3 {
			b.Fatal(chain, err)
		}
	}
}
