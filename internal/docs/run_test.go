package docs

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"assume-role/internal/awsfake"
)

// TestCommandsRun runs each marked block as a reader would, in the home that
// the README has made by then, in a job of GitHub's, against an AWS in which its
// user and its roles exist. Each block has to succeed, and each run of the tool in it.
func TestCommandsRun(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("the marked blocks are for a Unix shell")
	}
	binary := build(t)
	ran := 0
	for _, p := range pages(t) {
		for _, b := range p.blocks() {
			if b.mark == "run" {
				ran++
				t.Run(p.name, func(t *testing.T) { newReader(t, binary).run(t, b.text) })
			}
		}
	}
	if ran < 8 {
		t.Errorf("only %d blocks are marked", ran)
	}
}

// build makes the tool, under its name, in a folder of its own.
func build(t *testing.T) string {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "assume-role")
	if out, err := exec.Command("go", "build", "-o", binary, root).CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	return binary
}

// reader is somebody who follows the README.
type reader struct {
	home string
	env  []string
	code func() string
}

func newReader(t *testing.T, binary string) *reader {
	t.Helper()
	aws, err := awsfake.Start(awsfake.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(aws.Close)
	for _, role := range []string{"deploy", "audit"} {
		aws.AddRole(awsfake.Role{Name: role, RequireMFA: true})
	}
	aws.AddRole(awsfake.Role{Name: "ci"})
	job, key := aws.AddGithubJob(awsfake.WebIdentity{})
	home := t.TempDir()
	r := &reader{home: home, code: aws.AddDevice("alice").Code, env: []string{
		"HOME=" + home, "PATH=" + filepath.Join(home, "bin") + ":" + os.Getenv("PATH"),
		"AWS_ENDPOINT_URL_STS=" + aws.URL(), "AWS_ENDPOINT_URL_IAM=" + aws.URL(), "ACTIONS_ID_TOKEN_REQUEST_URL=" + job, "ACTIONS_ID_TOKEN_REQUEST_TOKEN=" + key.Reveal(),
		"ASSUME_ROLE_KEYRING_BACKEND=file", "ASSUME_ROLE_KEYRING_FILE_PASSPHRASE=correct horse", "ASSUME_ROLE_KEYRING_FILE_UNLOCK_TTL=0",
	}}
	r.write(t, "bin/assume-role", "#!/bin/sh\n'"+binary+"' \"$@\" || { echo \"$? from: $*\" >>'"+r.failures()+"'; exit 1; }\n")
	r.write(t, "passphrase.txt", "correct horse\n")
	for _, program := range []string{"bin/aws", "bin/terraform", "bin/docker", "deploy.sh"} {
		r.write(t, program, "#!/bin/sh\ntest -n \"$AWS_SESSION_TOKEN$AWS_CONTAINER_AUTHORIZATION_TOKEN\"\n")
	}
	for _, p := range pages(t) {
		for _, b := range p.blocks() {
			if path, ok := strings.CutPrefix(b.mark, "file: "); ok {
				r.write(t, path, b.text)
			}
		}
	}
	id, secret := aws.AddKey("alice")
	r.run(t, "printf '%s\\n' "+id+" '"+secret.Reveal()+"' | assume-role add base --stdin\n")
	return r
}

func (r *reader) write(t *testing.T, path, text string) {
	t.Helper()
	path = filepath.Join(r.home, path)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	// No other test may start a process while this one has the file open: it would
	// inherit that, and the kernel runs no file that somebody may still write.
	syscall.ForkLock.RLock()
	err := os.WriteFile(path, []byte(text), 0o700)
	syscall.ForkLock.RUnlock()
	if err != nil {
		t.Fatal(err)
	}
}

// failures is where the tool's failures are noted: a shell does not see one
// inside an eval or in front of a pipe.
func (r *reader) failures() string { return filepath.Join(r.home, "failures") }

// run runs a script with a fresh MFA code at hand.
func (r *reader) run(t *testing.T, script string) {
	t.Helper()
	c := exec.Command("sh", "-e", "-u", "-c", script)
	c.Dir = r.home
	c.Env = append(r.env, "ASSUME_ROLE_MFA_TOKEN="+r.code())
	out, err := c.CombinedOutput()
	failed, _ := os.ReadFile(r.failures())
	if err != nil || len(failed) > 0 {
		t.Errorf("%v %s in\n%s\n%s", err, failed, script, out)
	}
}
