package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"time"

	"assume-role/internal/awsfake"
)

// passphrase opens the file keyring of the demo, which is gone with it.
const passphrase = "a passphrase of the demo"

// stage is where the demo plays: a folder with a home of its own, and an AWS.
type stage struct {
	aws    *awsfake.Fake
	device *awsfake.Device
	// tool and self are the programs: assume-role and this one.
	tool, self string
	folder     string
}

// newStage sets everything up; close takes it away again, after a failure too.
func newStage(ctx context.Context, tool []string) (*stage, error) {
	s := &stage{}
	if err := s.setUp(ctx, tool); err != nil {
		return nil, errors.Join(err, s.close())
	}
	return s, nil
}

func (s *stage) setUp(ctx context.Context, tool []string) (err error) {
	if s.folder, err = os.MkdirTemp("", "assume-role-demo-"); err != nil {
		return err
	}
	if s.self, err = os.Executable(); err != nil {
		return err
	}
	if err = s.findTool(ctx, tool); err != nil {
		return err
	}
	if s.aws, err = awsfake.Start(awsfake.Options{}); err != nil {
		return err
	}
	return s.writeHome()
}

func (s *stage) close() error {
	if s.aws != nil {
		s.aws.Close()
	}
	if s.folder == "" {
		return nil
	}
	return os.RemoveAll(s.folder)
}

// findTool takes the program given, or builds it.
func (s *stage) findTool(ctx context.Context, given []string) (err error) {
	if len(given) == 1 {
		s.tool, err = filepath.Abs(given[0])
		return err
	}
	s.tool = filepath.Join(s.folder, "assume-role")
	if runtime.GOOS == "windows" {
		s.tool += ".exe"
	}
	build := exec.CommandContext(ctx, "go", "build", "-o", s.tool, "assume-role")
	if out, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("go build: %w\n%s", err, out)
	}
	return nil
}

func (s *stage) home(path ...string) string {
	return filepath.Join(append([]string{s.folder, "home"}, path...)...)
}

func (s *stage) codeFile() string       { return filepath.Join(s.folder, "code") }
func (s *stage) passphraseFile() string { return filepath.Join(s.folder, "passphrase") }

// writeHome makes the user alice, at AWS and on disk: long-lived keys, an MFA
// device, and two roles that both want MFA.
func (s *stage) writeHome() error {
	id, secret := s.aws.AddKey("alice")
	s.device = s.aws.AddDevice("alice")
	admin := s.aws.AddRole(awsfake.Role{Name: "admin", RequireMFA: true})
	audit := s.aws.AddRole(awsfake.Role{Name: "audit", Account: "210987654321", RequireMFA: true, ExternalID: "demo"})
	credentials := fmt.Sprintf("[alice]\naws_access_key_id = %s\naws_secret_access_key = %s\n", id, secret.Reveal())
	config := fmt.Sprintf(`[profile alice]
region = eu-west-1
mfa_serial = %s
mfa_process = "%s" %s "%s"

[profile admin]
role_arn = %s
source_profile = alice
region = eu-west-1

[profile audit]
role_arn = %s
source_profile = alice
external_id = demo
duration_seconds = 1800
region = eu-central-1
`, s.device.Serial, s.self, printCode, s.codeFile(), admin, audit)
	if err := os.MkdirAll(s.home(".aws"), 0o700); err != nil {
		return err
	}
	return errors.Join(
		os.WriteFile(s.home(".aws", "credentials"), []byte(credentials), 0o600),
		os.WriteFile(s.home(".aws", "config"), []byte(config), 0o600),
		os.WriteFile(s.passphraseFile(), []byte(passphrase+"\n"), 0o600),
	)
}

// environ is all that the tool gets to see. What Windows needs to start a
// program at all is passed on.
func (s *stage) environ() []string {
	env := []string{
		"HOME=" + s.home(),
		"PATH=" + os.Getenv("PATH"),
		"AWS_ENDPOINT_URL_STS=" + s.aws.URL(),
		"AWS_EC2_METADATA_DISABLED=true",
		"ASSUME_ROLE_KEYRING_BACKEND=file",
		"ASSUME_ROLE_KEYRING_FILE_PASSPHRASE_FILE=" + s.passphraseFile(),
		// Nothing of the demo stays unlocked for long after it.
		"ASSUME_ROLE_KEYRING_FILE_UNLOCK_TTL=5m",
	}
	for _, name := range []string{"SystemRoot", "TEMP", "COMSPEC", "PATHEXT"} {
		if value := os.Getenv(name); value != "" {
			env = append(env, name+"="+value)
		}
	}
	return env
}

// commandLimit is how long one command of the demo may take.
const commandLimit = time.Minute

// command is one run of the tool with a fresh code on the phone.
func (s *stage) command(ctx context.Context, args []string) (*exec.Cmd, error) {
	if err := os.WriteFile(s.codeFile(), []byte(s.device.Code()+"\n"), 0o600); err != nil {
		return nil, err
	}
	c := exec.CommandContext(ctx, s.tool, args...)
	c.Env = s.environ()
	c.Dir = s.home()
	c.WaitDelay = time.Second
	return c, nil
}
