package server

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"assume-role/internal/fault"
)

// boto3 runs a script under the first Python that has boto3, with nothing of
// this machine's AWS files and variables, and returns what it prints.
func boto3(t *testing.T, script string, environ ...string) string {
	t.Helper()
	for _, python := range []string{"python3", "python3.11", "python3.12", "python3.13"} {
		if exec.Command(python, "-c", "import boto3").Run() != nil {
			continue
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		c := exec.CommandContext(ctx, python, "-c", script)
		home := t.TempDir()
		c.Env = append([]string{"PATH=" + os.Getenv("PATH"), "HOME=" + home, "AWS_CONFIG_FILE=" + filepath.Join(home, "none")}, environ...)
		out, err := c.CombinedOutput()
		if err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		return string(out)
	}
	t.Skip("boto3 is not installed")
	return ""
}

// show prints the credentials that boto3 finds, and where it did.
const show = `
import boto3, json
c = boto3.Session().get_credentials()
f = c.get_frozen_credentials()
print(json.dumps([c.method, f.access_key, f.secret_key, f.token]))
`

// wantCredentials are those of the first call.
func wantCredentials(t *testing.T, out, method string) {
	t.Helper()
	var got []string
	if err := json.Unmarshal([]byte(out), &got); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if want := []string{method, "ASIA1", canarySecret, canaryToken}; strings.Join(got, " ") != strings.Join(want, " ") {
		t.Errorf("%q", got)
	}
}

// TestBoto3Container: the real client of the container endpoint.
func TestBoto3Container(t *testing.T) {
	t.Parallel()
	w := start(t)
	wantCredentials(t, boto3(t, show, "AWS_CONTAINER_CREDENTIALS_FULL_URI="+w.url+"/role/dev", "AWS_CONTAINER_AUTHORIZATION_TOKEN="+tokenDev), "container-role")
}

// TestBoto3Metadata: the real client of instance metadata, and its region.
func TestBoto3Metadata(t *testing.T) {
	t.Parallel()
	w := start(t, withMetadata)
	out := boto3(t, show+`
from botocore.utils import InstanceMetadataRegionFetcher
import os
print(InstanceMetadataRegionFetcher(config={'ec2_metadata_service_endpoint': os.environ['AWS_EC2_METADATA_SERVICE_ENDPOINT']}).retrieve_region())
`, "AWS_EC2_METADATA_SERVICE_ENDPOINT="+w.url, "AWS_EC2_METADATA_V1_DISABLED=true")
	credentials, region, _ := strings.Cut(strings.TrimSpace(out), "\n")
	wantCredentials(t, credentials, "iam-role")
	if region != "eu-west-1" {
		t.Errorf("region %q", region)
	}
}

// TestBoto3Refreshes over the ends of four sessions. The clocks of both sides
// are moved, the server's by a page that the script asks for.
func TestBoto3Refreshes(t *testing.T) {
	t.Parallel()
	var moved atomic.Int64
	w := start(t, func(o *Options) {
		o.Now = func() time.Time { return time.Now().Add(time.Duration(moved.Load())) }
		dev := &mint{lifetime: 15 * time.Minute, now: o.Now}
		o.Profiles[0].Credentials = dev.credentials
	})
	clock := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { moved.Add(int64(5 * time.Minute)) }))
	defer clock.Close()
	out := boto3(t, `
import boto3, botocore.credentials, datetime, json, os, urllib.request
moved = datetime.timedelta()
c = boto3.Session().get_credentials()
real = c._time_fetcher
c._time_fetcher = lambda: real() + moved
keys = []
for step in range(13):
    keys.append(c.get_frozen_credentials().access_key)
    moved += datetime.timedelta(minutes=5)
    urllib.request.urlopen(os.environ["CLOCK"])
print(*keys)
`, "CLOCK="+clock.URL, "AWS_CONTAINER_CREDENTIALS_FULL_URI="+w.url+"/role/dev", "AWS_CONTAINER_AUTHORIZATION_TOKEN="+tokenDev)
	// It asks each time, for it wants 15 minutes; after ten, five are left, which
	// may or may not be time to renew; after fifteen the session has ended.
	keys := strings.Fields(out)
	for i, key := range keys {
		if i >= 3 && key == keys[i-3] {
			t.Errorf("a session after its end: %s", out)
		}
	}
	if len(keys) != 13 || keys[1] != "ASIA1" || keys[12] > "ASIA7" {
		t.Errorf("sessions renewed too often: %s", out)
	}
}

// TestBoto3ShowsOurError, and asks no more often than it has to.
func TestBoto3ShowsOurError(t *testing.T) {
	t.Parallel()
	w := start(t)
	w.dev.fail(fault.New("", "the trust policy does not name you").In("dev").Fix("ask for it"))
	out := boto3(t, `
import boto3
try:
    boto3.Session().get_credentials().get_frozen_credentials()
except Exception as e:
    print(e)
`, "AWS_CONTAINER_CREDENTIALS_FULL_URI="+w.url+"/role/dev", "AWS_CONTAINER_AUTHORIZATION_TOKEN="+tokenDev)
	if !strings.Contains(out, "the trust policy does not name you: ask for it") {
		t.Error(out)
	}
}
