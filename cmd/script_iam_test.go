package cmd_test

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// iamCommands are the scripts' commands for IAM. They name a role or user as
// role/NAME or user/NAME of the fake's account, with the path, or by ARN.
func iamCommands() map[string]func(*testscript.TestScript, bool, []string) {
	return map[string]func(*testscript.TestScript, bool, []string){
		"putpolicy": putPolicy, "policies": policies, "iamdelay": iamDelay, "iamdeny": iamDeny,
		"iammfa": iamMFA, "iamuser": iamUser, "iamkeys": iamKeys, "iamfido": iamFIDO,
	}
}

func iamARN(name string) string {
	if strings.HasPrefix(name, "arn:") {
		return name
	}
	return "arn:aws:iam::123456789012:" + name
}

// putPolicy: `putpolicy role/NAME POLICY FILE`: somebody else puts an inline
// policy on a role or user.
func putPolicy(ts *testscript.TestScript, _ bool, args []string) {
	fake(ts).PutPolicy(iamARN(args[0]), args[1], ts.ReadFile(args[2]))
}

// policies: `policies role/NAME [POLICY]` prints the inline policies of a role
// or user, each as its name and, in a line of its own, its text; or the text of
// one, which must exist. `! policies role/NAME [POLICY]`: there are none.
func policies(ts *testscript.TestScript, neg bool, args []string) {
	all := fake(ts).Policies(iamARN(args[0]))
	if len(args) > 1 {
		text, ok := all[args[1]]
		all = map[string]string{}
		if ok {
			all[args[1]] = text
		}
	}
	if neg != (len(all) == 0) && (neg || len(args) > 1) {
		ts.Fatalf("%s has the policies %q", args[0], slices.Sorted(maps.Keys(all)))
	}
	out := ts.Stdout()
	for _, name := range slices.Sorted(maps.Keys(all)) {
		if len(args) == 1 {
			_, _ = fmt.Fprintln(out, name)
		}
		_, _ = fmt.Fprintln(out, all[name])
	}
}

// iamDelay: `iamdelay N`: calls see what changes in IAM from now on only after
// N others did not (awsfake.SetPropagation).
func iamDelay(ts *testscript.TestScript, _ bool, args []string) {
	n, err := strconv.Atoi(args[0])
	ts.Check(err)
	fake(ts).SetPropagation(n)
}

// iamDeny: `iamdeny role/NAME ACTION…`: no policy allows a role or user these
// actions (iam:PutRolePolicy, iam:*).
func iamDeny(ts *testscript.TestScript, _ bool, args []string) {
	fake(ts).DenyIAM(iamARN(args[0]), args[1:]...)
}

// iamMFA: `iammfa USER`: a policy denies the user IAM without MFA.
func iamMFA(ts *testscript.TestScript, _ bool, args []string) {
	fake(ts).RequireMFAForIAM(args[0])
}

// iamUser: `iamuser NAME PREFIX`: a new user with one access key, which goes
// into the variables PREFIXKEY and PREFIXSECRET.
func iamUser(ts *testscript.TestScript, _ bool, args []string) {
	id, secret := fake(ts).AddKey(args[0])
	ts.Setenv(args[1]+"KEY", id)
	ts.Setenv(args[1]+"SECRET", secret.Reveal())
}

// iamKeys: `iamkeys USER` prints the user's access keys, the oldest first, as
// lines `AKIA… Active`. `iamkeys off ID` and `iamkeys delete ID`: somebody else
// deactivates or deletes one.
func iamKeys(ts *testscript.TestScript, _ bool, args []string) {
	switch args[0] {
	case "off":
		fake(ts).DeactivateKey(args[1])
	case "delete":
		fake(ts).DeleteKey(args[1])
	default:
		out := ts.Stdout()
		for _, k := range fake(ts).Keys(args[0]) {
			_, _ = fmt.Fprintln(out, k.ID, k.Status)
		}
	}
}

// iamFIDO: `iamfido USER VARIABLE`: the user gets a security key; its ARN goes
// into the variable.
func iamFIDO(ts *testscript.TestScript, _ bool, args []string) {
	ts.Setenv(args[1], fake(ts).AddFIDODevice(args[0]))
}
