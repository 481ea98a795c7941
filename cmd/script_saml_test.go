package cmd_test

import (
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"assume-role/internal/awsfake"
)

const samlProvider = "arn:aws:iam::123456789012:saml-provider/idp"

// samlCommands are the scripts' commands for SAML, and for what a call of STS
// was sent.
func samlCommands() map[string]func(*testscript.TestScript, bool, []string) {
	return map[string]func(*testscript.TestScript, bool, []string){"assertion": issueAssertion, "param": param}
}

// samlWorld has an identity provider and the roles that trust it.
func samlWorld(aws *awsfake.Fake) map[string]string {
	role := func(name string) string {
		return aws.AddRole(awsfake.Role{Name: name, Principals: []string{samlProvider}, MaxDuration: 12 * time.Hour})
	}
	return map[string]string{
		"PROVIDER": samlProvider, "STAFF": role("staff"), "DESK": role("team/desk"),
		"CLOSED": aws.AddRole(awsfake.Role{Name: "closed", Principals: []string{samlProvider + "2"}}),
		"ONTOP":  aws.AddRole(awsfake.Role{Name: "ontop", MaxDuration: 12 * time.Hour}),
	}
}

// assertion FILE [WORD…]: the provider issues an assertion, in base64. A WORD
// is a role's ARN, or one of reversed, encrypted, unnamed, stale, elsewhere,
// short.
func issueAssertion(ts *testscript.TestScript, _ bool, args []string) {
	a := awsfake.SAMLAssertion{SessionName: "alice@idp", Provider: samlProvider}
	set := map[string]func(){
		"reversed":  func() { a.ProviderFirst = true },
		"encrypted": func() { a.Encrypted = true },
		"unnamed":   func() { a.SessionName = "" },
		"stale":     func() { a.StaleKey = true },
		"elsewhere": func() { a.Audience = "https://else.test" },
		"short":     func() { a.SessionNotOnOrAfter = fake(ts).Now().Add(20 * time.Minute) },
	}
	for _, word := range args[1:] {
		if change, ok := set[word]; ok {
			change()
			continue
		}
		a.Roles = append(a.Roles, word)
	}
	text := fake(ts).AddSAMLAssertion(a).Reveal()
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(text[:70]+"\n"+text[70:]+"\n"), 0o600))
}

// param ACTION NAME [VALUE]: what the last call of ACTION was sent under AWS's
// NAME; without VALUE it must not have been sent.
func param(ts *testscript.TestScript, neg bool, args []string) {
	var last *awsfake.Call
	for _, call := range fake(ts).Calls() {
		if call.Action == args[0] {
			last = &call
		}
	}
	if last == nil {
		ts.Fatalf("there was no %s", args[0])
	}
	got, sent := last.Params[args[1]]
	var want []string
	if sent {
		want = []string{got}
	}
	if same := strings.Join(want, "") == strings.Join(args[2:], "") && len(want) == len(args[2:]); same == neg {
		ts.Fatalf("%s was sent %s = %s, not %q", args[0], args[1], fmt.Sprintf("%q", want), args[2:])
	}
}
