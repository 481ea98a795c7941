package revoke

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestDenyStatement(t *testing.T) {
	t.Parallel()
	china := Subject{ARN: "arn:aws-cn:iam::123456789012:role/admin", Partition: "aws-cn", Account: "123456789012", Path: "/", Name: "admin"}
	for _, tc := range []struct {
		of    Subject
		which Sessions
		on    string
		want  string
	}{
		{admin, Sessions{Name: "Mary"}, "", `{"AWS":"arn:aws:sts::123456789012:assumed-role/admin/Mary"},"Action":"*","Resource":"*"`},
		{admin, Sessions{}, "s3://EXAMPLE-BUCKET", `{"AWS":"arn:aws:iam::123456789012:role/team/admin"},"Action":"s3:*","Resource":["arn:aws:s3:::EXAMPLE-BUCKET","arn:aws:s3:::EXAMPLE-BUCKET/*"]`},
		{app, Sessions{Name: "Bob"}, "arn:aws:s3:::b.1-c", `{"AWS":"arn:aws:sts::123456789012:federated-user/Bob"},"Action":"s3:*","Resource":["arn:aws:s3:::b.1-c","arn:aws:s3:::b.1-c/*"]`},
		{app, Sessions{}, "arn:aws:kms:eu-west-1:123456789012:key/0-1", `{"AWS":"arn:aws:iam::123456789012:user/token-app"},"Action":"kms:*","Resource":"*"`},
		{china, Sessions{Name: "Mary"}, "arn:aws-cn:sqs:cn-north-1:123456789012:q.fifo", `{"AWS":"arn:aws-cn:sts::123456789012:assumed-role/admin/Mary"},"Action":"sqs:*","Resource":"arn:aws-cn:sqs:cn-north-1:123456789012:q.fifo"`},
		{china, Sessions{}, "s3://bucket/", `{"AWS":"arn:aws-cn:iam::123456789012:role/admin"},"Action":"s3:*","Resource":["arn:aws-cn:s3:::bucket","arn:aws-cn:s3:::bucket/*"]`},
	} {
		on := Anything()
		if tc.on != "" {
			var err error
			if on, err = ParseResource(tc.on, tc.of.Partition); err != nil {
				t.Fatal(err)
			}
		}
		want := `{"Version":"2012-10-17","Statement":[{"Sid":"AssumeRoleRevoke","Effect":"Deny","Principal":` + tc.want + `}]}`
		if got := DenyStatement(tc.of, tc.which, on); got != want || !json.Valid([]byte(got)) {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
}

func TestParseResourceRefuses(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                      "is no bucket, KMS key or SQS queue",
		"bucket":                "is no bucket",
		"s3://":                 "is no bucket",
		"s3://b/key":            "is no bucket",
		"s3://b*cket":           "is no bucket",
		"arn:aws:s3:::bucket/*": "is no bucket",
		"arn:aws:s3:eu-west-1:123456789012:accesspoint/x":    "is no bucket",
		"arn:aws:kms:eu-west-1:123456789012:alias/x":         "is no bucket, KMS key",
		"arn:aws:kms:::key/x":                                "is no bucket",
		"arn:aws:sqs:eu-west-1:123456789012:":                "is no bucket",
		"arn:aws:sns:eu-west-1:123456789012:topic":           "leave --for out and fit Action",
		"arn:aws-cn:s3:::bucket":                             "is in the partition aws-cn",
		"https://sqs.eu-west-1.amazonaws.com/123456789012/q": "is no bucket",
	} {
		if got, err := ParseResource(text, "aws"); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %+v, %v", text, got, err)
		}
	}
}

func FuzzParseResource(f *testing.F) {
	for _, seed := range []string{"s3://bucket", "arn:aws:kms:eu-west-1:123456789012:key/0-1", "arn:aws:sqs:eu-west-1:123456789012:q", "arn:::::x"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		on, err := ParseResource(text, "aws")
		if err == nil && !json.Valid([]byte(DenyStatement(admin, Sessions{}, on))) {
			t.Errorf("%q: no JSON", text)
		}
	})
}
