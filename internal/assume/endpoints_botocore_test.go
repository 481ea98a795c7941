package assume

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"assume-role/internal/profile"
)

// hostsOfBotocore prints where AWS's rules find STS, for every region of
// AWS's data and every variant, and whether AWS's list of endpoints has a FIPS
// host in that region.
const hostsOfBotocore = `
import itertools, json, botocore.session
from botocore.endpoint_provider import EndpointProvider
loader = botocore.session.Session().get_component("data_loader")
partitions = loader.load_data("partitions")
rules = EndpointProvider(loader.load_service_model("sts", "endpoint-rule-set-1"), partitions)
has_fips = {region for p in loader.load_data("endpoints")["partitions"]
            for region, e in p["services"].get("sts", {}).get("endpoints", {}).items()
            if any("fips" in v["tags"] for v in e.get("variants", []))}
rows = []
for p in partitions["partitions"]:
    for region in p["regions"]:
        for fips, dual, legacy in [(0, 0, 0), (1, 0, 0), (0, 1, 0), (1, 1, 0), (0, 0, 1)]:
            e = rules.resolve_endpoint(Region=region, UseFIPS=bool(fips), UseDualStack=bool(dual), UseGlobalEndpoint=bool(legacy))
            signs = (e.properties.get("authSchemes") or [{}])[0].get("signingRegion", region)
            rows.append(dict(region=region, partition=p["id"], fips=bool(fips), dual=bool(dual), legacy=bool(legacy),
                             url=e.url, signs=signs, hasFIPS=region in has_fips))
print(json.dumps(rows))
`

// stsHost is one row of hostsOfBotocore.
type stsHost struct {
	Region, Partition  string
	FIPS, Dual, Legacy bool
	URL, Signs         string
	HasFIPS            bool
}

// TestHostsAsBotocoreHasThem resolves every region of AWS's data in every
// variant and compares the host and the region that signs. The differences
// are those of refusal and of aws-global, and nothing else.
func TestHostsAsBotocoreHasThem(t *testing.T) {
	t.Parallel()
	python, err := exec.LookPath("python3")
	if err != nil || exec.Command(python, "-c", "import botocore.session").Run() != nil {
		t.Skip("needs python3 with botocore")
	}
	out, err := exec.Command(python, "-c", hostsOfBotocore).Output()
	if err != nil {
		t.Fatal(err)
	}
	var rows []stsHost
	if err := json.Unmarshal(out, &rows); err != nil || len(rows) < 200 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	for _, row := range rows {
		url, signs, err := row.ours(t)
		switch {
		case strings.HasSuffix(row.Region, "-global") && row.Region != "aws-global":
			row.refused(t, err, "pseudo-region without an STS")
		case row.FIPS && !row.HasFIPS && row.Region != "aws-global":
			row.refused(t, err, "no FIPS endpoint in "+row.Region)
		case row.Region == "aws-global" && (row.FIPS || row.Dual):
			// AWS's rules make a name with aws-global in it, which no host has.
			if want := strings.Replace(row.URL, row.Region, "us-east-1", 1); url != want || signs != "us-east-1" {
				t.Errorf("%+v: %s, %s, %v", row, url, signs, err)
			}
		case err != nil || url != row.URL || signs != row.Signs:
			t.Errorf("%+v: %s, %s, %v", row, url, signs, err)
		}
	}
}

func (row stsHost) refused(t *testing.T, err error, words string) {
	t.Helper()
	if err == nil || !strings.Contains(err.Error(), words) {
		t.Errorf("%+v is not refused: %v", row, err)
	}
}

// ours is where this tool finds STS: package profile's plan for a role of the
// partition.
func (row stsHost) ours(t *testing.T) (url, signs string, err error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "config")
	text := "[profile p]\naws_access_key_id = AKIATEST\naws_secret_access_key = x\nregion = " + row.Region +
		"\nuse_fips_endpoint = " + strconv.FormatBool(row.FIPS) + "\nuse_dualstack_endpoint = " + strconv.FormatBool(row.Dual) +
		"\nsource_profile = p\nrole_arn = arn:" + row.Partition + ":iam::123456789012:role/r\n"
	if row.Legacy {
		text += "sts_regional_endpoints = legacy\n"
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	config, err := profile.Load(profile.Files{Config: profile.File{Path: path}})
	if err != nil {
		t.Fatal(err)
	}
	chain, err := profile.Resolve(config, profile.Request{Profile: "p"})
	if err != nil {
		return "", "", err
	}
	return chain.STS.STSCalls(), chain.STS.Region, nil
}
