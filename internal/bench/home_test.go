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

// home is a user's folder with a role whose session is in the cache.
type home struct {
	binary string
	env    []string
}

// passphrase opens the file backend of these homes.
const passphrase = "ASSUME_ROLE_KEYRING_FILE_PASSPHRASE=a passphrase for measuring"

// newHome makes a home with profile "role", whose source's long-lived keys are
// in the file backend, one that chains "far" to it, and as many other profiles
// as told; and runs the role once, so that its session is cached and the backend unlocked.
func newHome(t *testing.T, binary string, aws *awsfake.Fake, others int) home {
	t.Helper()
	dir := t.TempDir()
	h := home{binary: binary, env: []string{
		"HOME=" + dir, "PATH=" + os.Getenv("PATH"),
		"ASSUME_ROLE_KEYRING_BACKEND=file", "ASSUME_ROLE_KEYRING_FILE_UNLOCK_TTL=10m",
		"AWS_ENDPOINT_URL_STS=" + aws.URL(),
	}}
	id, secret := aws.AddKey("alice")
	device := aws.AddDevice("alice")
	role := aws.AddRole(awsfake.Role{Name: "deploy", RequireMFA: true})
	h.writeConfig(t, dir, device.Serial, role, others)
	h.run(t, id+"\n"+secret.Reveal()+"\n", "add", "base", "--stdin")
	h.run(t, "", "exec", "role", "--mfa-token", device.Code(), "--", "true")
	return h
}

func (h home) writeConfig(t *testing.T, dir, serial, role string, others int) {
	t.Helper()
	var b strings.Builder
	for i := range others {
		fmt.Fprintf(&b, "[profile other-%d]\nregion = eu-west-1\nrole_arn = arn:aws:iam::123456789012:role/other-%d\nsource_profile = base\n\n", i, i)
	}
	fmt.Fprintf(&b, "[profile base]\nregion = eu-west-1\nmfa_serial = %s\n\n", serial)
	fmt.Fprintf(&b, "[profile role]\nregion = eu-west-1\nrole_arn = %s\nsource_profile = base\n\n", role)
	b.WriteString("[profile far]\nrole_arn = arn:aws:iam::210987654321:role/far\nsource_profile = role\n")
	if err := os.Mkdir(filepath.Join(dir, ".aws"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, ".aws", "config"), []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
}

// run runs the tool with the passphrase at hand.
func (h home) run(t *testing.T, stdin string, args ...string) {
	t.Helper()
	c := withEnv(h.program("", args...), append(h.env, passphrase))
	c.Stdin = strings.NewReader(stdin)
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("assume-role %s: %v\n%s", strings.Join(args, " "), err, out)
	}
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
	dir := t.TempDir()
	h := home{binary: binary, env: []string{"HOME=" + dir, "XDG_STATE_HOME=" + dir}}
	if err := os.Mkdir(filepath.Join(dir, "assume-role"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "assume-role", "index.json"), text, 0o600); err != nil {
		t.Fatal(err)
	}
	if out := h.output(t, "status"); strings.Count(out, "deploy-") != sessions {
		t.Fatalf("status shows no %d sessions: %s", sessions, out)
	}
	return h
}

// output is what the tool prints.
func (h home) output(t *testing.T, args ...string) string {
	t.Helper()
	out, err := withEnv(h.program("", args...), h.env).Output()
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

// program is the tool as it runs when warm: nothing unlocks the backend but
// what the run before left with the kernel.
func (h home) program(name string, args ...string) program {
	return program{name, append([]string{h.binary}, args...), h.env}
}

// unlocked reports whether the backend stays open between runs. Where the
// kernel keeps no key (many containers, macOS, Windows) each run derives it
// again, which takes longer than all else by design.
func (h home) unlocked(t *testing.T) bool {
	t.Helper()
	p := h.program("", "exec", "role", "--no-prompt", "--", "true")
	return withEnv(p, p.env).Run() == nil
}
