package sso

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// python returns one that has botocore, or skips the test.
func python(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"python3", "python3.11"} {
		if exec.Command(name, "-c", "import botocore.tokens").Run() == nil {
			return name
		}
	}
	t.Skip("needs python3 with botocore")
	return ""
}

// botocore runs a program with the world's home, and returns what it printed.
func (w *world) botocore(program string) string {
	w.Helper()
	user := w.TempDir()
	folder := filepath.Join(user, ".aws", "sso", "cache")
	if err := os.MkdirAll(filepath.Dir(folder), 0o700); err != nil {
		w.Fatal(err)
	}
	if err := os.Symlink(w.session.Folder, folder); err != nil {
		w.Skip(err)
	}
	config := "[sso-session corp]\nsso_start_url = " + portal + "\nsso_region = " + home + "\n" +
		"[profile admin]\nsso_session = corp\nsso_account_id = 123456789012\nsso_role_name = Admin\n"
	if err := os.WriteFile(filepath.Join(user, ".aws", "config"), []byte(config), 0o600); err != nil {
		w.Fatal(err)
	}
	c := exec.Command(python(w.T), "-c", program)
	c.Env = append(os.Environ(), "HOME="+user, "AWS_CONFIG_FILE="+filepath.Join(user, ".aws", "config"), "AWS_PROFILE=admin",
		"AWS_ENDPOINT_URL_SSO="+w.aws.URL(), "AWS_ENDPOINT_URL_SSO_OIDC="+w.aws.URL(), "NO_PROXY=127.0.0.1")
	out, err := c.CombinedOutput()
	if err != nil {
		w.Fatalf("%v\n%s", err, out)
	}
	return strings.TrimSpace(string(out))
}

// TestBotocoreUsesTheSignIn: the AWS CLI's own reader takes the token, and
// refreshes it; this tool goes on from there.
func TestBotocoreUsesTheSignIn(t *testing.T) {
	t.Parallel()
	python(t)
	w := newWorld(t)
	w.aws.SetBrowser("alice")
	if _, err := w.session.Authorize(t.Context(), w.human().person()); err != nil {
		t.Fatal(err)
	}
	const credentials = "import botocore.session; print(botocore.session.Session().get_credentials().get_frozen_credentials().access_key)"
	if id := w.botocore(credentials); !strings.HasPrefix(id, "ASIA") {
		t.Errorf("%q", id)
	}
	w.calls(1, 1)

	w.change("expiresAt", time.Now().Add(5*time.Minute).UTC().Format("2006-01-02T15:04:05Z"))
	before := w.session.held().access
	if id := w.botocore(credentials); !strings.HasPrefix(id, "ASIA") {
		t.Errorf("%q", id)
	}
	w.calls(2, 2)
	if w.session.held().access == before {
		t.Error("botocore did not refresh the token")
	}
	w.gets("Admin")
	w.calls(2, 3)
}

// TestRegistrationOfTheAWSCLI: what its way of writing leaves is found and
// used, and the other way round.
func TestRegistrationOfTheAWSCLI(t *testing.T) {
	t.Parallel()
	python(t)
	w := newWorld(t)
	w.aws.SetBrowser("alice")
	w.session.Name, w.session.Scopes = "corp ä", "sso:account:access"
	written := w.botocore(`
import botocore.session, datetime, hashlib, json, os
from botocore import UNSIGNED
from botocore.config import Config
from botocore.utils import JSONFileCache
oidc = botocore.session.Session().create_client('sso-oidc', region_name='` + home + `', config=Config(signature_version=UNSIGNED))
grants, scopes = ['authorization_code', 'refresh_token'], ['sso:account:access']
r = oidc.register_client(clientName='botocore-client-corp', clientType='public', grantTypes=grants, scopes=scopes,
    redirectUris=['http://127.0.0.1/oauth/callback'], issuerUrl='` + portal + `')
key = hashlib.sha1(json.dumps({'tool': 'botocore', 'startUrl': '` + portal + `', 'region': '` + home + `', 'scopes': scopes, 'session_name': 'corp ä'}, sort_keys=True).encode('utf-8')).hexdigest()
cache = JSONFileCache(os.path.expanduser('~/.aws/sso/cache'), dumps_func=lambda o: json.dumps(o, default=lambda t: t.strftime('%Y-%m-%dT%H:%M:%SZ')))
cache[key] = {'clientId': r['clientId'], 'clientSecret': r['clientSecret'], 'scopes': scopes, 'grantTypes': grants,
    'expiresAt': datetime.datetime.fromtimestamp(r['clientSecretExpiresAt'], datetime.timezone.utc)}
print(r['clientId'])
`)
	if _, err := w.session.Authorize(t.Context(), w.human().person()); err != nil {
		t.Fatal(err)
	}
	if n := w.aws.Count("RegisterClient"); n != 1 {
		t.Errorf("RegisterClient %d", n)
	}
	var id string
	if _ = json.Unmarshal(w.file()["clientId"], &id); id != written {
		t.Errorf("the client %s, not %s", id, written)
	}
	got := w.botocore(`
import json, dateutil.parser, os
from botocore.utils import JSONFileCache
cache = JSONFileCache(os.path.expanduser('~/.aws/sso/cache'))
r = cache['` + strings.TrimSuffix(filepath.Base(w.session.clientPath(portal)), ".json") + `']
print(r['clientId'], dateutil.parser.parse(r['expiresAt']).utcoffset(), 'authorization_code' in r['grantTypes'])
`)
	if got != written+" 0:00:00 True" {
		t.Errorf("%q", got)
	}
}
