package cmd_test

import (
	"fmt"
	"io"
	"maps"
	"os"
	osexec "os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"assume-role/cmd"
	"assume-role/internal/awsfake"
)

// TestMain makes this test binary double as the programs that scripts run. The
// binary that runs the scripts has no terminal, whoever starts it from where: a
// script that wants one gives its programs their own.
func TestMain(m *testing.M) {
	programs := map[string]func(){
		"assume-role": func() { os.Exit(cmd.Main(scriptHost(), os.Args[1:])) },
		"mfacode":     func() { os.Exit(nextCode()) },
		"webbrowser":  func() { os.Exit(webBrowser()) },
		"realbrowser": func() { os.Exit(chromium()) },
		"clicks":      func() { os.Exit(clicks()) },
		"tab":         func() { os.Exit(tab()) },
		"realtab":     func() { os.Exit(chromiumTab()) },
	}
	if programs[filepath.Base(os.Args[0])] == nil {
		leaveTerminal()
	}
	testscript.Main(m, programs)
}

// scriptHost is the real machine, but for three things: its clock can be
// moved, a script says whether it is an EC2 instance, and what the tool says
// on stderr is kept for the search for secrets.
func scriptHost() cmd.Host {
	host := cmd.System()
	work := host.Getenv("WORK")
	host.Now = func() time.Time { return time.Now().Add(clockOffset(work)) }
	host.OnEC2 = func() bool { return readOr(filepath.Join(work, onEC2Mark), "") != "" }
	log, err := os.OpenFile(filepath.Join(work, ".stderr"), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err == nil {
		host.Err = io.MultiWriter(host.Err, log)
	}
	return host
}

// clockOffset is read whenever the time is asked for, as a server lives while
// the clock is moved.
func clockOffset(work string) time.Duration {
	offset, err := time.ParseDuration(readOr(filepath.Join(work, ".clock"), "0s"))
	if err != nil {
		return 0
	}
	return offset
}

func readOr(path, fallback string) string {
	data, err := os.ReadFile(path)
	if err != nil {
		return fallback
	}
	return strings.TrimSpace(string(data))
}

// nextCode is an mfa_process: each run prints the next of the codes 000001,
// 000002 … that the fake takes, and leaves a mark to be counted.
func nextCode() int {
	dir := os.Getenv("WORK")
	for n := 1; n < 1000; n++ {
		mark, err := os.OpenFile(filepath.Join(dir, fmt.Sprintf(".code-%06d", n)), os.O_CREATE|os.O_EXCL, 0o600)
		if err == nil {
			_ = mark.Close()
			fmt.Printf("%06d\n", n)
			return 0
		}
	}
	return 1
}

// TestScripts runs every script of testdata/script against an AWS of its own.
func TestScripts(t *testing.T) {
	scripts, err := filepath.Glob("testdata/script/*.txtar")
	if err != nil || len(scripts) == 0 {
		t.Fatalf("no scripts were found: %v", err)
	}
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup:               setUp,
		Condition: func(name string) (bool, error) {
			switch name {
			case "root":
				return os.Geteuid() == 0, nil
			case "container":
				return osexec.Command("bwrap", "--unshare-all", "--ro-bind", "/", "/", "--dev", "/dev", "true").Run() == nil, nil
			case "sshd": // which, as root, wants a folder and a user that only a service has
				_, missing := osexec.LookPath("sshd")
				_, err := os.Stat("/run/sshd")
				service := err == nil && osexec.Command("id", "sshd").Run() == nil
				return missing == nil && (service || os.Geteuid() != 0), nil
			case "traced": // strace needs ptrace(2)
				return osexec.Command("strace", "-qq", "-o", "/dev/null", "true").Run() == nil, nil
			case "bash-completion":
				_, err := os.Stat("/usr/share/bash-completion/bash_completion")
				return err == nil, nil
			case "boto3":
				return osexec.Command("python3", "-c", "import boto3, awscli").Run() == nil, nil
			}
			return false, fmt.Errorf("unknown condition %q", name)
		},
		Cmds: together(map[string]func(*testscript.TestScript, bool, []string){
			"calls": calls, "codes": codes, "advance": advance, "clock": moveClock,
			"fault": injectFault, "latency": latency, "many": many, "json": jsonIs, "envis": envIs, "status": status,
		}, webCommands(), mfaCommands(), keyringCommands(), samlCommands(), metadataCommands(), ssoCommands(), ssoSignInCommands(), portalCommands(), loginCommands(), networkCommands(), opensCommands(), flightCommands(), killCommands(), remoteCommands(), iamCommands(), toolCommands(), rotateCommands(), consoleCommands(), requestCommands(), initCommands()),
	})
}

// noSleep keeps the race detector from waiting a second at the end of every
// process for races that other threads may still report.
const noSleep = "atexit_sleep_ms=0"

const passphrase = "canary passphrase of the scripts"

// setUp gives a script its own AWS and home folder. alice has the key of
// [base]; admin and audit want MFA, plain does not, far is in another account.
func setUp(env *testscript.Env) error {
	aws, err := awsfake.Start(awsfake.Options{})
	if err != nil {
		return err
	}
	env.Values["aws"], env.Values["journals"] = aws, &sync.Map{}
	env.Defer(aws.Close)
	vars := together(world(aws), webWorld(aws), samlWorld(aws), metadataWorld(aws), ssoWorld(aws), loginWorld(aws))
	vars["AWS"] = aws.URL()
	vars["WORK"] = env.WorkDir
	vars["HOME"] = filepath.Join(env.WorkDir, "home")
	vars["TMPDIR"] = filepath.Join(env.WorkDir, "tmp")
	for name, value := range vars {
		env.Setenv(name, value)
	}
	for name, value := range map[string]string{
		"USER": "alice", "SHELL": "/bin/sh", "LANG": "C.UTF-8",
		"AWS_ENDPOINT_URL_STS": aws.URL(), "AWS_ENDPOINT_URL_IAM": aws.URL(), "AWS_ENDPOINT_URL_SSO": aws.URL(), "AWS_ENDPOINT_URL_SSO_OIDC": aws.URL(), "AWS_ENDPOINT_URL_SIGNIN": aws.URL(),
		"AWS_EC2_METADATA_DISABLED":           "true",
		"ASSUME_ROLE_KEYRING_BACKEND":         "file",
		"ASSUME_ROLE_KEYRING_FILE_PASSPHRASE": passphrase,
		"ASSUME_ROLE_KEYRING_FILE_UNLOCK_TTL": "2m",
		"DBUS_SESSION_BUS_ADDRESS":            "",
		"GORACE":                              noSleep,
	} {
		env.Setenv(name, value)
	}
	t := env.T()
	env.Defer(func() { noSecrets(t, env.WorkDir, append(aws.Secrets(), passphrase)) })
	if err := os.MkdirAll(vars["TMPDIR"], 0o700); err != nil {
		return err
	}
	return expandFiles(filepath.Join(vars["HOME"], ".aws"), vars)
}

// world fills the fake and names what is in it for the scripts.
func world(aws *awsfake.Fake) map[string]string {
	aws.AddUser("alice")
	key, secret := aws.AddKey("alice")
	key2, secret2 := aws.AddKey("alice")
	root, rootSecret := aws.AddRootKey()
	device := aws.AddDevice("alice")
	half := 12 * time.Hour
	return map[string]string{
		"KEY": key, "SECRET": secret.Reveal(), "KEY2": key2, "SECRET2": secret2.Reveal(),
		"ROOTKEY": root, "ROOTSECRET": rootSecret.Reveal(),
		"SERIAL": device.Serial, "SEED": device.Seed().Reveal(),
		"ADMIN":  aws.AddRole(awsfake.Role{Name: "admin", RequireMFA: true, MaxDuration: half}),
		"AUDIT":  aws.AddRole(awsfake.Role{Name: "audit", RequireMFA: true, MaxDuration: half}),
		"PLAIN":  aws.AddRole(awsfake.Role{Name: "plain", MaxDuration: half}),
		"STRICT": aws.AddRole(awsfake.Role{Name: "strict", ExternalID: "ex:ternal/1", MaxDuration: half}),
		"FAR":    aws.AddRole(awsfake.Role{Name: "path/far", Account: "210987654321", MaxDuration: half}),
	}
}

// together is one map of many.
func together[V any](all ...map[string]V) map[string]V {
	one := map[string]V{}
	for _, m := range all {
		maps.Copy(one, m)
	}
	return one
}

// expandFiles puts the world's names into the AWS files of a script.
func expandFiles(dir string, vars map[string]string) error {
	for _, name := range []string{"config", "credentials"} {
		path := filepath.Join(dir, name)
		data, err := os.ReadFile(path)
		if os.IsNotExist(err) {
			continue
		}
		if err != nil {
			return err
		}
		text := string(data)
		for name, value := range vars {
			text = strings.ReplaceAll(text, "${"+name+"}", value)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			return err
		}
	}
	return nil
}
