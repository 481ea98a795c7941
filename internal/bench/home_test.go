package bench

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"assume-role/internal/awsfake"
	"assume-role/internal/cache"
)

// home is a user's folder.
type home struct {
	binary string
	env    []string
}

// passphrase opens the file backend of these homes.
const passphrase = "ASSUME_ROLE_KEYRING_FILE_PASSPHRASE=a passphrase for measuring"

// longestChain is how many roles follow one another in a chain of these homes.
const longestChain = 8

// ownProfiles is how many profiles a home has at least.
const ownProfiles = 3

// newHome makes a home of that many profiles: "base", whose long-lived keys
// are in the file backend, "role", which asks for an MFA code, "far", which is
// chained to it, and others. It runs the role once, so that its session is
// cached and the backend unlocked.
func newHome(t *testing.T, binary string, aws *awsfake.Fake, profiles int) home {
	t.Helper()
	h, dir := emptyHome(t, binary)
	h.env = append(h.env, "AWS_ENDPOINT_URL_STS="+aws.URL())
	id, secret := aws.AddKey("alice")
	device := aws.AddDevice("alice")
	role := aws.AddRole(awsfake.Role{Name: "deploy", RequireMFA: true})
	var b strings.Builder
	for i := range profiles - ownProfiles {
		fmt.Fprintf(&b, "[profile other-%d]\nregion = eu-west-1\nrole_arn = arn:aws:iam::123456789012:role/other-%d\nsource_profile = base\n\n", i, i)
	}
	fmt.Fprintf(&b, "[profile base]\nregion = eu-west-1\nmfa_serial = %s\n\n", device.Serial)
	fmt.Fprintf(&b, "[profile role]\nregion = eu-west-1\nrole_arn = %s\nsource_profile = base\n\n", role)
	b.WriteString("[profile far]\nrole_arn = arn:aws:iam::210987654321:role/far\nsource_profile = role\n")
	put(t, filepath.Join(dir, ".aws", "config"), b.String())
	h.run(t, id+"\n"+secret.Reveal()+"\n", "add", "base", "--stdin")
	h.run(t, "", "exec", "role", "--mfa-token", device.Code(), "--", "true")
	return h
}

// coldHome makes a home whose profile "c3" takes three calls, and so on up to
// the longest chain. Its backend is unlocked, and no session is in its cache.
func coldHome(t *testing.T, binary string, aws *awsfake.Fake) home {
	t.Helper()
	h, dir := emptyHome(t, binary)
	h.env = append(h.env, "AWS_ENDPOINT_URL_STS="+aws.URL())
	id, secret := aws.AddKey("bob")
	var b strings.Builder
	b.WriteString("[profile c0]\nregion = eu-west-1\n")
	for i := 1; i <= longestChain; i++ {
		role := aws.AddRole(awsfake.Role{Name: fmt.Sprintf("chained-%d", i)})
		fmt.Fprintf(&b, "\n[profile c%d]\nregion = eu-west-1\nrole_arn = %s\nsource_profile = c%d\n", i, role, i-1)
	}
	put(t, filepath.Join(dir, ".aws", "config"), b.String())
	h.run(t, id+"\n"+secret.Reveal()+"\n", "add", "c0", "--stdin")
	h.run(t, "", "exec", "c1", "--", "true")
	return h
}

// indexHome makes a home that has nothing but an index of that many sessions.
func indexHome(t *testing.T, binary string, sessions int) home {
	t.Helper()
	var index struct {
		Version int `json:"version"`
		cache.Contents
	}
	index.Version = 1
	for i := range sessions {
		index.Sessions = append(index.Sessions, cache.Session{
			Key: fmt.Sprintf("%064d", i), Profile: fmt.Sprintf("team-%d", i), Kind: "assume-role",
			RoleARN:   fmt.Sprintf("arn:aws:iam::123456789012:role/team/deploy-%d", i),
			SourceKey: "AKIAIOSFODNN7EXAMPLE", Expires: time.Now().Add(time.Hour).UTC().Truncate(time.Second), Skew: time.Second,
		})
	}
	text, err := json.Marshal(index)
	if err != nil {
		t.Fatal(err)
	}
	h, dir := emptyHome(t, binary)
	h.env = append(h.env, "XDG_STATE_HOME="+dir)
	put(t, filepath.Join(dir, "assume-role", "index.json"), string(text))
	if out := h.output(t, "status"); strings.Count(out, "deploy-") != sessions {
		t.Fatalf("status shows no %d sessions: %s", sessions, out)
	}
	return h
}

func emptyHome(t *testing.T, binary string) (h home, dir string) {
	t.Helper()
	dir = t.TempDir()
	return home{binary: binary, env: []string{
		"HOME=" + dir, "PATH=" + os.Getenv("PATH"),
		"ASSUME_ROLE_KEYRING_BACKEND=file", "ASSUME_ROLE_KEYRING_FILE_UNLOCK_TTL=10m",
	}}, dir
}

func put(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// run runs the tool with the passphrase at hand.
func (h home) run(t *testing.T, stdin string, args ...string) {
	t.Helper()
	c := h.program("", args...).command(append(h.env, passphrase))
	c.Stdin = strings.NewReader(stdin)
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("assume-role %s: %v\n%s", strings.Join(args, " "), err, out)
	}
}

// output is what the tool prints.
func (h home) output(t *testing.T, args ...string) string {
	t.Helper()
	out, err := h.program("", args...).command(h.env).Output()
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

// program is the tool as it runs when warm: nothing unlocks the backend but
// what the run before left with the kernel.
func (h home) program(name string, args ...string) program {
	return program{name: name, argv: append([]string{h.binary}, args...), env: h.env}
}

// cold is a run whose sessions are forgotten before it. What makes it ready
// is not timed.
func (h home) cold(name, profile, command string) program {
	p := h.program(name, "exec", profile, "--", command)
	p.before = func(t *testing.T) { h.run(t, "", "clear-cache", "--quiet") }
	return p
}

// unlocked reports whether the backend stays open between runs. Where the
// kernel keeps no key (many containers, macOS, Windows) each run derives it
// again, which takes longer than all else by design.
func (h home) unlocked() bool {
	return h.program("", "exec", "role", "--no-prompt", "--", "true").command(h.env).Run() == nil
}
