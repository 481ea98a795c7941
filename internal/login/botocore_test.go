package login_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"assume-role/internal/awsfake"
	"assume-role/internal/login"
)

// asBotocore has botocore read a profile's session, and refresh it where it
// wants to. Its elliptic curves are awscrt's; where that is missing, those of
// the package cryptography stand in.
const asBotocore = `
import hashlib, json, sys
import botocore, botocore.credentials, botocore.session

def stand_in():
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec, utils

    class EC:
        @staticmethod
        def new_key_from_der_data(der):
            key = EC()
            key.key = serialization.load_der_private_key(der, None)
            return key

        def get_public_coords(self):
            n = self.key.public_key().public_numbers()
            return n.x.to_bytes(32, "big"), n.y.to_bytes(32, "big")

        def sign(self, digest):
            return self.key.sign(digest, ec.ECDSA(utils.Prehashed(hashes.SHA256())))

        @staticmethod
        def decode_der_signature_to_padded_pair(signature, pad_to):
            r, s = utils.decode_dss_signature(signature)
            return r.to_bytes(pad_to, "big") + s.to_bytes(pad_to, "big")

    return EC

if not hasattr(botocore.credentials, "LoginProvider"):
    print("this botocore knows no login_session")
    sys.exit(77)
if botocore.credentials.EC is None:
    try:
        botocore.credentials.EC = stand_in()
    except ImportError:
        print("neither awscrt nor cryptography")
        sys.exit(77)
found = botocore.session.Session(profile="dev").get_credentials()
keys = found.get_frozen_credentials()
print(json.dumps([botocore.__version__, found.method, keys.access_key, found.account_id]))
`

// TestBotocoreGoesOn: botocore reads the file of a sign-in made here and
// refreshes it, and the session goes on here from what botocore wrote.
func TestBotocoreGoesOn(t *testing.T) {
	t.Parallel()
	began := time.Now().Add(-11 * time.Minute) // botocore has no other clock than the system's
	p := newPersonAt(t, awsfake.Options{Clock: func() time.Time { return began }})
	g, err := p.signIn.Grant(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := p.session.Keep(t.Context(), g); err != nil {
		t.Fatal(err)
	}
	ours := string(p.read())
	p.aws.Advance(time.Since(began))
	version, method, key, account := p.botocore()
	p.refreshed(2)
	if method != "login" || account != "123456789012" || strings.Contains(ours, key) {
		t.Errorf("botocore %s got %s %s of account %s", version, method, key, account)
	}
	if got := p.gets(login.Need{}, 2); got != key {
		t.Errorf("ours has %s, botocore has %s", got, key)
	}
	p.aws.Advance(11 * time.Minute)
	p.gets(login.Need{}, 3)
}

// botocore gets the credentials of the profile dev.
func (p *person) botocore() (version, method, key, account string) {
	p.Helper()
	config := filepath.Join(p.TempDir(), "config")
	if err := os.WriteFile(config, []byte("[profile dev]\nregion = eu-west-1\nlogin_session = "+alice+"\n"), 0o600); err != nil {
		p.Fatal(err)
	}
	python, err := exec.LookPath("python3")
	if err != nil {
		p.Skip("needs python3 with botocore")
	}
	command := exec.Command(python, "-c", asBotocore)
	command.Env = append(os.Environ(), "AWS_CONFIG_FILE="+config, "AWS_SHARED_CREDENTIALS_FILE="+config+".none", "AWS_EC2_METADATA_DISABLED=true",
		"AWS_LOGIN_CACHE_DIRECTORY="+p.session.Folder, "AWS_ENDPOINT_URL_SIGNIN="+p.aws.URL(), "AWS_PROFILE=", "AWS_ACCESS_KEY_ID=")
	out, err := command.CombinedOutput()
	if command.ProcessState != nil && command.ProcessState.ExitCode() == 77 || strings.Contains(string(out), "No module named 'botocore'") {
		p.Skipf("needs python3 with botocore: %s", out)
	}
	var got [4]string
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	if err != nil || json.Unmarshal([]byte(lines[len(lines)-1]), &got) != nil {
		p.Fatalf("%v: %s", err, out)
	}
	p.Logf("botocore %s", got[0])
	return got[0], got[1], got[2], got[3]
}
