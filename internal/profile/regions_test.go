package profile

import (
	"encoding/json"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

func TestListOfRegions(t *testing.T) {
	t.Parallel()
	var names []string
	for _, region := range Regions() {
		names = append(names, region.Name)
		if !IsRegion(region.Name) || region.Place == "" || strings.TrimSpace(region.Place) != region.Place {
			t.Errorf("%+v", region)
		}
		if _, known := partitionOf(region.Name); !known {
			t.Errorf("%s is of no partition", region.Name)
		}
	}
	if !slices.IsSorted(names) || len(slices.Compact(slices.Clone(names))) != len(names) {
		t.Errorf("not sorted, or twice: %v", names)
	}
	for _, p := range partitions() {
		if !slices.Contains(names, p.region) {
			t.Errorf("%s, the default of %s, is missing", p.region, p.name)
		}
	}
}

// TestListOfRegionsIsBotocores names what a newer botocore has, which is no failure:
// the list is a help, and AWS opens regions when it likes. What botocore has
// not is one.
func TestListOfRegionsIsBotocores(t *testing.T) {
	t.Parallel()
	const script = `import json, botocore
p = json.load(open(botocore.__path__[0] + '/data/partitions.json'))
print(json.dumps([r for x in p['partitions'] for r in x['regions'] if not r.endswith('-global')]))`
	out, err := exec.Command(pythonWithBotocore(t), "-c", script).Output()
	if err != nil {
		t.Skip("this botocore has no partitions.json")
	}
	var theirs []string
	if err := json.Unmarshal(out, &theirs); err != nil {
		t.Fatal(err)
	}
	for _, region := range Regions() {
		if !slices.Contains(theirs, region.Name) {
			t.Errorf("botocore knows no %s", region.Name)
		}
		theirs = slices.DeleteFunc(theirs, func(name string) bool { return name == region.Name })
	}
	if len(theirs) > 0 {
		t.Logf("botocore has more: %v", theirs)
	}
}
