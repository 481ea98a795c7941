package awsfile

import (
	"fmt"
	"strings"
	"testing"
)

// BenchmarkSet is one edit of a file of ten thousand profiles.
func BenchmarkSet(b *testing.B) {
	var text strings.Builder
	for i := range 10_000 {
		fmt.Fprintf(&text, "[profile p%d]\nrole_arn = arn:aws:iam::123456789012:role/x\nsource_profile = base\nregion = eu-west-1\n\n", i)
	}
	for b.Loop() {
		f, err := Parse(text.String())
		if err == nil {
			err = f.Set("profile p9999", "region", "x")
		}
		if err != nil || !f.Changed() {
			b.Fatal(err)
		}
	}
}

// BenchmarkDiff is the diff of an edit of every tenth of them.
func BenchmarkDiff(b *testing.B) {
	f := &File{}
	for i := range 10_000 {
		f.lines = append(f.lines, fmt.Sprintf("[profile p%d]\n", i), "k = v\n")
	}
	f.before = f.Text()
	for i := range 1000 {
		f.lines[i*20+1] = "k = w\n"
	}
	for b.Loop() {
		if strings.Count(f.Diff(false), "\n+k = w") != 1000 {
			b.Fatal("not all of it is shown")
		}
	}
}
