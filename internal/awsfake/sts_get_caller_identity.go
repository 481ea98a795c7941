package awsfake

// callerIdentity is GetCallerIdentity's result.
type callerIdentity struct {
	ARN     string `xml:"Arn"`
	UserID  string `xml:"UserId"`
	Account string
}

// getCallerIdentity needs no permission and works for every signer:
// https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html.
func (c *stsCall) getCallerIdentity() (any, error) {
	return callerIdentity{ARN: c.caller.arn, UserID: c.caller.userID, Account: c.caller.account}, nil
}
