// Package request makes one signed request to an AWS API
// (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html), or a
// URL that is one. What is signed is what is sent: an address is brought into
// the form that AWS signs before anything else is done with it.
package request
