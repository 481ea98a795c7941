// Package revoke ends sessions that were issued already. AWS has no call for
// that: a session's permissions are looked up at every request, so a policy
// that denies everything to sessions issued before a moment makes them
// worthless, and leaves newer ones alone
// (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_revoke-sessions.html,
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_disable-perms.html).
package revoke
