package cmd_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"

	"github.com/rogpeppe/go-internal/testscript"
)

// portalCommands are the scripts' commands for what the access portal shows.
func portalCommands() map[string]func(*testscript.TestScript, bool, []string) {
	return map[string]func(*testscript.TestScript, bool, []string){"portal": portal, "kept": kept}
}

// portal changes what alice is shown: `portal account ID NAME` (in Go's quotes)
// is an account without roles, `portal role ID ROLE` and `portal drop ID ROLE`
// a role of one, `portal many N` N accounts with two roles each, `portal limit
// PAGE RATE` the size of pages and the calls in a second.
func portal(ts *testscript.TestScript, _ bool, args []string) {
	number := func(text string) int {
		n, err := strconv.Atoi(text)
		ts.Check(err)
		return n
	}
	switch args[0] {
	case "account":
		name, err := strconv.Unquote(`"` + args[2] + `"`)
		ts.Check(err)
		fake(ts).AddAccount("alice", args[1], name)
	case "role":
		fake(ts).AddAssignment("alice", args[1], args[2], 0)
	case "drop":
		fake(ts).RemoveAssignment("alice", args[1], args[2])
	case "limit":
		fake(ts).SetPortal(number(args[1]), number(args[2]))
	case "many":
		for i := range number(args[1]) {
			id := fmt.Sprintf("%012d", 300000000000+i)
			fake(ts).AddAccount("alice", id, fmt.Sprintf("Team %03d (prod)", i))
			fake(ts).AddAssignment("alice", id, "Admin", 0)
			fake(ts).AddAssignment("alice", id, "ReadOnly", 0)
		}
	default:
		ts.Fatalf("portal: what is %q?", args[0])
	}
}

// kept: `kept OLD FILE`: the file begins with all of OLD, byte for byte.
func kept(ts *testscript.TestScript, neg bool, args []string) {
	old, now := ts.ReadFile(args[0]), ts.ReadFile(args[1])
	if (len(now) >= len(old) && now[:len(old)] == old) == neg {
		ts.Fatalf("%s begins otherwise:\n%s", args[1], now)
	}
	temps, err := filepath.Glob(filepath.Join(filepath.Dir(ts.MkAbs(args[1])), ".*.tmp*"))
	ts.Check(err)
	for _, temp := range temps {
		ts.Logf("left behind: %s", temp)
		ts.Check(os.Remove(temp))
	}
	if len(temps) > 0 && !neg {
		ts.Fatalf("something was left behind")
	}
}
