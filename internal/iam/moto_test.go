package iam

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"os/exec"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"assume-role/internal/creds"
	"assume-role/internal/profile"
)

// motoAndBoto3 runs moto's server, and has boto3 make what IAM is asked about
// and read it: one line of JSON. It ends with its input.
const motoAndBoto3 = `
import json, logging, os, sys
os.environ.update(AWS_ACCESS_KEY_ID="AKIAIOSFODNN7EXAMPLE", AWS_SECRET_ACCESS_KEY="secret", AWS_DEFAULT_REGION="us-east-1", AWS_CONFIG_FILE="/dev/null")
logging.disable()
import boto3
from moto.server import ThreadedMotoServer
server = ThreadedMotoServer(port=0, verbose=False)
server.start()
host, port = server.get_host_and_port()
url = "http://127.0.0.1:%d" % port
iam = boto3.client("iam", endpoint_url=url)
document = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": {"StringLike": {"aws:userid": "*:a+b=c%2B&d \u00fc/\u00e9\"?#"}}}]}, ensure_ascii=False)
iam.create_user(UserName="alice", Path="/team/")
iam.create_role(RoleName="ops", Path="/team/", AssumeRolePolicyDocument="{}", MaxSessionDuration=7200)
iam.put_role_policy(RoleName="ops", PolicyName="P", PolicyDocument=document)
keys = [iam.create_access_key(UserName="alice")["AccessKey"] for _ in range(2)]
iam.update_access_key(UserName="alice", AccessKeyId=keys[1]["AccessKeyId"], Status="Inactive")
iam.enable_mfa_device(UserName="alice", SerialNumber="arn:aws:iam::123456789012:mfa/alice", AuthenticationCode1="123456", AuthenticationCode2="654321")
role, user = iam.get_role(RoleName="ops")["Role"], iam.get_user(UserName="alice")["User"]
print(json.dumps(dict(
    url=url, document=document,
    role=dict(Name=role["RoleName"], ID=role["RoleId"], ARN=role["Arn"], MaxSession=role["MaxSessionDuration"] * 10**9),
    user=dict(Name=user["UserName"], ID=user["UserId"], ARN=user["Arn"]),
    keys=[dict(ID=k["AccessKeyId"], Active=k["Status"] == "Active", Created=k["CreateDate"].isoformat()) for k in iam.list_access_keys(UserName="alice")["AccessKeyMetadata"]],
    devices=[dict(Serial=d["SerialNumber"], FIDO=False) for d in iam.list_mfa_devices(UserName="alice")["MFADevices"]],
)), flush=True)
for line in sys.stdin:
    kind, name = line.split()
    try:
        found = iam.get_role_policy(RoleName=name, PolicyName="Q") if kind == "role" else iam.get_user_policy(UserName=name, PolicyName="Q")
        print(json.dumps(json.dumps(found["PolicyDocument"], ensure_ascii=False)), flush=True)
    except iam.exceptions.NoSuchEntityException:
        print(json.dumps(""), flush=True)
`

// boto3 is what boto3 read.
type boto3 struct {
	URL, Document string
	Role          Role
	User          User
	Keys          []Key
	Devices       []Device
}

// second is boto3 on the same moto, for as long as the test runs.
type second struct {
	boto3
	ask   io.Writer
	lines *bufio.Reader
}

func (w *world) second() *second {
	w.Helper()
	python, err := exec.LookPath("python3")
	if err != nil || exec.Command(python, "-c", "import boto3, moto.server").Run() != nil {
		w.Skip("needs python3 with boto3 and moto[server]")
	}
	c := exec.Command(python, "-c", motoAndBoto3)
	in, err := c.StdinPipe()
	w.ok(err)
	out, err := c.StdoutPipe()
	w.ok(err)
	w.ok(c.Start())
	w.Cleanup(func() {
		_ = in.Close()
		_ = c.Wait()
	})
	s := &second{ask: in, lines: bufio.NewReader(out)}
	s.read(w, &s.boto3)
	return s
}

func (s *second) read(w *world, into any) {
	w.Helper()
	line, err := s.lines.ReadBytes('\n')
	if err != nil {
		w.Fatal(err)
	}
	w.ok(json.Unmarshal(line, into))
}

// policy is the policy Q of a role or user as boto3 reads it; empty for none.
func (s *second) policy(w *world, kind, name string) (text string) {
	w.Helper()
	_, err := io.WriteString(s.ask, kind+" "+name+"\n")
	w.ok(err)
	s.read(w, &text)
	return text
}

// motos is our client of boto3's moto.
func (w *world) motos(s *second) *Client {
	chain := *w.chain
	chain.Services = map[string]profile.Endpoint{Service: {Region: "us-east-1", Partition: "aws", URL: s.URL}}
	return New(w.assumer, &chain, creds.Credentials{AccessKeyID: "AKIAIOSFODNN7EXAMPLE", SecretAccessKey: "secret"})
}

// What another fake of AWS's answers is the same to boto3 and to us, and what we
// put there, boto3 finds.
func TestAsBoto3(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.second()
	w.reads(s)
	w.changes(s)
}

func (w *world) reads(s *second) {
	w.Helper()
	ctx, c := context.Background(), w.motos(s)
	var got boto3
	var err error
	got.URL, got.Document = s.URL, s.Document
	got.Role, err = c.Role(ctx, "ops")
	w.ok(err)
	got.User, err = c.User(ctx, "alice")
	w.ok(err)
	got.Keys, err = c.Keys(ctx, "alice")
	w.ok(err)
	got.Devices, err = c.Devices(ctx, "alice")
	w.ok(err)
	got.Role.Skew, got.User.Skew = 0, 0
	if diff := cmp.Diff(s.boto3, got); diff != "" {
		w.Errorf("boto3 (-), ours (+):\n%s", diff)
	}
	p, ok, err := c.RolePolicy(ctx, "ops", "P")
	if err != nil || !ok || p.Document != s.Document {
		w.Errorf("%s, %v, %v, not %s", p.Document, ok, err, s.Document)
	}
}

func (w *world) changes(s *second) {
	w.Helper()
	ctx, c := context.Background(), w.motos(s)
	_, err := c.PutRolePolicy(ctx, "ops", "Q", s.Document)
	w.ok(err)
	_, err = c.PutUserPolicy(ctx, "alice", "Q", s.Document)
	w.ok(err)
	for kind, name := range map[string]string{"role": "ops", "user": "alice"} {
		if got := s.policy(w, kind, name); got != s.Document {
			w.Errorf("%s: boto3 finds %s, not %s", kind, got, s.Document)
		}
	}
	if p, ok, err := c.UserPolicy(ctx, "alice", "Q"); err != nil || !ok || p.Document != s.Document {
		w.Error(p, ok, err)
	}
	w.ok(c.DeleteRolePolicy(ctx, "ops", "Q"))
	w.ok(c.DeleteUserPolicy(ctx, "alice", "Q"))
	w.says(c.DeleteUserPolicy(ctx, "alice", "Q"), ErrNotFound, "DeleteUserPolicy on user/alice failed with NoSuchEntity")
	if got := s.policy(w, "role", "ops") + s.policy(w, "user", "alice"); got != "" {
		w.Errorf("boto3 finds %s", got)
	}
	w.ok(c.SetKeyActive(ctx, "alice", s.Keys[0].ID, false))
	w.ok(c.DeleteKey(ctx, "alice", s.Keys[1].ID))
	made, err := c.CreateKey(ctx, "alice")
	if err != nil || made.AccessKeyID == "" || made.SecretAccessKey == "" {
		w.Error(made, err)
	}
	if used, err := c.LastUsed(ctx, s.Keys[0].ID); err != nil || time.Since(used) < 0 {
		w.Error(used, err)
	}
	keys, err := c.Keys(ctx, "alice")
	if err != nil || len(keys) != 2 || keys[0].Active || keys[1].ID != made.AccessKeyID || !keys[1].Active {
		w.Error(keys, err)
	}
	_, err = c.Role(ctx, "nobody")
	w.says(err, ErrNotFound, "GetRole on role/nobody failed with NoSuchEntity")
}
