package cmd

import (
	"fmt"
	"regexp"
	"runtime"
	"testing"
)

// The line has a place for each of the five, whatever this build has recorded.
func TestVersionLine(t *testing.T) {
	t.Parallel()
	form := fmt.Sprintf(`^assume-role dev \(commit (unknown|[0-9a-f]{40}), (unknown|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ), %s, %s/%s\)$`,
		regexp.QuoteMeta(runtime.Version()), runtime.GOOS, runtime.GOARCH)
	if line := versionLine(); !regexp.MustCompile(form).MatchString(line) {
		t.Errorf("the version is shown as %q, which does not match %s", line, form)
	}
}

func TestRecordedIsUnknown(t *testing.T) {
	t.Parallel()
	if got := recorded("no.such.setting"); got != "unknown" {
		t.Errorf("recorded gave %q for what no build records", got)
	}
}
