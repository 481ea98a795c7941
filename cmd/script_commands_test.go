package cmd_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	osexec "os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"assume-role/internal/awsfake"
)

func fake(ts *testscript.TestScript) *awsfake.Fake { return ts.Value("aws").(*awsfake.Fake) }

// calls ACTION N: STS was called that often since the script began; `calls N`
// counts every action.
func calls(ts *testscript.TestScript, neg bool, args []string) {
	action, want := "", args[len(args)-1]
	if len(args) == 2 {
		action = args[0]
	}
	got := len(fake(ts).Calls())
	if action != "" {
		got = fake(ts).Count(action)
	}
	if (strconv.Itoa(got) == want) == neg {
		ts.Fatalf("%d calls of %q, not %s", got, action, want)
	}
}

// codes N: AWS accepted that many MFA codes.
func codes(ts *testscript.TestScript, neg bool, args []string) {
	if got := strconv.Itoa(fake(ts).Codes()); (got == args[0]) == neg {
		ts.Fatalf("%s MFA codes were accepted, not %s", got, args[0])
	}
}

// advance D, or `advance to TIME`: time passes, here and at AWS.
func advance(ts *testscript.TestScript, _ bool, args []string) {
	if args[0] == "to" {
		args = []string{untilMoment(ts, args[1]).String()}
	}
	fake(ts).Advance(parse(ts, args[0]))
	moveClock(ts, false, args)
}

// untilMoment is how far off a moment is by the script's clock.
func untilMoment(ts *testscript.TestScript, text string) time.Duration {
	moment, err := time.Parse(time.RFC3339, text)
	ts.Check(err)
	return time.Until(moment) - parse(ts, readOr(filepath.Join(ts.Getenv("WORK"), ".clock"), "0s"))
}

// clock D: only the local clock is moved.
func moveClock(ts *testscript.TestScript, _ bool, args []string) {
	path := filepath.Join(ts.Getenv("WORK"), ".clock")
	now := parse(ts, readOr(path, "0s")) + parse(ts, args[0])
	ts.Check(os.WriteFile(path, []byte(now.String()), 0o600))
}

func parse(ts *testscript.TestScript, text string) time.Duration {
	d, err := time.ParseDuration(text)
	ts.Check(err)
	return d
}

// fault MODE [ACTION [TIMES [AFTER]]]: calls fail, after so many went well;
// `fault none` ends it.
func injectFault(ts *testscript.TestScript, _ bool, args []string) {
	if args[0] == "none" {
		fake(ts).ClearFaults()
		return
	}
	f := awsfake.Fault{Mode: awsfake.Mode(args[0])}
	if len(args) > 1 {
		f.Action = args[1]
	}
	for i, n := range []*int{&f.Times, &f.After} {
		if len(args) > 2+i {
			var err error
			*n, err = strconv.Atoi(args[2+i])
			ts.Check(err)
		}
	}
	fake(ts).Inject(f)
}

// latency ACTION D: every such call takes that much longer.
func latency(ts *testscript.TestScript, _ bool, args []string) {
	fake(ts).SetLatency(args[0], parse(ts, args[1]))
}

// many N COMMAND ARG…: that many processes at once, all of which succeed (or,
// negated, all of which fail).
func many(ts *testscript.TestScript, neg bool, args []string) {
	n, err := strconv.Atoi(args[0])
	ts.Check(err)
	path, err := osexec.LookPath(args[1])
	ts.Check(err)
	env := scriptEnviron(ts)
	var all sync.WaitGroup
	failures := make([]error, n)
	for i := range n {
		all.Go(func() {
			var stderr bytes.Buffer
			c := osexec.Command(path, args[2:]...)
			c.Dir, c.Env, c.Stderr = ts.Getenv("WORK"), env, &stderr
			if err := c.Run(); err != nil {
				failures[i] = fmt.Errorf("%w: %s", err, stderr.String())
			}
		})
	}
	all.Wait()
	for i, err := range failures {
		if (err == nil) == neg {
			ts.Fatalf("process %d of %d: %v", i, n, err)
		}
	}
}

// scriptEnviron is the script's environment as far as the tool cares.
func scriptEnviron(ts *testscript.TestScript) []string {
	names := []string{"PATH", "GORACE", "HOME", "WORK", "TMPDIR", "USER", "SHELL", "LANG", "TERM", "AWS_ENDPOINT_URL_STS", "AWS_ENDPOINT_URL_IAM", "AWS_ENDPOINT_URL_SSO", "AWS_ENDPOINT_URL_SSO_OIDC", "AWS_ENDPOINT_URL_SIGNIN", "AWS_EC2_METADATA_DISABLED",
		"ASSUME_ROLE_KEYRING_BACKEND", "ASSUME_ROLE_KEYRING_FILE_PASSPHRASE", "ASSUME_ROLE_KEYRING_FILE_UNLOCK_TTL", "ASSUME_ROLE_PROMPT"}
	var env []string
	for _, name := range append(names, metadataVariables()...) {
		if value := ts.Getenv(name); value != "" {
			env = append(env, name+"="+value)
		}
	}
	return env
}

// status N COMMAND ARG…: the exit status, to the number.
func status(ts *testscript.TestScript, _ bool, args []string) {
	err := ts.Exec(args[1], args[2:]...)
	got := 0
	var exit *osexec.ExitError
	if errors.As(err, &exit) {
		got = exit.ExitCode()
	}
	if strconv.Itoa(got) != args[0] {
		ts.Fatalf("exit status %d, not %s (%v)", got, args[0], err)
	}
}

// json FILE PATH [VALUE]: the value at a path such as steps.1.kind; without
// VALUE the path must not exist.
func jsonIs(ts *testscript.TestScript, neg bool, args []string) {
	var at any
	ts.Check(json.Unmarshal([]byte(ts.ReadFile(args[0])), &at))
	found := true
	for _, name := range strings.Split(args[1], ".") {
		if at, found = member(at, name); !found {
			break
		}
	}
	got := "(absent)"
	if found {
		text, err := json.Marshal(at)
		ts.Check(err)
		got = strings.Trim(string(text), `"`)
	}
	want := "(absent)"
	if len(args) > 2 {
		want = args[2]
	}
	if (got == want) == neg {
		ts.Fatalf("%s is %s, not %s", args[1], got, want)
	}
}

func member(at any, name string) (any, bool) {
	switch v := at.(type) {
	case map[string]any:
		value, ok := v[name]
		return value, ok
	case []any:
		if name == "length" {
			return len(v), true
		}
		if i, err := strconv.Atoi(name); err == nil && i < len(v) {
			return v[i], true
		}
		for _, each := range v {
			if m, ok := each.(map[string]any); ok && m["name"] == name {
				return each, true
			}
		}
	}
	return nil, false
}

// envis FILE NAME [VALUE]: a variable in the output of `env`; without VALUE it
// must not be there.
func envIs(ts *testscript.TestScript, neg bool, args []string) {
	lines := strings.Split(ts.ReadFile(args[0]), "\n")
	i := slices.IndexFunc(lines, func(l string) bool { return strings.HasPrefix(l, args[1]+"=") })
	switch {
	case len(args) == 2 && (i < 0) == neg:
		ts.Fatalf("%s: %v", args[1], i >= 0)
	case len(args) == 3 && (i >= 0 && lines[i] == args[1]+"="+args[2]) == neg:
		ts.Fatalf("%s is not %q in\n%s", args[1], args[2], strings.Join(lines, "\n"))
	}
}

// noSecrets searches what a script left behind: everything that the tool said
// on stderr and every file of the home folder but those the user wrote.
func noSecrets(t testscript.T, work string, secrets []string) {
	check := func(path string) {
		data, err := os.ReadFile(path)
		if err != nil {
			return
		}
		for _, secret := range secrets {
			if bytes.Contains(data, []byte(secret)) {
				t.Log(fmt.Sprintf("a secret was left in %s", path))
				t.FailNow()
			}
		}
	}
	check(filepath.Join(work, ".stderr"))
	for _, dir := range []string{"home", "tmp"} {
		_ = filepath.WalkDir(filepath.Join(work, dir), func(path string, d fs.DirEntry, err error) error {
			if err == nil && d.Type().IsRegular() && !strings.Contains(path, filepath.Join("home", ".aws")) {
				check(path)
			}
			return nil
		})
	}
}
