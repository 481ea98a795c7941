package exec

// The variables that a session consists of, in the order they are set.
const (
	accessKeyID     = "AWS_ACCESS_KEY_ID"
	secretAccessKey = "AWS_SECRET_ACCESS_KEY"
	sessionToken    = "AWS_SESSION_TOKEN"
	expiration      = "AWS_CREDENTIAL_EXPIRATION"
	region          = "AWS_REGION"
	defaultRegion   = "AWS_DEFAULT_REGION"
	accountID       = "AWS_ACCOUNT_ID"
	profileMarker   = "ASSUME_ROLE_PROFILE"
	vaultMarker     = "AWS_VAULT"
	setMarker       = "ASSUME_ROLE_SET"
)

// The variables of a credential server.
const (
	containerURL   = "AWS_CONTAINER_CREDENTIALS_FULL_URI"
	containerToken = "AWS_CONTAINER_AUTHORIZATION_TOKEN"
	metadataURL    = "AWS_EC2_METADATA_SERVICE_ENDPOINT"
)

// contradicting returns the variables that an SDK may prefer to, or mix with,
// the session's: other sources of credentials, their old names, and what
// belongs to a session that is being replaced.
func contradicting() []string {
	return []string{
		"AWS_PROFILE", "AWS_DEFAULT_PROFILE",
		"AWS_ACCESS_KEY", "AWS_SECRET_KEY", "AWS_CREDENTIAL_FILE",
		"AWS_SECURITY_TOKEN", "AWS_SESSION_EXPIRATION",
		sessionToken, expiration, accountID,
		"AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_ROLE_ARN", "AWS_ROLE_SESSION_NAME",
		"AWS_IAM_ROLE_ARN", "AWS_IAM_ROLE_SESSION_NAME",
		"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", containerURL,
		containerToken, "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
	}
}

// contradicting returns what the grant's own source must not meet: keys come
// before an endpoint in every SDK, and one that has instance metadata must not
// be told to leave it alone, or where else it is.
func (g Grant) contradicting() []string {
	names := contradicting()
	if g.Endpoint == nil {
		return names
	}
	if names = append(names, accessKeyID, secretAccessKey); g.Endpoint.Metadata != "" {
		names = append(names, "AWS_EC2_METADATA_DISABLED", "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE")
	}
	return names
}

// ownSecrets returns the secrets of this tool itself, which no program that
// it starts may see. A user's shell keeps them: they contradict nothing there,
// and the next command in it needs them.
func ownSecrets() []string {
	return []string{"ASSUME_ROLE_KEYRING_FILE_PASSPHRASE", "ASSUME_ROLE_KEYRING_FILE_NEW_PASSPHRASE", "ASSUME_ROLE_MFA_TOKEN", "ASSUME_ROLE_MFA_SECRET"}
}

// ours returns what is a session's whatever setMarker says.
func ours() []string {
	return []string{accessKeyID, secretAccessKey, sessionToken, expiration, profileMarker, setMarker}
}
