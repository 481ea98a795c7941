package profile

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// variants are those of an endpoint, in the order of iamHosts.
func variants() [4]struct{ fips, dual bool } {
	return [...]struct{ fips, dual bool }{{false, false}, {true, false}, {false, true}, {true, true}}
}

// iamHosts has, for one region of each partition at least, the host of IAM and
// the region that signs for it: plain, FIPS, dual-stack, and both.
func iamHosts() map[string][4]string {
	inCommercial := [4]string{
		"iam.amazonaws.com us-east-1", "iam-fips.amazonaws.com us-east-1",
		"iam.global.api.aws us-east-1", "iam-fips.global.api.aws us-east-1",
	}
	inChina := [4]string{
		"iam.cn-north-1.amazonaws.com.cn cn-north-1", "iam-fips.amazonaws.com.cn cn-northwest-1",
		"iam.global.api.amazonwebservices.com.cn cn-north-1", "iam-fips.api.amazonwebservices.com.cn cn-northwest-1",
	}
	inGovCloud := [4]string{
		"iam.us-gov.amazonaws.com us-gov-west-1", "iam.us-gov.amazonaws.com us-gov-west-1",
		"iam.us-gov.api.aws us-gov-west-1", "iam.us-gov.api.aws us-gov-west-1",
	}
	return map[string][4]string{
		"us-east-1": inCommercial, "eu-west-1": inCommercial, "mx-central-1": inCommercial, "xx-new-1": inCommercial,
		"cn-north-1": inChina, "cn-northwest-1": inChina,
		"us-gov-west-1": inGovCloud, "us-gov-east-1": inGovCloud,
		"eusc-de-east-1": {
			"iam.eusc-de-east-1.amazonaws.eu eusc-de-east-1", "iam-fips.amazonaws.eu eusc-de-east-1",
			"iam.api.amazonwebservices.eu eusc-de-east-1", "iam-fips.api.amazonwebservices.eu eusc-de-east-1",
		},
		"us-iso-west-1": {
			"iam.us-iso-east-1.c2s.ic.gov us-iso-east-1", "iam-fips.us-iso-east-1.c2s.ic.gov us-iso-east-1",
			"iam.api.aws.ic.gov us-iso-east-1", "iam-fips.api.aws.ic.gov us-iso-east-1",
		},
		"us-isob-west-1": {
			"iam.us-isob-east-1.sc2s.sgov.gov us-isob-east-1", "iam-fips.us-isob-east-1.sc2s.sgov.gov us-isob-east-1",
			"iam.api.aws.scloud us-isob-east-1", "iam-fips.api.aws.scloud us-isob-east-1",
		},
		"eu-isoe-west-1": {
			"iam.eu-isoe-west-1.cloud.adc-e.uk eu-isoe-west-1", "iam-fips.cloud.adc-e.uk eu-isoe-west-1",
			"iam.api.cloud-aws.adc-e.uk eu-isoe-west-1", "iam-fips.api.cloud-aws.adc-e.uk eu-isoe-west-1",
		},
		"us-isof-east-1": {
			"iam.us-isof-south-1.csp.hci.ic.gov us-isof-south-1", "iam-fips.csp.hci.ic.gov us-isof-south-1",
			"iam.api.aws.hci.ic.gov us-isof-south-1", "iam-fips.api.aws.hci.ic.gov us-isof-south-1",
		},
	}
}

func TestIAMHosts(t *testing.T) {
	t.Parallel()
	for region, want := range iamHosts() {
		for i, v := range variants() {
			if got := iamAt(region, v.fips, v.dual); got != want[i] {
				t.Errorf("%s, FIPS %v, dual-stack %v: %s, not %s", region, v.fips, v.dual, got, want[i])
			}
		}
	}
	if got := iamHost(partitionNamed("aws-new"), "xx-east-1", false, false); got != "iam.amazonaws.com" {
		t.Error(got)
	}
}

// Every partition has a row of its own.
func TestIAMHostsCoverThePartitions(t *testing.T) {
	t.Parallel()
	covered := map[string]bool{}
	for region := range maps.Keys(iamHosts()) {
		name, _ := partitionOf(region)
		covered[name] = true
	}
	for _, p := range partitions() {
		if !covered[p.name] {
			t.Errorf("no region of %s", p.name)
		}
	}
}

// iamAt is IAM's host for a region's partition, and the region that signs.
func iamAt(region string, fips, dual bool) string {
	name, _ := partitionOf(region)
	p := partitionNamed(name)
	return iamHost(p, region, fips, dual) + " " + iamRegion(p, fips)
}

// What a profile says of its region, FIPS and dual-stack reaches the rules, and
// nothing of it is left to be applied once more.
func TestIAMOfAProfile(t *testing.T) {
	t.Parallel()
	for region, want := range iamHosts() {
		for i, v := range variants() {
			e, err := iamOfProfile(t, region, v.fips, v.dual)
			if got := strings.TrimPrefix(e.URL, "https://") + " " + e.Region; err != nil || got != want[i] || e.FIPS || e.DualStack || e.Legacy {
				t.Errorf("%s, FIPS %v, dual-stack %v: %+v, not %s: %v", region, v.fips, v.dual, e, want[i], err)
			}
		}
	}
}

func iamOfProfile(t *testing.T, region string, fips, dual bool) (Endpoint, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "config")
	text := fmt.Sprintf("[profile p]\naws_access_key_id = AKIA\naws_secret_access_key = x\nregion = %s\nuse_fips_endpoint = %v\nuse_dualstack_endpoint = %v\n", region, fips, dual)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	config, err := Load(Files{Config: File{Path: path}})
	if err != nil {
		t.Fatal(err)
	}
	// The keys themselves are wanted: STS, which has no FIPS host in every
	// region, is not called.
	chain, err := Resolve(config, Request{Profile: "p", Services: []string{"iam"}, Overrides: Overrides{NoSessionToken: true}})
	if err != nil {
		return Endpoint{}, err
	}
	return chain.Services["iam"], nil
}

// iamOfBotocore prints where AWS's rules find IAM, for every region of AWS's
// data and every variant.
const iamOfBotocore = `
import json, botocore.session
from botocore.endpoint_provider import EndpointProvider
loader = botocore.session.Session().get_component("data_loader")
partitions = loader.load_data("partitions")
rules = EndpointProvider(loader.load_service_model("iam", "endpoint-rule-set-1"), partitions)
rows = {}
for p in partitions["partitions"]:
    for region in p["regions"]:
        rows[region] = []
        for fips, dual in [(False, False), (True, False), (False, True), (True, True)]:
            e = rules.resolve_endpoint(Region=region, UseFIPS=fips, UseDualStack=dual)
            rows[region].append(e.url.removeprefix("https://") + " " + e.properties["authSchemes"][0]["signingRegion"])
print(json.dumps(rows))
`

// TestIAMHostsAsBotocoreHasThem compares every region of AWS's data in every
// variant. The pseudo-regions are refused, as for STS.
func TestIAMHostsAsBotocoreHasThem(t *testing.T) {
	t.Parallel()
	python, err := exec.LookPath("python3")
	if err != nil || exec.Command(python, "-c", "import botocore.session").Run() != nil {
		t.Skip("needs python3 with botocore")
	}
	out, err := exec.Command(python, "-c", iamOfBotocore).Output()
	if err != nil {
		t.Fatal(err)
	}
	var rows map[string][4]string
	if err := json.Unmarshal(out, &rows); err != nil || len(rows) < 40 {
		t.Fatalf("%d regions, %v", len(rows), err)
	}
	for _, region := range slices.Sorted(maps.Keys(rows)) {
		for i, v := range variants() {
			e, err := iamOfProfile(t, region, v.fips, v.dual)
			if strings.HasSuffix(region, "-global") && region != globalRegion {
				if err == nil || !strings.Contains(err.Error(), "pseudo-region without an STS") {
					t.Errorf("%s is not refused: %v", region, err)
				}
				continue
			}
			if got := strings.TrimPrefix(e.URL, "https://") + " " + e.Region; err != nil || got != rows[region][i] {
				t.Errorf("%s, FIPS %v, dual-stack %v: %s, and botocore has %s: %v", region, v.fips, v.dual, got, rows[region][i], err)
			}
		}
	}
}
