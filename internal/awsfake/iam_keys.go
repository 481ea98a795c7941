package awsfake

import "slices"

// keyStatus is Active or Inactive; empty for a key that was deleted.
type keyStatus string

const (
	activeKey   keyStatus = "Active"
	inactiveKey keyStatus = "Inactive"
)

// maxKeys is AccessKeysPerUser
// (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html).
const maxKeys = 2

// keyXML is an AccessKey, and without the secret an AccessKeyMetadata.
type keyXML struct {
	UserName        string `xml:",omitempty"`
	AccessKeyID     string `xml:"AccessKeyId"`
	Status          keyStatus
	SecretAccessKey string `xml:",omitempty"`
	CreateDate      string
}

func newKeyXML(k *accessKey) keyXML {
	return keyXML{UserName: baseName(k.owner.user), AccessKeyID: k.id, Status: k.status.now, CreateDate: isoDate(k.created)}
}

// createAccessKey is
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateAccessKey.html.
func (c *iamCall) createAccessKey() (any, error) {
	u, err := c.iamUser(c.userName(false))
	if err != nil {
		return nil, err
	}
	if len(c.keysOf(u.arn)) >= maxKeys {
		return nil, &apiError{409, "LimitExceeded", "Cannot exceed quota for AccessKeysPerUser: 2"}
	}
	k := c.newKey(u, c.iam.propagation)
	made := newKeyXML(k)
	made.SecretAccessKey = k.secret
	return struct{ AccessKey keyXML }{made}, nil
}

// listAccessKeys is
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListAccessKeys.html.
func (c *iamCall) listAccessKeys() (any, error) {
	p := c.page()
	u, err := c.iamUser(c.userName(false))
	if err != nil {
		return nil, err
	}
	var keys []keyXML
	for _, k := range c.keysOf(u.arn) {
		keys = append(keys, newKeyXML(k))
	}
	list, end, err := cutPage(p, keys)
	return struct {
		AccessKeyMetadata members[keyXML]
		pageEnd
	}{list, end}, err
}

// updateAccessKey is
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateAccessKey.html.
func (c *iamCall) updateAccessKey() (any, error) {
	const name = "Status"
	status := c.text(name, limit{required: true, max: len(c.get(name))})
	if c.has(name) && !slices.Contains([]keyStatus{activeKey, inactiveKey}, keyStatus(status)) {
		c.breaks("'"+status+"'", name, "Member must satisfy enum value set: [Active, Inactive]")
	}
	return c.changeKey(keyStatus(status))
}

// deleteAccessKey is
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteAccessKey.html.
func (c *iamCall) deleteAccessKey() (any, error) { return c.changeKey("") }

// changeKey gives a key of a user, the caller if none is named, a new status.
func (c *iamCall) changeKey(status keyStatus) (any, error) {
	id := c.keyID()
	u, err := c.iamUser(c.userName(false))
	if err != nil {
		return nil, err
	}
	for _, k := range c.keysOf(u.arn) {
		if k.id == id {
			k.status.change(status, c.iam.propagation)
			return nil, nil
		}
	}
	return nil, noSuch("The Access Key with id %s cannot be found.", id)
}

func (c *iamCall) keyID() string {
	return c.text("AccessKeyId", limit{required: true, min: 16, max: 128, pattern: `[\w]+`})
}
