package assume

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sts/types"

	"assume-role/internal/creds"
	"assume-role/internal/profile"
)

// callKind is one call of STS that gives credentials for credentials.
type callKind struct {
	kind profile.Kind
	// name is AWS's.
	name string
	send func(context.Context, *stsClient, parameters) (creds.Credentials, error)
}

// parameters are what a call sends: all that the chain says of it, the name
// for a session that has none, and the code of its device.
type parameters struct {
	call *profile.Call
	name string
	code creds.Secret
}

// callKinds are the calls, in the order in which a chain can have them.
func callKinds() []callKind {
	return []callKind{sessionToken(), federationToken(), assumeRole()}
}

func kindOf(kind profile.Kind) callKind {
	for _, k := range callKinds() {
		if k.kind == kind {
			return k
		}
	}
	return callKind{kind: kind, name: string(kind), send: func(context.Context, *stsClient, parameters) (creds.Credentials, error) {
		return creds.Credentials{}, errors.New("no such call")
	}}
}

// sessionName is RoleSessionName.
func (p parameters) sessionName() *string {
	if p.call.SessionName != "" {
		return &p.call.SessionName
	}
	return &p.name
}

// seconds is DurationSeconds.
func (p parameters) seconds() *int32 {
	if p.call.Duration == 0 {
		return nil
	}
	return aws.Int32(int32(p.call.Duration.Seconds()))
}

// serial and token are the parameters of a call with a code.
func (p parameters) serial() *string {
	if p.call.Device == nil {
		return nil
	}
	return aws.String(p.call.Device.Serial)
}

func (p parameters) token() *string { return optional(p.code.Reveal()) }

func (p parameters) tags() []types.Tag {
	var tags []types.Tag
	for _, t := range p.call.Tags {
		tags = append(tags, types.Tag{Key: aws.String(t.Key), Value: aws.String(t.Value)})
	}
	return tags
}

func (p parameters) policies() []types.PolicyDescriptorType {
	var policies []types.PolicyDescriptorType
	for _, arn := range p.call.PolicyARNs {
		policies = append(policies, types.PolicyDescriptorType{Arn: aws.String(arn)})
	}
	return policies
}

// optional is a parameter that is not sent when it is empty.
func optional(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// errIncomplete says that an answer was cut off or is not STS's.
var errIncomplete = errors.New("the answer holds no credentials")

// assumed turns STS's answer into the credentials of a role's session.
func assumed(c *types.Credentials, who *types.AssumedRoleUser) (creds.Credentials, error) {
	if who == nil {
		return creds.Credentials{}, errIncomplete
	}
	return received(c, who.Arn)
}

// received turns STS's answer into credentials.
func received(c *types.Credentials, arn *string) (creds.Credentials, error) {
	if c == nil || c.AccessKeyId == nil || c.SecretAccessKey == nil || c.SessionToken == nil || c.Expiration == nil {
		return creds.Credentials{}, errIncomplete
	}
	return creds.Credentials{
		AccessKeyID:     *c.AccessKeyId,
		SecretAccessKey: creds.Secret(*c.SecretAccessKey),
		SessionToken:    creds.Secret(*c.SessionToken),
		Expiration:      c.Expiration.UTC(),
		ARN:             aws.ToString(arn),
		AccountID:       profile.AccountOf(aws.ToString(arn)),
	}, nil
}
