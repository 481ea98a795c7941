package profile

import (
	"fmt"
	"strings"
	"testing"
)

// manyProfiles is a config file of n roles and their source.
func manyProfiles(n int) string {
	var b strings.Builder
	b.WriteString("[default]\nregion = eu-west-1\n")
	for i := range n {
		fmt.Fprintf(&b, "\n[profile team-%05d]\nrole_arn = arn:aws:iam::%012d:role/Admin\nsource_profile = base\nmfa_serial = arn:aws:iam::111111111111:mfa/me\nregion = eu-west-1 # near\n", i, i)
	}
	return b.String()
}

func benchmarkFiles(b *testing.B, n int) Files {
	b.Helper()
	home := b.TempDir()
	files := Files{Config: File{Path: home + "/config"}, Credentials: File{Path: home + "/credentials"}, Home: home}
	write(b, files.Config.Path, manyProfiles(n))
	write(b, files.Credentials.Path, "[base]\naws_access_key_id = AKIA\naws_secret_access_key = s\n")
	return files
}

func BenchmarkLoad10000(b *testing.B) {
	files := benchmarkFiles(b, 10_000)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Load(files); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkLoadAndOneOf10000(b *testing.B) {
	files := benchmarkFiles(b, 10_000)
	b.ReportAllocs()
	for b.Loop() {
		c, err := Load(files)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := c.Profile("team-09999"); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkAllOf10000(b *testing.B) {
	files := benchmarkFiles(b, 10_000)
	for b.Loop() {
		c, err := Load(files)
		if err != nil {
			b.Fatal(err)
		}
		for _, name := range c.Names() {
			if _, err := c.Profile(name); err != nil {
				b.Fatal(err)
			}
		}
	}
}

func BenchmarkLoadSmall(b *testing.B) {
	files := benchmarkFiles(b, 5)
	for b.Loop() {
		c, err := Load(files)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := c.Profile("team-00001"); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkLintsOfOneOf10000(b *testing.B) {
	c, err := Load(benchmarkFiles(b, 10_000))
	if err != nil {
		b.Fatal(err)
	}
	chain, err := Resolve(c, Request{Profile: "team-05000"})
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if len(c.LintsOf(chain)) == 0 {
			b.Fatal("no comment was found")
		}
	}
}

func BenchmarkLintsOf10000(b *testing.B) {
	files := benchmarkFiles(b, 10_000)
	b.ReportAllocs()
	for b.Loop() {
		c, err := Load(files)
		if err != nil {
			b.Fatal(err)
		}
		if len(c.Lints()) < 10_000 {
			b.Fatal("comments were not found")
		}
	}
}
