package assume

// webIdentityRows are AWS's errors about web identity tokens
// (https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html,
// "Errors"). They come before those that other calls share.
func webIdentityRows() []row {
	all := []row{
		{codes: []string{"ExpiredToken", "ExpiredTokenException"}, silent: true, at: (*failure).keysOrigin,
			say: advice("the token has expired: get a new one")},
		{text: "token audience", at: (*failure).keysOrigin,
			say: advice("the token is for someone else: ask the identity provider for one whose audience the provider in IAM lists, as a rule " + githubAudience)},
		{text: "No OpenIDConnect provider", at: (*failure).keysOrigin,
			say: advice("make the identity provider known in the role's account: aws iam create-open-id-connect-provider")},
		{codes: []string{"InvalidIdentityToken", "InvalidIdentityTokenException"}, at: (*failure).keysOrigin,
			say: advice("the token is not one that the role's identity provider takes: check its issuer, its audience and that it is an ID token")},
		{text: "Not authorized to perform sts:AssumeRoleWithWebIdentity", silent: true,
			say: advice("see that the role exists, and that its trust policy names the token's identity provider, allows sts:AssumeRoleWithWebIdentity and has conditions that fit the token (aud, sub: the repository and branch, or the service account)")},
	}
	for i := range all {
		all[i].when = byWebIdentity
	}
	return all
}

func byWebIdentity(f *failure) bool { return f.name == webIdentityCall }
