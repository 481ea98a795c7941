package awsfake

import (
	"slices"
	"strings"
	"time"
)

// keyStatus is Active or Inactive; empty for a key that was deleted.
type keyStatus string

const (
	activeKey   keyStatus = "Active"
	inactiveKey keyStatus = "Inactive"
)

// maxKeys is AccessKeysPerUser
// (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html).
const maxKeys = 2

// keyUse is where and when a key last signed a call.
type keyUse struct {
	at              time.Time
	service, region string
}

// keyXML is an AccessKey, and without the secret an AccessKeyMetadata.
type keyXML struct {
	UserName        string `xml:",omitempty"`
	AccessKeyID     string `xml:"AccessKeyId"`
	Status          keyStatus
	SecretAccessKey string `xml:",omitempty"`
	CreateDate      string
}

func newKeyXML(k *accessKey) keyXML {
	return keyXML{UserName: baseName(k.owner.user), AccessKeyID: k.id, Status: k.status.now, CreateDate: date(k.created)}
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
	list, end, err := cut(p, keys)
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
		use = keyUseXML{date(k.used.at), k.used.service, k.used.region}
	}
	return lastUsedXML{baseName(k.owner.user), use}, nil
}

// mfaDevice is an MFADevice.
type mfaDevice struct {
	user, serial string
	enabled      time.Time
}

type mfaDeviceXML struct{ UserName, SerialNumber, EnableDate string }

// listMFADevices is
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListMFADevices.html.
func (c *iamCall) listMFADevices() (any, error) {
	p := c.page()
	u, err := c.iamUser(c.userName(false))
	if err != nil {
		return nil, err
	}
	var devices []mfaDeviceXML
	for _, d := range c.devicesOf(u) {
		devices = append(devices, mfaDeviceXML{baseName(d.user), d.serial, date(d.enabled)})
	}
	list, end, err := cut(p, devices)
	return struct {
		MFADevices members[mfaDeviceXML]
		pageEnd
	}{list, end}, err
}

// devicesOf lists a user's devices in the order of their serials.
func (w *world) devicesOf(u *principal) []mfaDevice {
	all := slices.Clone(w.iam.fido[u.user])
	for _, d := range w.devices {
		if d.user == u.user {
			all = append(all, mfaDevice{d.user, d.Serial, d.enabled})
		}
	}
	slices.SortFunc(all, func(a, b mfaDevice) int { return strings.Compare(a.serial, b.serial) })
	return all
}
