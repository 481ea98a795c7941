package assume

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/sts"

	"assume-role/internal/cache"
	"assume-role/internal/creds"
	"assume-role/internal/profile"
)

const webIdentityCall = "AssumeRoleWithWebIdentity"

// webIdentity is an OpenID Connect token for a role, exchanged by
// AssumeRoleWithWebIdentity
// (https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html).
// The token is read anew for every session.
func webIdentity() source {
	return source{kind: profile.WebIdentity, check: possible, identity: webIdentityShape, session: webIdentitySession, kept: true}
}

// webIdentityShape is what shapes the call, and where its token comes from.
func webIdentityShape(w *walk) map[string]any {
	return shape(w.chain.Source.Role, w.shapingName(), w.chain.STS, cache.Key(w.tokenOrigin()))
}

func webIdentitySession(ctx context.Context, w *walk) (cache.Entry, error) {
	token, err := w.webIdentityToken(ctx)
	if err != nil {
		return cache.Entry{}, err
	}
	p := parameters{call: w.chain.Source.Role, name: w.SessionName()}
	return w.unsigned(ctx, webIdentityCall, p.call, token, func(ctx context.Context, c *stsClient) (creds.Credentials, error) {
		out, err := c.api.AssumeRoleWithWebIdentity(ctx, &sts.AssumeRoleWithWebIdentityInput{
			RoleArn:          &p.call.RoleARN,
			RoleSessionName:  p.sessionName(),
			WebIdentityToken: optional(token.Reveal()),
			DurationSeconds:  p.seconds(),
			Policy:           optional(p.call.Policy),
			PolicyArns:       p.policies(),
		}, c.options...)
		if err != nil {
			return creds.Credentials{}, err
		}
		if out.AssumedRoleUser == nil {
			return creds.Credentials{}, errIncomplete
		}
		return received(out.Credentials, out.AssumedRoleUser.Arn)
	})
}
