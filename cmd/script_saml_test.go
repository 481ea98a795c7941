package cmd_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/rogpeppe/go-internal/testscript"

	"assume-role/internal/awsfake"
)

const samlProvider = "arn:aws:iam::123456789012:saml-provider/idp"

// samlCommands are the scripts' commands for SAML, and for what a call of STS
// was sent.
func samlCommands() map[string]func(*testscript.TestScript, bool, []string) {
	return map[string]func(*testscript.TestScript, bool, []string){
		"assertion": issueAssertion, "param": param, "stsjson": stsJSON, "endless": endless,
	}
}

// samlWorld has an identity provider and the roles that trust it.
func samlWorld(world *awsfake.Fake) map[string]string {
	role := func(name string) string {
		return world.AddRole(awsfake.Role{Name: name, Principals: []string{samlProvider}, MaxDuration: 12 * time.Hour})
	}
	return map[string]string{
		"PROVIDER": samlProvider, "STAFF": role("staff"), "DESK": role("team/desk"),
		"CLOSED": world.AddRole(awsfake.Role{Name: "closed", Principals: []string{samlProvider + "2"}}),
		"ONTOP":  world.AddRole(awsfake.Role{Name: "ontop", MaxDuration: 12 * time.Hour}),
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

// stsJSON FILE ROLE NAME [ZONE]: what the AWS CLI prints for an AssumeRole
// with alice's keys. ZONE ends the Expiration: +00:00, Z or UTC.
func stsJSON(ts *testscript.TestScript, _ bool, args []string) {
	zone := "+00:00"
	if len(args) > 3 {
		zone = args[3]
	}
	client := sts.New(sts.Options{
		Region: "us-east-1", BaseEndpoint: aws.String(ts.Getenv("AWS")),
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: ts.Getenv("KEY"), SecretAccessKey: ts.Getenv("SECRET")}, nil
		}),
	})
	out, err := client.AssumeRole(context.Background(), &sts.AssumeRoleInput{RoleArn: &args[1], RoleSessionName: &args[2]})
	ts.Check(err)
	text, err := json.MarshalIndent(map[string]any{
		"Credentials": map[string]any{
			"AccessKeyId": out.Credentials.AccessKeyId, "SecretAccessKey": out.Credentials.SecretAccessKey,
			"SessionToken": out.Credentials.SessionToken, "Expiration": out.Credentials.Expiration.UTC().Format("2006-01-02T15:04:05") + zone,
		},
		"AssumedRoleUser": map[string]any{"AssumedRoleId": out.AssumedRoleUser.AssumedRoleId, "Arn": out.AssumedRoleUser.Arn},
	}, "", "    ")
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), text, 0o600))
}

// endless MB: the next command's stdin is that long.
func endless(ts *testscript.TestScript, _ bool, args []string) {
	n, err := strconv.Atoi(args[0])
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(".endless"), bytes.Repeat([]byte(" "), n<<20), 0o600))
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
