package profile

import (
	"bytes"
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

// readAllWithBotocore prints, for each folder named as an argument, the
// profiles and sso-sessions that botocore reads, or null for files that it
// refuses.
const readAllWithBotocore = `
import json, os, sys, botocore.session, botocore.exceptions
for folder in sys.argv[1:]:
    os.environ.update(AWS_CONFIG_FILE=folder + "/config", AWS_SHARED_CREDENTIALS_FILE=folder + "/credentials")
    try:
        full = botocore.session.Session().full_config
        print(json.dumps({"profile": full["profiles"], "sso-session": full.get("sso_sessions", {})}))
    except botocore.exceptions.ConfigParseError:
        print("null")
`

// sections are settings by section, by kind of section.
type sections map[string]map[string]map[string]any

// TestRealConfigsAsBotocoreReads holds that we and the AWS CLI read the same
// in real files, but for the differences that differences.txt gives a reason
// for: one that is not there fails, and so does one that is no more.
func TestRealConfigsAsBotocoreReads(t *testing.T) {
	t.Parallel()
	folders := realFolders(t)
	theirs := withBotocore(t, folders)
	var got []string
	for i, folder := range folders {
		for _, d := range differences(oursIn(t, folder), theirs[i]) {
			got = append(got, filepath.Base(folder)+": "+d)
		}
	}
	known := knownDifferences(t)
	for _, d := range got {
		if known[d] == "" {
			t.Errorf("a difference that differences.txt has no reason for:\n%s", d)
		}
		delete(known, d)
	}
	for d := range known {
		t.Errorf("a difference that is no more:\n%s", d)
	}
}

// knownDifferences are the lines of differences.txt with their reasons, which
// stand above them after a number sign.
func knownDifferences(t *testing.T) map[string]string {
	t.Helper()
	text, err := os.ReadFile("testdata/real/differences.txt")
	if err != nil {
		t.Fatal(err)
	}
	known, reason := map[string]string{}, ""
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSpace(line)
		if why, ok := strings.CutPrefix(line, "# "); ok {
			reason = why
		} else if line != "" {
			known[line] = reason
		}
	}
	return known
}

// withBotocore reads the folders with botocore; nil stands for files that it
// refuses.
func withBotocore(t *testing.T, folders []string) []sections {
	t.Helper()
	out, err := exec.Command(pythonWithBotocore(t), append([]string{"-c", readAllWithBotocore}, folders...)...).Output()
	if err != nil {
		t.Fatal(err)
	}
	var all []sections
	for line := range bytes.Lines(out) {
		var one sections
		if err := json.Unmarshal(line, &one); err != nil {
			t.Fatal(err)
		}
		all = append(all, one)
	}
	return all
}

func pythonWithBotocore(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"python3", "python3.11"} {
		python, err := exec.LookPath(name)
		if err == nil && exec.Command(python, "-c", "import botocore.session").Run() == nil {
			return python
		}
	}
	t.Skip("needs python3 with botocore")
	return ""
}

func oursIn(t *testing.T, folder string) sections {
	t.Helper()
	r := read(t, folder)
	if r.Error != "" {
		return nil
	}
	ours := sections{"profile": {}, "sso-session": r.SSOSessions}
	for name, p := range r.Profiles {
		ours["profile"][name] = p.Settings
	}
	return ours
}

// differences returns what differs, a line each, sorted.
func differences(ours, theirs sections) []string {
	switch {
	case ours == nil && theirs == nil:
		return nil
	case ours == nil:
		return []string{"the files are refused here only"}
	case theirs == nil:
		return []string{"the files are refused there only"}
	}
	var found []string
	for _, kind := range []string{"profile", "sso-session"} {
		for _, name := range union(ours[kind], theirs[kind]) {
			our, here := ours[kind][name]
			their, there := theirs[kind][name]
			switch {
			case !there:
				found = append(found, fmt.Sprintf("%s %q is here only", kind, name))
			case !here:
				found = append(found, fmt.Sprintf("%s %q is there only", kind, name))
			default:
				found = append(found, differentSettings(fmt.Sprintf("%s %q", kind, name), our, their)...)
			}
		}
	}
	return found
}

func differentSettings(section string, ours, theirs map[string]any) []string {
	var found []string
	for _, key := range union(ours, theirs) {
		our, their := asJSON(ours, key), asJSON(theirs, key)
		if isSecret(key) && their != nothing {
			their = asJSON(map[string]any{key: masked}, key)
		}
		if our != their {
			found = append(found, fmt.Sprintf("%s, %s: here %s, there %s", section, key, our, their))
		}
	}
	return found
}

// nothing stands for a setting that is not there.
const nothing = "nothing"

func asJSON(settings map[string]any, key string) string {
	value, ok := settings[key]
	if !ok {
		return nothing
	}
	out, err := json.Marshal(value)
	if err != nil {
		return err.Error()
	}
	return string(out)
}

func union[V any](a, b map[string]V) []string {
	names := slices.AppendSeq(slices.Collect(maps.Keys(a)), maps.Keys(b))
	slices.Sort(names)
	return slices.Compact(names)
}

// TestDifferences holds that the comparison sees each kind of difference.
func TestDifferences(t *testing.T) {
	t.Parallel()
	ours := sections{"profile": {"a": {"x": "1", "aws_secret_access_key": masked}, "b": {}}}
	theirs := sections{"profile": {"a": {"x": "2", "y": "", "aws_secret_access_key": "s"}, "c": {}}}
	diff(t, "differences", []string{
		`profile "a", x: here "1", there "2"`, `profile "a", y: here nothing, there ""`,
		`profile "b" is here only`, `profile "c" is there only`,
	}, differences(ours, theirs))
	diff(t, "refused", []string{"the files are refused here only"}, differences(nil, theirs))
	diff(t, "refused", []string{"the files are refused there only"}, differences(ours, nil))
	if both := differences(nil, nil); both != nil {
		t.Errorf("files that both refuse differ: %q", both)
	}
}

// TestEveryDifferenceIsLinted: where botocore reads other settings than we do
// in any of the vectors, or refuses the files, a lint says so.
func TestEveryDifferenceIsLinted(t *testing.T) {
	t.Parallel()
	folders := realFolders(t)
	add := func(config, credentials []string) {
		folder := t.TempDir()
		write(t, folder+"/config", strings.Join(config, "\n"))
		write(t, folder+"/credentials", strings.Join(credentials, "\n"))
		folders = append(folders, folder)
	}
	for _, v := range lintVectors(t) {
		add(v.Config, v.Credentials)
	}
	for _, file := range []string{"settings", "headers", "merge", "continuation"} {
		for _, v := range readVectors(t, "testdata/parse/"+file+".json") {
			add(v.Config, v.Credentials)
		}
	}
	theirs := withBotocore(t, folders)
	for i, folder := range folders {
		c, err := loadFolder(folder)
		if err != nil {
			continue
		}
		if found := differences(oursIn(t, folder), theirs[i]); found != nil && len(c.Lints()) == 0 {
			text := fileText(t, folder+"/config") + "\n-- credentials --\n" + fileText(t, folder+"/credentials")
			t.Errorf("no lint says so:\n%s\n%s", strings.Join(found, "\n"), text)
		}
	}
}
