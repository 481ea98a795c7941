// Package request makes one signed request to an AWS API
// (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html).
package request
