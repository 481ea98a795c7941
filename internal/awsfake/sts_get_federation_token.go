package awsfake

// federationToken is GetFederationToken's result.
type federationToken struct {
	Credentials      credentialsXML
	FederatedUser    federatedUserXML
	PackedPolicySize int `xml:",omitempty"`
}

type federatedUserXML struct {
	ARN             string `xml:"Arn"`
	FederatedUserID string `xml:"FederatedUserId"`
}

// getFederationToken is
// https://docs.aws.amazon.com/STS/latest/APIReference/API_GetFederationToken.html.
func (c *stsCall) getFederationToken() (any, error) {
	name := c.text("Name", limit{required: true, min: 2, max: 32, pattern: `[\w+=,.@-]*`})
	lifetime, policy, tags := c.tokenLifetime(), c.sessionPolicy(maxPolicy), c.tags()
	if err := c.err(); err != nil {
		return nil, err
	}
	if err := c.longLivedOnly(); err != nil {
		return nil, err
	}
	if err := policy.check(c.partition, c.account); err != nil {
		return nil, err
	}
	if err := checkTags(tags); err != nil {
		return nil, err
	}
	percent, err := packedSize(policy, tags)
	if err != nil {
		return nil, err
	}
	return newFederationToken(c.issue(c.federated(name), lifetime), percent), nil
}

// federated is the principal of a federated user.
func (c *stsCall) federated(name string) principal {
	return principal{
		kind: federatedUser, user: c.caller.user, account: c.account, userID: c.account + ":" + name,
		arn: "arn:" + c.partition + ":sts::" + c.account + ":federated-user/" + name,
	}
}

func newFederationToken(k *accessKey, percent int) federationToken {
	return federationToken{
		Credentials:      newCredentialsXML(k),
		FederatedUser:    federatedUserXML{ARN: k.owner.arn, FederatedUserID: k.owner.userID},
		PackedPolicySize: percent,
	}
}
