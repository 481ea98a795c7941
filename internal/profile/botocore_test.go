package profile

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// readWithBotocore prints, for each folder named as an argument, the profiles
// that botocore (so the AWS CLI) reads in its config and credentials files.
const readWithBotocore = `
import json, os, sys, botocore.session
for folder in sys.argv[1:]:
    os.environ.update(AWS_CONFIG_FILE=folder + "/config", AWS_SHARED_CREDENTIALS_FILE=folder + "/credentials")
    print(json.dumps(botocore.session.Session().full_config["profiles"]))
`

// TestAsBotocoreReads compares with the AWS CLI's own parser on files of the
// kinds that people have, where the two are meant to agree: comments that end
// a line and sections that come twice are left out, for botocore keeps the
// one in the value and refuses the other.
func TestAsBotocoreReads(t *testing.T) {
	t.Parallel()
	python, err := exec.LookPath("python3")
	if err != nil || exec.Command(python, "-c", "import botocore.session").Run() != nil {
		t.Skip("needs python3 with botocore")
	}
	random := rand.New(rand.NewPCG(1, 2))
	folders := make([]string, 50)
	for i := range folders {
		folders[i] = t.TempDir()
		newline := []string{"\n", "\r\n"}[random.IntN(2)]
		write(t, folders[i]+"/config", strings.Join(usualConfig(random), newline)+newline)
		write(t, folders[i]+"/credentials", strings.Join(usualCredentials(random), newline)+newline)
	}
	cmd := exec.Command(python, append([]string{"-c", readWithBotocore}, folders...)...)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	theirs := bytes.Split(bytes.TrimSpace(out), []byte("\n"))
	for i, folder := range folders {
		var want map[string]any
		if err := json.Unmarshal(theirs[i], &want); err != nil {
			t.Fatal(err)
		}
		diff(t, folder, want, settingsOf(t, folder))
	}
}

func settingsOf(t *testing.T, folder string) map[string]any {
	t.Helper()
	c, err := Load(Files{Config: File{Path: folder + "/config"}, Credentials: File{Path: folder + "/credentials"}})
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]any{}
	for _, name := range c.Names() {
		all[name] = profileOf(t, c, name).Settings()
	}
	return all
}

func usualConfig(r *rand.Rand) []string {
	names := []string{"a", "dev", "b-c", "'a b'", `"x y"`, "p/q", "t@u", "ü", "$HOME", "a|b", "*", `'it'"'"'s me'`}
	headers := []string{"[profile %s]", "[profile   %s]", "[profile\t%s]", "[profile %s] # c", "[profile %s] ; c"}
	keys := []string{"region", "role_arn", "Output", "s3", "sso_start_url", "credential_process", "x"}
	file := []string{"[default]", "region = eu-west-1", "[sso-session s]", "x = 1"}
	for _, n := range r.Perm(len(names))[:5] {
		file = append(file, "", fmt.Sprintf(headers[r.IntN(len(headers))], names[n]))
		for _, k := range r.Perm(len(keys))[:4] {
			file = append(file, usualSetting(r, keys[k])...)
		}
	}
	return file
}

func usualSetting(r *rand.Rand, key string) []string {
	if key == "s3" {
		return []string{"s3 =", "  max_concurrent_requests = 20", "", "  addressing_style=path"}
	}
	forms := []string{"%s = %s", "%s=%s", "%s =%s", "%s\t=\t%s", "%s = %s \t"}
	values := []string{"v", "a=b", "https://d-1.awsapps.com/start#/", "p;q", `"quoted"`, "'q q'", `C:\a\new`, "%(x)s", "a  b", "ü☃", "", "/bin/x --name 'a b'"}
	between := []string{"# c", "; c", "", "   "}
	lines := []string{fmt.Sprintf(forms[r.IntN(len(forms))], key, values[r.IntN(len(values))])}
	if n := r.IntN(3 * len(between)); n < len(between) {
		lines = append(lines, between[n])
	}
	return lines
}

func usualCredentials(r *rand.Rand) []string {
	var file []string
	for _, n := range r.Perm(4)[:2] {
		file = append(file, "["+[]string{"a", "dev", "zz", "q r"}[n]+"]", "region = us-east-2", "x=y")
	}
	return file
}
