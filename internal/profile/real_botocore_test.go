package profile

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"assume-role/internal/fault"
)

// readAllWithBotocore prints, for each folder named as an argument, what
// botocore makes of it, or null for files that it refuses: the profiles and
// sso-sessions, and by which of its providers each profile gets credentials,
// the last role first. Nothing is called and no program run.
const readAllWithBotocore = `
import json, os, sys, botocore.session, botocore.exceptions, botocore.credentials as c

c.ProcessProvider._retrieve_credentials_using = lambda self, command: dict(
    access_key="AKIA", secret_key="s", token=None, expiry_time=None, account_id=None)
c.CanonicalNameCredentialSourcer.source_credentials = lambda self, name: c.Credentials("AKIA", "s", method=name)

login = c.LoginProvider.load
def load(self):
    try:
        return login(self)
    except botocore.exceptions.MissingDependencyException:  # it needs awscrt
        return c.Credentials("AKIA", "s", method="login")
c.LoginProvider.load = load

def providers(credentials):
    found = []
    while credentials is not None:
        found.append(credentials.method)
        fetcher = getattr(getattr(credentials, "_refresh_using", None), "__self__", None)
        credentials = getattr(fetcher, "_source_credentials", None)
    return found

def of(name):
    try:
        return providers(botocore.session.Session(profile=name).get_credentials())
    except botocore.exceptions.BotoCoreError:
        return ["error"]

for folder in sys.argv[1:]:
    os.environ.update(AWS_CONFIG_FILE=folder + "/config", AWS_SHARED_CREDENTIALS_FILE=folder + "/credentials")
    try:
        full = botocore.session.Session().full_config
        sections = {"profile": full["profiles"], "sso-session": full.get("sso_sessions", {})}
        print(json.dumps({"sections": sections, "credentials": {name: of(name) for name in full["profiles"]}}))
    except botocore.exceptions.ConfigParseError:
        print("null")
`

// sections are settings by section, by kind of section.
type sections map[string]map[string]map[string]any

// opinion is what we, or botocore, make of two files; nil where they are
// refused.
type opinion struct {
	Sections sections
	// Credentials are where profiles' come from: "assume-role" for each role,
	// the last one first, then the source; "error" or nothing for none.
	Credentials map[string][]string
}

// TestAsBotocoreMakesOfThem asks botocore about real files and all vectors.
func TestAsBotocoreMakesOfThem(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("botocore takes a second for fifty profiles")
	}
	real := realFolders(t)
	folders := append(slices.Clip(real), vectorFolders(t)...)
	theirs := withBotocore(t, folders)
	t.Run("real", func(t *testing.T) { onlyKnownDifferences(t, real, theirs) })
	t.Run("linted", func(t *testing.T) { everyDifferenceLinted(t, folders, theirs) })
}

// onlyKnownDifferences holds that we and the AWS CLI read the same in real
// files, but for the differences that differences.txt gives a reason for: one
// that is not there fails, and so does one that is no more.
func onlyKnownDifferences(t *testing.T, folders []string, theirs []*opinion) {
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

// everyDifferenceLinted: where botocore reads or does otherwise than we do, a
// lint of the profile, of its chain or of the whole file says so.
func everyDifferenceLinted(t *testing.T, folders []string, theirs []*opinion) {
	for i, folder := range folders {
		c, err := loadFolder(folder)
		if err != nil {
			continue
		}
		for _, d := range differences(oursIn(t, folder), theirs[i]) {
			if !strings.Contains(d, "here "+refused) && !linted(c, d) {
				text := fileText(t, folder+"/config") + "\n-- credentials --\n" + fileText(t, folder+"/credentials")
				t.Errorf("no lint says so: %s\n%s", d, text)
			}
		}
	}
}

// linted looks for a lint about a difference.
func linted(c *Config, difference string) bool {
	quoted, _ := strconv.QuotedPrefix(strings.TrimPrefix(difference, "profile "))
	name, err := strconv.Unquote(quoted)
	if err != nil || strings.HasSuffix(difference, "there only") {
		return len(c.Lints()) > 0
	}
	section, _ := c.Profile(name) // what cannot be included is left out
	if process, ok := section.Get("credential_process"); ok && callsItself(process.Text, name, runtime.GOOS) {
		return true // it is there for other programs to ask us
	}
	if chain, err := Resolve(c, Request{Profile: name}); err == nil && len(c.LintsOf(chain)) > 0 {
		return true
	}
	return slices.ContainsFunc(c.Lints(), func(l Lint) bool { return l.Profile == name || l.Profile == "" })
}

// vectorFolders writes the vectors' files to folders.
func vectorFolders(t *testing.T) []string {
	t.Helper()
	var folders []string
	add := func(config, credentials string) {
		folder := t.TempDir()
		write(t, folder+"/config", config)
		write(t, folder+"/credentials", credentials)
		folders = append(folders, folder)
	}
	for _, v := range lintVectors(t) {
		add(strings.Join(v.Config, "\n"), strings.Join(v.Credentials, "\n"))
	}
	for _, file := range []string{"settings", "headers", "merge", "continuation"} {
		for _, v := range readVectors(t, "testdata/parse/"+file+".json") {
			add(strings.Join(v.Config, "\n"), strings.Join(v.Credentials, "\n"))
		}
	}
	chains, err := filepath.Glob("testdata/chains/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range chains {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		world := map[string]string{}
		for _, part := range archive.Files {
			world[part.Name] = string(part.Data)
		}
		add(world["config"], world["credentials"])
	}
	return folders
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

// withBotocore asks botocore about the folders.
func withBotocore(t *testing.T, folders []string) []*opinion {
	t.Helper()
	cmd := exec.Command(pythonWithBotocore(t), append([]string{"-c", readAllWithBotocore}, folders...)...)
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir(), "AWS_EC2_METADATA_DISABLED=true"}
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var all []*opinion
	for line := range bytes.Lines(out) {
		var one *opinion
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

func oursIn(t *testing.T, folder string) *opinion {
	t.Helper()
	c, err := loadFolder(folder)
	if err != nil {
		return nil
	}
	ours := &opinion{Sections: sections{"profile": {}, "sso-session": {}}, Credentials: map[string][]string{}}
	for _, name := range c.Names() {
		section, _ := c.Profile(name) // what cannot be included is left out
		ours.Sections["profile"][name] = section.Settings()
		ours.Credentials[name] = providers(Resolve(c, Request{Profile: name}))
	}
	for _, name := range c.SSOSessions() {
		session, _ := c.SSOSession(name)
		ours.Sections["sso-session"][name] = session.Settings()
	}
	return ours
}

// refused stands for a value that AWS would not take, which botocore leaves to
// AWS to say.
const refused = "refused"

// providers are the steps of a chain in botocore's words.
func providers(chain *Chain, err error) []string {
	var f *fault.Error
	if errors.As(err, &f) && f.Code == fault.InvalidValue {
		return []string{refused}
	}
	if err != nil {
		return []string{"error"}
	}
	var found []string
	for _, call := range chain.Calls {
		if call.Kind == AssumeRole {
			found = append(found, "assume-role")
		}
	}
	return append(found, map[Kind]string{
		Static: "static", SSO: "sso", Process: "custom-process", Login: "login", WebIdentity: "assume-role-with-web-identity",
		Environment: "Environment", EC2: "Ec2InstanceMetadata", Container: "EcsContainer", SAML: "saml",
	}[chain.Source.Kind])
}

// differences returns what differs, a line each, sorted.
func differences(ours, theirs *opinion) []string {
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
		for _, name := range union(ours.Sections[kind], theirs.Sections[kind]) {
			our, here := ours.Sections[kind][name]
			their, there := theirs.Sections[kind][name]
			switch section := fmt.Sprintf("%s %q", kind, name); {
			case !there:
				found = append(found, section+" is here only")
			case !here:
				found = append(found, section+" is there only")
			default:
				found = append(found, differentSettings(section, our, their)...)
				found = append(found, differentCredentials(section, ours.Credentials[name], theirs.Credentials[name])...)
			}
		}
	}
	return found
}

// differentCredentials compares where credentials come from. Of a role with
// MFA botocore does not tell the source.
func differentCredentials(section string, ours, theirs []string) []string {
	our, their := inWords(ours), inWords(theirs)
	if our == their || len(theirs) > 0 && theirs[len(theirs)-1] == "assume-role" && strings.HasPrefix(our, their) {
		return nil
	}
	return []string{fmt.Sprintf("%s, credentials: here %s, there %s", section, our, their)}
}

func inWords(providers []string) string {
	text := strings.Join(providers, " of ")
	if text == "" || text == "error" {
		return "none"
	}
	return strings.NewReplacer("shared-credentials-file", "static", "config-file", "static").Replace(text)
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
	ours := &opinion{sections{"profile": {"a": {"x": "1", "aws_secret_access_key": masked}, "b": {}}}, map[string][]string{"a": {"assume-role", "sso"}}}
	theirs := &opinion{sections{"profile": {"a": {"x": "2", "y": "", "aws_secret_access_key": "s"}, "c": {}}}, map[string][]string{"a": {"error"}}}
	diff(t, "differences", []string{
		`profile "a", x: here "1", there "2"`, `profile "a", y: here nothing, there ""`,
		`profile "a", credentials: here assume-role of sso, there none`,
		`profile "b" is here only`, `profile "c" is there only`,
	}, differences(ours, theirs))
	diff(t, "refused", []string{"the files are refused here only"}, differences(nil, theirs))
	diff(t, "refused", []string{"the files are refused there only"}, differences(ours, nil))
	if both := differences(nil, nil); both != nil {
		t.Errorf("files that both refuse differ: %q", both)
	}
	for _, same := range [][2][]string{{{"static"}, {"config-file"}}, {{"error"}, nil}, {{"assume-role", "static"}, {"assume-role"}}} {
		if found := differentCredentials("x", same[0], same[1]); found != nil {
			t.Errorf("%q: %q", same, found)
		}
	}
}
