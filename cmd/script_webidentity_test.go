package cmd_test

import (
	"os"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"assume-role/internal/awsfake"
)

// webIdentityWorld has roles for tokens, and a job of GitHub's that may ask for
// some.
func webIdentityWorld(aws *awsfake.Fake) map[string]string {
	url, key := aws.AddGithubJob(awsfake.WebIdentity{Issuer: "https://github.test", Subject: "repo:me/it:ref:refs/heads/main"})
	return map[string]string{
		// An address that is not loopback, and leads here all the same.
		"ANYHOST":    strings.Replace(aws.URL(), "127.0.0.1", "0.0.0.0", 1),
		"GITHUB_URL": url, "GITHUB_KEY": key.Reveal(),
		"WEBROLE": aws.AddRole(awsfake.Role{Name: "web", MaxDuration: 12 * time.Hour}),
		"NEXT":    aws.AddRole(awsfake.Role{Name: "next", MaxDuration: 12 * time.Hour}),
		"CLOSED":  aws.AddRole(awsfake.Role{Name: "closed", Principals: []string{"https://else.test"}}),
	}
}

// webToken FILE [subject=S] [audience=A] [lasts=D]: the identity provider
// writes a new token into a file.
func webToken(ts *testscript.TestScript, _ bool, args []string) {
	id := awsfake.WebIdentity{}
	for _, arg := range args[1:] {
		name, value, _ := strings.Cut(arg, "=")
		switch name {
		case "subject":
			id.Subject = value
		case "audience":
			id.Audience = value
		case "lasts":
			id.Expires = fake(ts).Now().Add(parse(ts, value))
		default:
			ts.Fatalf("a token has no %s", name)
		}
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(fake(ts).AddWebIdentity(id).Reveal()+"\n"), 0o600))
}

// unsigned ACTION: no call of it had a signature, or any credentials.
func unsigned(ts *testscript.TestScript, _ bool, args []string) {
	calls := 0
	for _, c := range fake(ts).Calls() {
		if c.Action != args[0] {
			continue
		}
		calls++
		if c.AccessKeyID != "" || c.Caller != "" {
			ts.Fatalf("%s was signed with %s", c.Action, c.AccessKeyID)
		}
	}
	if calls == 0 {
		ts.Fatalf("%s was not called", args[0])
	}
}
