package request

import (
	"slices"
	"testing"
)

func TestServices(t *testing.T) {
	t.Parallel()
	all := Services()
	if !slices.IsSorted(all) || len(slices.Compact(slices.Clone(all))) != len(all) {
		t.Error("not sorted, or twice")
	}
	for _, name := range []string{"execute-api", "s3", "sts", "es", "aoss", "monitoring"} {
		if !slices.Contains(all, name) {
			t.Errorf("%s is missing", name)
		}
	}
}
