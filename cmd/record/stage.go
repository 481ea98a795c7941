package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"assume-role/internal/awsfake"
)

// stage is where a scene plays: a home, and an AWS with its user and roles.
type stage struct {
	aws    *awsfake.Fake
	device *awsfake.Device
	folder string
	// began is when the scene did, by the machine's clock.
	began time.Time
}

func newStage(tool string) (*stage, error) {
	s := &stage{began: time.Now().UTC()}
	if err := s.setUp(tool); err != nil {
		return nil, errors.Join(err, s.close())
	}
	return s, nil
}

func (s *stage) setUp(tool string) (err error) {
	if s.folder, err = os.MkdirTemp("", "assume-role-record-"); err != nil {
		return err
	}
	if s.aws, err = awsfake.Start(awsfake.Options{}); err != nil {
		return err
	}
	if tool, err = filepath.Abs(tool); err != nil {
		return err
	}
	if err := os.Mkdir(s.home("bin"), 0o700); err != nil {
		return err
	}
	return errors.Join(os.Symlink(tool, s.home("bin", "assume-role")), s.writeHome())
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

func (s *stage) home(path ...string) string {
	return filepath.Join(append([]string{s.folder}, path...)...)
}

// writeHome makes the user alice, at AWS and on disk.
func (s *stage) writeHome() error {
	id, secret := s.aws.AddKey("alice")
	s.device = s.aws.AddDevice("alice")
	files := map[string]string{
		"key":                             id + "\n" + secret.Reveal() + "\n",
		"passphrase":                      "a passphrase of the recording\n",
		".config/assume-role/config.yaml": settings,
		".aws/config":                     s.config(),
		"deploy":                          "#!/bin/sh\necho \"deploying to account $AWS_ACCOUNT_ID as $AWS_VAULT, in $AWS_REGION\"\n",
	}
	for name, text := range files {
		if err := os.MkdirAll(filepath.Dir(s.home(name)), 0o700); err != nil {
			return err
		}
		if err := os.WriteFile(s.home(name), []byte(text), 0o600); err != nil {
			return err
		}
	}
	return os.Chmod(s.home("deploy"), 0o700)
}

// settings keep the machine's name out of the pictures, and a person's keyring.
const settings = `keyring:
  backend: file
  file_passphrase_file: ~/passphrase
  file_unlock_ttl: 5m
session:
  name: "{user}@laptop"
`

// config is alice's: keys in the key store, one device, roles in two accounts.
func (s *stage) config() string {
	var b strings.Builder
	fmt.Fprintf(&b, "[profile base]\nregion = eu-west-1\nmfa_serial = %s\n", s.device.Serial)
	for _, role := range []struct{ profile, name, account, region string }{
		{"prod", "deploy", "123456789012", "eu-west-1"},
		{"staging", "deploy-staging", "123456789012", "eu-west-1"},
		{"audit", "audit", "210987654321", "eu-central-1"},
		{"billing", "billing", "210987654321", "us-east-1"},
		{"sandbox", "sandbox", "345678901234", "eu-west-1"},
	} {
		arn := s.aws.AddRole(awsfake.Role{Name: role.name, Account: role.account, RequireMFA: true})
		fmt.Fprintf(&b, "\n[profile %s]\nrole_arn = %s\nsource_profile = base\nregion = %s\n", role.profile, arn, role.region)
	}
	return b.String()
}

// command is a command line in the home, with nothing of the machine's own.
func (s *stage) command(ctx context.Context, st step) *exec.Cmd {
	c := exec.CommandContext(ctx, "/bin/sh", "-c", st.line)
	c.Dir = s.folder
	c.Env = []string{
		"HOME=" + s.folder, "PATH=" + s.home("bin") + ":/usr/bin:/bin", "USER=alice", "SHELL=/bin/sh", "PS1=% ", "TERM=xterm", "LANG=C.UTF-8", "TZ=UTC",
		"AWS_EC2_METADATA_DISABLED=true", "DBUS_SESSION_BUS_ADDRESS=", "XDG_RUNTIME_DIR=" + s.folder,
		// Of a place whose length is always the same, for where lines end.
		"PASSWORD_STORE_DIR=/home/alice/.password-store",
	}
	if !st.offline {
		c.Env = append(c.Env, "AWS_ENDPOINT_URL_STS="+s.aws.URL(), "AWS_ENDPOINT_URL_IAM="+s.aws.URL())
	}
	return c
}

// leaks finds secrets in what a picture would show.
func (s *stage) leaks(text string) error {
	for _, secret := range s.aws.Secrets() {
		if strings.Contains(text, secret) {
			return errors.New("a secret is on the screen")
		}
	}
	return nil
}
