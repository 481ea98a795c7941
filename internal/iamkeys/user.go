package iamkeys

import (
	"strings"

	"assume-role/internal/fault"
)

// UserName is the name in an IAM user's ARN, without a path; empty where the
// ARN is none of an IAM user
// (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-arns).
func UserName(arn string) string {
	_, path, ok := strings.Cut(arn, ":user/")
	if !ok {
		return ""
	}
	return path[strings.LastIndexByte(path, '/')+1:]
}

// CheckUser refuses a profile's key whose owner, an ARN, has no keys that could
// be rotated.
func CheckUser(profile, arn string) error {
	switch {
	case strings.HasSuffix(arn, ":root"):
		return fault.New("", "the key is the root user's, which nothing limits").In(profile).
			Fix("make an IAM user or use IAM Identity Center, and delete root's access keys in the console")
	case UserName(arn) == "":
		return fault.New("", "the key is %s's, which is no IAM user", arn).In(profile).Fix("rotate keys of IAM users only")
	}
	return nil
}
