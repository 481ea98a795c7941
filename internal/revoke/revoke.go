// Package revoke ends sessions that were issued already, with policies that deny
// everything to them
// (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_disable-perms.html).
package revoke
