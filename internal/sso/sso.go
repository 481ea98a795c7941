// Package sso gets credentials from IAM Identity Center, with the tokens that
// the AWS CLI and the SDKs keep in ~/.aws/sso/cache
// (https://docs.aws.amazon.com/sdkref/latest/guide/feature-sso-credentials.html).
package sso
