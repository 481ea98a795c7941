package awsfake

import "time"

// keyUse is where and when a key last signed a call.
type keyUse struct {
	at              time.Time
	service, region string
}

// lastUsedXML is the result of GetAccessKeyLastUsed.
type lastUsedXML struct {
	UserName          string `xml:",omitempty"`
	AccessKeyLastUsed keyUseXML
}

type keyUseXML struct {
	LastUsedDate        string `xml:",omitempty"`
	ServiceName, Region string
}

// getAccessKeyLastUsed is
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccessKeyLastUsed.html.
// That a key is not there is no error of its own: nobody may look at it.
func (c *iamCall) getAccessKeyLastUsed() (any, error) {
	id := c.keyID()
	if err := c.err(); err != nil {
		return nil, err
	}
	k, shown := c.keys[id], "access key "+id
	if k == nil || k.token != "" || k.status.now == "" || k.owner.account != c.caller.account {
		return nil, permission{action: "iam:" + c.action, shown: shown}.denied(c.caller, "because no identity-based policy allows the iam:"+c.action+" action")
	}
	if err := c.allowed(k.owner.arn, shown); err != nil {
		return nil, err
	}
	use := keyUseXML{ServiceName: "N/A", Region: "N/A"}
	if k.used != nil {
		use = keyUseXML{isoDate(k.used.at), k.used.service, k.used.region}
	}
	return lastUsedXML{baseName(k.owner.user), use}, nil
}
