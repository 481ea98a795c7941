package clicache

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"assume-role/internal/fault"

	"github.com/google/go-cmp/cmp"
)

const (
	roleSession = `{"Credentials":{"AccessKeyId":"ASIA","SecretAccessKey":"s","SessionToken":"t",` +
		`"Expiration":"2026-01-02T03:04:05UTC"},"AssumedRoleUser":{"AssumedRoleId":"AROA:me",` +
		`"Arn":"arn:aws:sts::123456789012:assumed-role/RoleA/me"},"ResponseMetadata":{}}`
	ssoSession = `{"ProviderType":"sso","Credentials":{"AccessKeyId":"ASIA","Expiration":"2026-01-02T03:04:05Z"}}`
)

// lay writes files into a new folder.
func lay(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func list(t *testing.T, dir string) []File {
	t.Helper()
	files, err := List(dir)
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// names lists what lies in a folder.
func names(t *testing.T, dir string) string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, entry := range entries {
		all = append(all, entry.Name())
	}
	return strings.Join(all, " ")
}

func TestList(t *testing.T) {
	t.Parallel()
	dir := lay(t, map[string]string{
		"a.json": roleSession, "b.json": ssoSession,
		"session.db": roleSession, "c.txt": roleSession, "d.json~": roleSession, "json": roleSession,
		"empty.json": "", "torn.json": roleSession[:40], "twice.json": roleSession + roleSession,
		"null.json": "null", "list.json": "[]", "other.json": `{"accessToken":"x"}`,
		"no-object.json": `{"Credentials":"x"}`, "nothing.json": `{"Credentials":null}`,
		"case.json": `{"credentials":{}}`, "huge.json": roleSession + strings.Repeat(" ", sizeLimit),
	})
	if err := os.Mkdir(filepath.Join(dir, "folder.json"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(filepath.Join(dir, "c.txt"), filepath.Join(dir, "link.json")); err != nil {
		t.Log(err)
	}
	expires := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	want := []File{
		{Path: filepath.Join(dir, "a.json"), ARN: "arn:aws:sts::123456789012:assumed-role/RoleA/me", Expires: expires},
		{Path: filepath.Join(dir, "b.json"), Provider: "sso", Expires: expires},
	}
	if diff := cmp.Diff(want, list(t, dir)); diff != "" {
		t.Error(diff)
	}
}

func TestListOddMembers(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		`{"Credentials":{}}`,
		`{"Credentials":{"Expiration":5},"AssumedRoleUser":"x","ProviderType":[]}`,
		`{"Credentials":{"Expiration":"tomorrow"},"AssumedRoleUser":{"Arn":7}}`,
	} {
		files := list(t, lay(t, map[string]string{"a.json": text}))
		if len(files) != 1 || !files[0].Expires.IsZero() || files[0].ARN != "" || files[0].Provider != "" {
			t.Errorf("%s: %+v", text, files)
		}
	}
}

func TestListOfNoFolder(t *testing.T) {
	t.Parallel()
	dir := lay(t, map[string]string{"file": ""})
	for _, name := range []string{"missing", "file", filepath.Join("file", "below")} {
		if got := list(t, filepath.Join(dir, name)); len(got) > 0 {
			t.Errorf("%s: listed %v", name, got)
		}
	}
	if err := Remove(File{Path: filepath.Join(dir, "file", "a.json")}); err != nil {
		t.Errorf("what is not there cannot be removed: %v", err)
	}
	_, err := List(filepath.Join(dir, strings.Repeat("x", 300)))
	var f *fault.Error
	if !errors.As(err, &f) || f.Origin.Path == "" {
		t.Errorf("a folder that cannot be listed: %v", err)
	}
}

func TestExpirations(t *testing.T) {
	t.Parallel()
	want := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	for _, text := range []string{
		"2026-01-02T03:04:05Z", "2026-01-02T03:04:05UTC", "2026-01-02T03:04:05+00:00", "2026-01-02T05:04:05+02:00",
	} {
		if got := parseTime(text); got != want {
			t.Errorf("%s: %s", text, got)
		}
	}
	f := File{Expires: want}
	if f.Expired(want.Add(-time.Second)) || !f.Expired(want) || !(File{}).Expired(want) {
		t.Error("Expired is wrong about the last second, or about a time that cannot be read")
	}
}

func TestBelongs(t *testing.T) {
	t.Parallel()
	const session = "arn:aws:sts::123456789012:assumed-role/RoleA/me"
	for name, tc := range map[string]struct {
		session, role string
		want          bool
	}{
		"its role":            {session, "arn:aws:iam::123456789012:role/RoleA", true},
		"a path":              {session, "arn:aws:iam::123456789012:role/team/x/RoleA", true},
		"another name":        {session, "arn:aws:iam::123456789012:role/RoleAB", false},
		"a path of that name": {session, "arn:aws:iam::123456789012:role/RoleA/x", false},
		"another account":     {session, "arn:aws:iam::123456789013:role/RoleA", false},
		"another partition":   {session, "arn:aws-cn:iam::123456789012:role/RoleA", false},
		"another case":        {session, "arn:aws:iam::123456789012:role/rolea", false},
		"no role":             {session, "arn:aws:iam::123456789012:user/RoleA", false},
		"no ARN":              {session, "RoleA", false},
		"an empty ARN":        {session, "", false},
		"an empty name":       {"arn:aws:sts::1:assumed-role//me", "arn:aws:iam::1:role/", false},
		"no session":          {"", "arn:aws:iam::123456789012:role/RoleA", false},
		"a federated user":    {"arn:aws:sts::123456789012:federated-user/RoleA", "arn:aws:iam::123456789012:role/RoleA", false},
		"no session's name":   {"arn:aws:sts::123456789012:assumed-role/RoleA", "arn:aws:iam::123456789012:role/RoleA", false},
	} {
		if got := (File{ARN: tc.session}).Belongs("arn:aws:iam::1:role/x", tc.role); got != tc.want {
			t.Errorf("%s: %v", name, got)
		}
	}
	if (File{ARN: session}).Belongs() {
		t.Error("belongs to no role")
	}
}

func TestRemove(t *testing.T) {
	t.Parallel()
	dir := lay(t, map[string]string{"a.json": roleSession, "b.json": ssoSession, "session.db": "x", "torn.json": "{"})
	files := list(t, dir)
	for _, f := range files {
		for range 2 { // The second time it is gone already.
			if err := Remove(f); err != nil {
				t.Error(err)
			}
		}
	}
	if got := names(t, dir); len(files) != 2 || got != "session.db torn.json" {
		t.Errorf("removed %d, left %q", len(files), got)
	}
}

func TestRemoveLeavesWhatIsNoFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	f := File{Path: filepath.Join(dir, "a.json")}
	if err := os.Mkdir(f.Path, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := Remove(f); err != nil {
		t.Error(err)
	}
	if got := names(t, dir); got != "a.json" {
		t.Errorf("left %q", got)
	}
}

func TestRemoveFails(t *testing.T) {
	t.Parallel()
	err := Remove(File{Path: filepath.Join(lay(t, nil), strings.Repeat("x", 300))})
	var f *fault.Error
	if !errors.As(err, &f) || f.Origin.Path == "" || f.Hint == "" {
		t.Errorf("got %v", err)
	}
}

func TestTokens(t *testing.T) {
	t.Parallel()
	dir := lay(t, map[string]string{
		"token.json":        `{"startUrl":"https://d.awsapps.com/start","accessToken":"x","expiresAt":"2026-01-02T03:04:05Z","clientSecret":"y"}`,
		"registration.json": `{"clientId":"a","clientSecret":"y","expiresAt":"2026-01-02T03:04:05Z"}`,
		"torn.json":         `{"accessToken":`,
		"notes.txt":         `{"accessToken":"x"}`,
	})
	tokens, err := ListTokens(dir)
	want := []Token{{
		Path:    filepath.Join(dir, "token.json"),
		Expires: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC),
	}}
	if diff := cmp.Diff(want, tokens); diff != "" || err != nil {
		t.Error(diff, err)
	}
	for _, token := range tokens {
		if err := RemoveToken(token); err != nil {
			t.Error(err)
		}
	}
	if got := names(t, dir); got != "notes.txt registration.json torn.json" {
		t.Errorf("left %q", got)
	}
}

func FuzzList(f *testing.F) {
	f.Add([]byte(roleSession))
	f.Add([]byte(ssoSession))
	f.Add([]byte(`{"Credentials":{"Expiration":"UTC"},"AssumedRoleUser":{"Arn":"arn:a:sts::1:assumed-role/a/b"}}`))
	f.Add([]byte(`null`))
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, data []byte) {
		if err := os.WriteFile(filepath.Join(dir, "a.json"), data, 0o600); err != nil {
			t.Fatal(err)
		}
		files, err := List(dir)
		if err != nil || len(files) > 1 {
			t.Fatalf("%v, %v", files, err)
		}
		for _, file := range files {
			if file.Belongs("arn:aws:iam::1:role/x") && !strings.Contains(file.ARN, "assumed-role/x/") {
				t.Errorf("%s belongs to role x", file.ARN)
			}
		}
	})
}
