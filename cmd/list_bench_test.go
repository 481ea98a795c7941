package cmd

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// BenchmarkList10000 is `list` from its files to its text, as it is for ten
// thousand roles of one user.
func BenchmarkList10000(b *testing.B) {
	home := b.TempDir()
	var config strings.Builder
	config.WriteString("[profile base]\naws_access_key_id = AKIA\naws_secret_access_key = s\nmfa_serial = arn:aws:iam::123456789012:mfa/me\n")
	for i := range 10_000 {
		fmt.Fprintf(&config, "[profile p%d]\nregion = eu-west-1\nrole_arn = arn:aws:iam::%012d:role/r\nsource_profile = base\n", i, i)
	}
	path := filepath.Join(home, "config")
	if err := os.WriteFile(path, []byte(config.String()), 0o600); err != nil {
		b.Fatal(err)
	}
	host := Host{GOOS: "linux", Now: time.Now, Out: io.Discard, Err: io.Discard, Environ: []string{"HOME=" + home, "AWS_CONFIG_FILE=" + path}}
	b.ReportAllocs()
	for b.Loop() {
		if err := newApp(host).runList(false); err != nil {
			b.Fatal(err)
		}
	}
}
