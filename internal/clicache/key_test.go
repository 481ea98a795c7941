package clicache

import (
	"os/exec"
	"strings"
	"testing"
)

// The vectors come from botocore.
func TestRoleKey(t *testing.T) {
	t.Parallel()
	const role = "arn:aws:iam::123456789012:role/RoleA"
	for want, s := range map[string]RoleSettings{
		"330942beff5b0648244cebd8031e0bfca87ac4a0": {RoleARN: role},
		"02fddcf9ae0ce772fa47705dddee254296ec0b88": {
			RoleARN: role, DurationSeconds: 3600, ExternalID: "ext", SessionName: "me",
			MFASerial: "arn:aws:iam::123456789012:mfa/me",
		},
	} {
		if got := RoleKey(s); got != want {
			t.Errorf("%+v: %s, want %s", s, got, want)
		}
	}
}

func TestSSOKey(t *testing.T) {
	t.Parallel()
	if got := SSOKey("123456789012", "R", "my-sso", "ignored"); got != "194a11bab0303c9bf199be490e9c03dd44a13f42" {
		t.Errorf("with a session: %s", got)
	}
	if got := SSOKey("123456789012", "R", "", "https://d-abc.awsapps.com/start"); got != "1ec5f83b8b51b5faaf217e174e44559beefd6899" {
		t.Errorf("with a start URL: %s", got)
	}
}

func TestKeyIsTheFilesName(t *testing.T) {
	t.Parallel()
	if got := (File{Path: "/x/330942be.json"}).Key(); got != "330942be" {
		t.Errorf("got %q", got)
	}
}

// hostile has every kind of character that json.dumps escapes.
const hostile = "a\"\\/\b\f\n\r\t\x00\x1f\x7f é \u2028 \ufffd 😀 <&>"

func TestPythonString(t *testing.T) {
	t.Parallel()
	const want = `"a\"\\/\b\f\n\r\t\u0000\u001f\u007f \u00e9 \u2028 \ufffd \ud83d\ude00 <&>"`
	if got := pythonString(hostile); got != want {
		t.Errorf("\n%s, want\n%s", got, want)
	}
}

// Python itself is the best judge, where there is one.
func TestPythonAgrees(t *testing.T) {
	t.Parallel()
	const program = `import hashlib, json, sys
args = {"RoleArn": sys.argv[1], "ExternalId": sys.argv[2], "RoleSessionName": sys.argv[2],
        "SerialNumber": sys.argv[2], "DurationSeconds": 900}
print(hashlib.sha1(json.dumps(args, sort_keys=True).encode()).hexdigest())`
	text := strings.ReplaceAll(hostile, "\x00", "") // No argument holds it.
	out, err := exec.Command("python3", "-X", "utf8", "-c", program, "arn", text).Output()
	if err != nil {
		t.Skip("python3 does not run: ", err)
	}
	got := RoleKey(RoleSettings{RoleARN: "arn", ExternalID: text, SessionName: text, MFASerial: text, DurationSeconds: 900})
	if want := strings.TrimSpace(string(out)); got != want {
		t.Errorf("%s, want %s", got, want)
	}
}
