package cmd_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"

	"assume-role/internal/awsfake"
	"assume-role/internal/sso"
)

// ssoCommands are the scripts' commands for IAM Identity Center.
func ssoCommands() map[string]func(*testscript.TestScript, bool, []string) {
	return map[string]func(*testscript.TestScript, bool, []string){
		"ssosignin": ssoSignIn, "ssoend": ssoEnd, "ssofile": ssoFile, "ssokeeps": ssoKeeps,
	}
}

const (
	ssoStart = "https://d-abc.awsapps.com/start"
	ssoHome  = "eu-central-1"
)

// ssoWorld fills the fake, and names what is in it for the scripts: alice may
// be Admin and Reader, bob Reader only.
func ssoWorld(aws *awsfake.Fake) map[string]string {
	admin := aws.AddAssignment("alice", "123456789012", "Admin", 0)
	aws.AddAssignment("alice", "210987654321", "Reader", 0)
	aws.AddAssignment("bob", "210987654321", "Reader", 0)
	return map[string]string{
		"SSOADMIN": admin, "SSOSTART": ssoStart, "SSOREGION": ssoHome,
		"SSOFILE": sso.Key("corp") + ".json", "SSOLEGACY": sso.Key(ssoStart) + ".json",
	}
}

func ssoPath(ts *testscript.TestScript, name string) string {
	return filepath.Join(ts.Getenv("HOME"), ".aws", "sso", "cache", sso.Key(name)+".json")
}

// ssoSignIn: `ssosignin NAME USER [fixed] [left=D] [region=R] [start=URL]` is
// `aws sso login` for an sso-session, or for a start URL the older one: it
// leaves the AWS CLI's file.
func ssoSignIn(ts *testscript.TestScript, _ bool, args []string) {
	sign := awsfake.SSOSignIn{
		User: args[1], StartURL: ssoStart, Region: ssoHome,
		Legacy: strings.HasPrefix(args[0], "https:"), Fixed: slices.Contains(args, "fixed"),
	}
	for _, option := range args[2:] {
		name, value, _ := strings.Cut(option, "=")
		switch name {
		case "left":
			sign.Left = parse(ts, value)
		case "region":
			sign.Region = value
		case "start":
			sign.StartURL = value
		}
	}
	path := ssoPath(ts, args[0])
	ts.Check(os.MkdirAll(filepath.Dir(path), 0o700))
	ts.Check(os.WriteFile(path, fake(ts).SSOToken(sign), 0o644))
}

// ssoEnd: `ssoend USER [access]` ends a user's sign-ins, or their access
// tokens only.
func ssoEnd(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) > 1 {
		fake(ts).RevokeAccess(args[0])
		return
	}
	fake(ts).EndSSO(args[0])
}

// ssoFile: `ssofile NAME MEMBER [JSON]` changes a member of a token file, or
// takes it out.
func ssoFile(ts *testscript.TestScript, _ bool, args []string) {
	path := ssoPath(ts, args[0])
	file := map[string]json.RawMessage{}
	ts.Check(json.Unmarshal([]byte(ts.ReadFile(path)), &file))
	delete(file, args[1])
	text, err := json.Marshal(file)
	ts.Check(err)
	if len(args) > 2 {
		text = []byte(`{"` + args[1] + `": ` + args[2] + `, ` + string(text[1:]))
	}
	ts.Check(os.WriteFile(path, text, 0o644))
}

// ssoKeeps: `ssokeeps OLD NAME MEMBER…`: those members of a token file are,
// byte for byte, what they were in the file OLD; `! ssokeeps`: none is.
func ssoKeeps(ts *testscript.TestScript, neg bool, args []string) {
	var old, now map[string]json.RawMessage
	ts.Check(json.Unmarshal([]byte(ts.ReadFile(args[0])), &old))
	ts.Check(json.Unmarshal([]byte(ts.ReadFile(ssoPath(ts, args[1]))), &now))
	for _, name := range args[2:] {
		if (string(old[name]) == string(now[name]) && old[name] != nil) == neg {
			ts.Fatalf("%s: is it kept? %v", name, neg)
		}
	}
}
