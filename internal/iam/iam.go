// Package iam is AWS Identity and Access Management as one caller sees it: the
// inline policies of roles and users, access keys and MFA devices
// (https://docs.aws.amazon.com/IAM/latest/APIReference/).
package iam
