//go:build unix

package profile

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"assume-role/internal/fault"
)

// TestProgramsOfFilesThatOthersCanWrite: the plan can be shown, but nothing
// that such a file names is run.
func TestProgramsOfFilesThatOthersCanWrite(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "config")
	write(t, path, `[profile process]
credential_process = creds
[profile token]
role_arn = arn:aws:iam::123456789012:role/r
web_identity_token_process = tok
[profile saml]
role_arn = arn:aws:iam::123456789012:role/r
saml_process = idp
[profile file]
role_arn = arn:aws:iam::123456789012:role/r
web_identity_token_file = /t
[profile keys]
aws_access_key_id = AKIA
aws_secret_access_key = s
mfa_serial = GAHT12345678
mfa_process = code
`)
	if err := os.Chmod(path, 0o666); err != nil {
		t.Fatal(err)
	}
	cfg, err := Load(Files{Config: File{Path: path}, Credentials: File{Path: path + "-none"}})
	if err != nil {
		t.Fatal(err)
	}
	for name, refused := range map[string]bool{"process": true, "token": true, "saml": true, "file": false, "keys": false} {
		chain, err := Resolve(cfg, Request{Profile: name})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if got := chain.Source.Unavailable; (got != nil) != refused || refused && (got.Code != fault.InvalidValue || got.Origin.Line == 0) {
			t.Errorf("%s: unavailable: %v", name, got)
		}
	}
	chain, _ := Resolve(cfg, Request{Profile: "keys"})
	if chain.Calls[0].Device.Process.Text != "" || len(chain.Notes) != 1 || !strings.Contains(chain.Notes[0], "mfa_process") {
		t.Errorf("mfa_process: %+v, %q", chain.Calls[0].Device, chain.Notes)
	}
}
