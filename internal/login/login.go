// Package login gets credentials from the sessions that `aws login` keeps in
// ~/.aws/login/cache
// (https://docs.aws.amazon.com/sdkref/latest/guide/feature-login-credentials.html).
package login
