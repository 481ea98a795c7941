package cmd

import "testing"

func BenchmarkRoot(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		newApp(Host{}).root(nil)
	}
}
