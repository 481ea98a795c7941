package cmd_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"maps"
	"os"
	osexec "os/exec"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"assume-role/internal/awsfake"
)

// loginCommands are the scripts' commands for aws login.
func loginCommands() map[string]func(*testscript.TestScript, bool, []string) {
	return map[string]func(*testscript.TestScript, bool, []string){
		"signin": signIn, "endlogin": endLogin, "loginfile": loginFile, "loginkeeps": loginKeeps, "loginkilled": loginKilled,
		"console": console, "barlogin": barLogin,
	}
}

// loginWorld fills the fake, and names what is in it for the scripts.
func loginWorld(aws *awsfake.Fake) map[string]string {
	const role = "arn:aws:sts::123456789012:assumed-role/Admin/alice"
	return map[string]string{
		"LOGIN": role, "LOGINUSER": aws.AddUser("alice"), "LOGINROOT": "arn:aws:iam::123456789012:root",
		"LOGINFILE": loginName(role),
	}
}

// future is a member that no program knows yet, in a spelling to be kept.
const future = `{"Nested": [1, 2.50, "<&>", null]}`

// signIn: `signin ARN [DIR]` is `aws login`: it leaves the AWS CLI's file.
func signIn(ts *testscript.TestScript, _ bool, args []string) {
	dir := filepath.Join(ts.Getenv("HOME"), ".aws", "login", "cache")
	if len(args) > 1 {
		dir = ts.MkAbs(args[1])
	}
	var file map[string]json.RawMessage
	ts.Check(json.Unmarshal(fake(ts).AddLogin(args[0]), &file))
	file["aFuture_Member"] = json.RawMessage(future)
	text, err := json.Marshal(file)
	ts.Check(err)
	ts.Check(os.MkdirAll(dir, 0o700))
	ts.Check(os.WriteFile(filepath.Join(dir, loginName(args[0])), text, 0o644))
}

func loginName(arn string) string {
	sum := sha256.Sum256([]byte(arn))
	return hex.EncodeToString(sum[:]) + ".json"
}

// endLogin: `endlogin ARN REASON` makes AWS refuse to refresh.
func endLogin(ts *testscript.TestScript, _ bool, args []string) {
	fake(ts).EndLogin(args[0], args[1])
}

// loginFile: `loginfile FILE MEMBER [JSON]` changes a member of the AWS CLI's
// file, or takes it out.
func loginFile(ts *testscript.TestScript, _ bool, args []string) {
	path := ts.MkAbs(args[0])
	file := readLoginFile(ts, path)
	delete(file, args[1])
	if len(args) > 2 {
		file[args[1]] = json.RawMessage(args[2])
	}
	text, err := json.Marshal(file)
	ts.Check(err)
	ts.Check(os.WriteFile(path, text, 0o600))
}

func readLoginFile(ts *testscript.TestScript, path string) map[string]json.RawMessage {
	var file map[string]json.RawMessage
	ts.Check(json.Unmarshal([]byte(ts.ReadFile(path)), &file))
	return file
}

// loginKeeps: `loginkeeps BEFORE AFTER` holds a refreshed file to the one
// before: the tokens are others, all the rest is the same; only its owner may
// read it, and nothing lies beside it.
func loginKeeps(ts *testscript.TestScript, _ bool, args []string) {
	path := ts.MkAbs(args[1])
	before, after := readLoginFile(ts, args[0]), readLoginFile(ts, path)
	for name, old := range before {
		changes := name == "accessToken" || name == "refreshToken"
		if bytes.Equal(compact(ts, old), compact(ts, after[name])) == changes {
			ts.Fatalf("%s changed, or did not: %v", name, !changes)
		}
	}
	if len(before) != len(after) {
		ts.Fatalf("other members: %q", slices.Sorted(maps.Keys(after)))
	}
	info, err := os.Stat(path)
	ts.Check(err)
	if os.PathSeparator == '/' && info.Mode() != 0o600 {
		ts.Fatalf("mode %v", info.Mode())
	}
	if all, _ := os.ReadDir(filepath.Dir(path)); len(all) != 1 {
		ts.Fatalf("%d files lie there: %v", len(all), all)
	}
}

func compact(ts *testscript.TestScript, text []byte) []byte {
	var b bytes.Buffer
	if text != nil {
		ts.Check(json.Compact(&b, text))
	}
	return b.Bytes()
}

// loginKilled: `loginkilled N COMMAND ARG…` starts the command, kills it while
// it refreshes a session, with N more of it waiting; all of those succeed.
func loginKilled(ts *testscript.TestScript, _ bool, args []string) {
	path, err := osexec.LookPath(args[1])
	ts.Check(err)
	first := osexec.Command(path, args[2:]...)
	first.Dir, first.Env = ts.Getenv("WORK"), scriptEnviron(ts)
	before := fake(ts).Count("CreateOAuth2Token")
	ts.Check(first.Start())
	for patience := 20_000; fake(ts).Count("CreateOAuth2Token") == before; patience-- {
		if patience == 0 {
			ts.Fatalf("no refresh began")
		}
		time.Sleep(time.Millisecond) // polling: the call is what is waited for
	}
	var others sync.WaitGroup
	others.Go(func() { many(ts, false, args) })
	ts.Check(first.Process.Kill())
	_ = first.Wait()
	others.Wait()
}
