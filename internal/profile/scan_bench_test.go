package profile

import "testing"

// BenchmarkScan1MB is the one pass over a config file's text, a megabyte of it.
func BenchmarkScan1MB(b *testing.B) {
	const size = 1_000_000
	text := manyProfiles(10_000)[:size]
	b.SetBytes(size)
	b.ReportAllocs()
	for b.Loop() {
		if sections, problem := scan(text, configSection); problem != nil || len(sections) < 1000 {
			b.Fatal(len(sections), problem)
		}
	}
}
