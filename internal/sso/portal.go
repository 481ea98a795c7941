package sso

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"time"

	"assume-role/internal/bearer"
	"assume-role/internal/creds"
)

// roleAnswer is GetRoleCredentials'
// (https://docs.aws.amazon.com/singlesignon/latest/PortalAPIReference/API_GetRoleCredentials.html);
// it is never printed.
type roleAnswer struct {
	RoleCredentials struct {
		AccessKeyID     string `json:"accessKeyId"`
		SecretAccessKey string `json:"secretAccessKey"`
		SessionToken    string `json:"sessionToken"`
		// Expiration is in milliseconds since 1970.
		Expiration int64 `json:"expiration"`
	} `json:"roleCredentials"`
}

func (a roleAnswer) complete() bool {
	c := a.RoleCredentials
	return c.AccessKeyID != "" && c.SecretAccessKey != "" && c.SessionToken != "" && c.Expiration > 0
}

// credentials makes the call.
func (s *Session) credentials(ctx context.Context, t *token, role Role) (creds.Credentials, error) {
	client, err := s.Client()
	if err != nil {
		return creds.Credentials{}, err
	}
	query := url.Values{"account_id": {role.Account}, "role_name": {role.Name}}
	var a roleAnswer
	err = client.JSON(ctx, bearer.Request{
		Method: http.MethodGet, URL: strings.TrimSuffix(s.Portal, "/") + "/federation/credentials?" + query.Encode(),
		Header: http.Header{"X-Amz-Sso_bearer_token": {t.access.Reveal()}},
	}, &a)
	switch {
	case err != nil:
		return creds.Credentials{}, err
	case !a.complete():
		return creds.Credentials{}, s.incomplete("GetRoleCredentials")
	}
	c := a.RoleCredentials
	return creds.Credentials{
		AccessKeyID: c.AccessKeyID, SecretAccessKey: creds.Secret(c.SecretAccessKey), SessionToken: creds.Secret(c.SessionToken),
		Expiration: time.UnixMilli(c.Expiration).UTC(), AccountID: role.Account,
	}, nil
}
