package revoke

import (
	"strings"

	"assume-role/internal/fault"
)

// denySID names the statement among a resource policy's others.
const denySID = "AssumeRoleRevoke"

// resourcePolicy is a policy of a resource's own.
type resourcePolicy struct {
	Version   string
	Statement []resourceStatement
}

type resourceStatement struct {
	Sid       string
	Effect    string
	Principal map[string]string
	Action    any
	Resource  any
}

// Resource is what a resource policy is put on.
type Resource struct{ action, resource any }

// Anything is a resource that nobody named: the statement has to be fitted to
// the one that it is put on.
func Anything() Resource { return Resource{"*", "*"} }

// ParseResource reads s3://BUCKET, or the ARN of a bucket, a KMS key or an SQS
// queue.
func ParseResource(text, partition string) (Resource, error) {
	if bucket, ok := strings.CutPrefix(text, "s3://"); ok {
		text = "arn:" + partition + ":s3:::" + strings.TrimSuffix(bucket, "/")
	}
	f := strings.SplitN(text, ":", 6)
	if len(f) != 6 || f[0] != "arn" || f[5] == "" || strings.ContainsAny(text, " *?\"\\") {
		return Resource{}, noResource(text)
	}
	if f[1] != partition {
		return Resource{}, fault.New(fault.InvalidValue, "--for %q is in the partition %s, and whose sessions end is in %s", text, f[1], partition).
			Fix("name a resource of the same partition")
	}
	switch regional := f[3] != "" && isAccount(f[4]); {
	case f[2] == "s3" && f[3] == "" && f[4] == "" && isBucket(f[5]):
		return Resource{"s3:*", []string{text, text + "/*"}}, nil
	case f[2] == "kms" && regional && strings.HasPrefix(f[5], "key/"):
		return Resource{"kms:*", "*"}, nil
	case f[2] == "sqs" && regional && !strings.Contains(f[5], "/"):
		return Resource{"sqs:*", text}, nil
	}
	return Resource{}, noResource(text)
}

func noResource(text string) error {
	return fault.New(fault.InvalidValue, "--for %q is no bucket, KMS key or SQS queue", text).
		Fix("write s3://BUCKET or the ARN of the bucket, the key (arn:…:key/ID) or the queue; for any other service leave --for out and fit Action and Resource to it")
}

// isBucket holds a name to the rules of general purpose buckets
// (https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html),
// and to the older ones, which allowed capitals and underscores.
func isBucket(text string) bool { return isName(text, 3, 255) && !strings.ContainsAny(text, "+=,@") }

// Principal is the ARN that names sessions in a resource policy
// (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html):
// one session of a role or one federated user, or else the role or the user
// itself, which stands for all of its sessions. In the ARN of a session the
// role has no path.
func Principal(of Subject, which Sessions) string {
	switch {
	case which.Name == "":
		return of.ARN
	case of.User:
		return "arn:" + of.Partition + ":sts::" + of.Account + ":federated-user/" + which.Name
	}
	return "arn:" + of.Partition + ":sts::" + of.Account + ":assumed-role/" + of.Name + "/" + which.Name
}

// DenyStatement is a resource policy that denies the resource to these
// sessions. It has no condition, so it denies it to new sessions as well.
func DenyStatement(of Subject, which Sessions, on Resource) string {
	return text(resourcePolicy{policyVersion, []resourceStatement{{
		Sid: denySID, Effect: "Deny", Principal: map[string]string{"AWS": Principal(of, which)},
		Action: on.action, Resource: on.resource,
	}}})
}
