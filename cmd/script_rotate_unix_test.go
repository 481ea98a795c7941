//go:build unix

package cmd_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"assume-role/internal/awsfake"
)

// rotateCommands are the scripts' commands for rotations that end half-way.
func rotateCommands() map[string]func(*testscript.TestScript, bool, []string) {
	return map[string]func(*testscript.TestScript, bool, []string){
		"halfrotated": halfRotated, "killrotations": killRotations,
		"completed": func(ts *testscript.TestScript, _ bool, args []string) { completed(ts, args[0], args[1]) },
	}
}

// toolSays is what a run of the tool prints on stdout, and on stderr where it
// fails.
func toolSays(ts *testscript.TestScript, args ...string) (string, error) {
	c := toolProcess(ts, append([]string{"assume-role"}, args...))
	var stderr bytes.Buffer
	c.Stderr = &stderr
	out, err := c.Output()
	if err != nil {
		err = fmt.Errorf("assume-role %s: %w: %s", strings.Join(args, " "), err, stderr.String())
	}
	return strings.TrimSpace(string(out)), err
}

// storedKeyID is the id of a profile's key, once AWS has accepted that key.
func storedKeyID(ts *testscript.TestScript, profile string) string {
	_, err := toolSays(ts, "whoami", profile, "--no-session-token", "--no-cache")
	ts.Check(err)
	id, err := toolSays(ts, "exec", profile, "--no-session-token", "--no-cache", "--", "printenv", "AWS_ACCESS_KEY_ID")
	ts.Check(err)
	return id
}

// halfRotated: `halfrotated PROFILE USER STORED KEYS`: AWS accepts the stored
// key, which is the user's first, second or deleted one (STORED: old, new),
// and the user has that many keys. A rerun then leaves one, which is stored.
func halfRotated(ts *testscript.TestScript, _ bool, args []string) {
	profile, user := args[0], args[1]
	keys := fake(ts).Keys(user)
	stored := storedKeyID(ts, profile)
	which := "old"
	if stored != ts.Getenv("OLDKEY") {
		which = "new"
	}
	if which != args[2] || strconv.Itoa(len(keys)) != args[3] {
		ts.Fatalf("the %s key is stored, and the user has %d: %v", which, len(keys), keys)
	}
	completed(ts, profile, user)
}

// completed: `completed PROFILE USER` runs a rotation to its end, and remembers the key that it left.
func completed(ts *testscript.TestScript, profile, user string) {
	_, err := toolSays(ts, "rotate", profile)
	ts.Check(err)
	keys := fake(ts).Keys(user)
	if stored := storedKeyID(ts, profile); len(keys) != 1 || keys[0].ID != stored || keys[0].Status != "Active" {
		ts.Fatalf("after the rerun %s is stored, and the user has %v", stored, keys)
	}
	ts.Setenv("OLDKEY", keys[0].ID)
}

// killRotations: `killrotations N PROFILE USER` rotates the profile's key N
// times, killed (SIGKILL) at a random moment each time. After each kill AWS
// accepts the stored key, and a rerun leaves one key.
func killRotations(ts *testscript.TestScript, _ bool, args []string) {
	n, err := strconv.Atoi(args[0])
	ts.Check(err)
	profile, user := args[1], args[2]
	completed(ts, profile, user)
	began := time.Now()
	_, err = toolSays(ts, "rotate", profile)
	ts.Check(err)
	whole := time.Since(began)
	seen := map[string]int{}
	for range n {
		before := fake(ts).Keys(user)[0].ID
		c := toolProcess(ts, []string{"assume-role", "rotate", profile})
		ts.Check(c.Start())
		time.Sleep(time.Duration(rand.Int64N(int64(whole)))) // the moment itself, waited for by nobody
		ts.Check(c.Process.Kill())
		_ = c.Wait()
		seen[standing(fake(ts).Keys(user), before, storedKeyID(ts, profile))]++
		completed(ts, profile, user)
	}
	for state, times := range seen {
		ts.Logf("%3d × %s", times, state)
	}
}

// standing says for the log where a rotation ended.
func standing(keys []awsfake.Key, before, stored string) string {
	which := "old"
	if stored != before {
		which = "new"
	}
	var states []string
	for _, k := range keys {
		states = append(states, k.Status)
	}
	return fmt.Sprintf("the %s key stored, at IAM: %s", which, strings.Join(states, " "))
}
