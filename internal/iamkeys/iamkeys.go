// Package iamkeys looks after long-lived access keys at IAM: whose they are, and
// how new ones take their place with nothing lost
// (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_access-keys.html).
package iamkeys
