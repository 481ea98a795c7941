package awsfake

import (
	"slices"
	"strings"
	"time"
)

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
		devices = append(devices, mfaDeviceXML{baseName(d.user), d.serial, isoDate(d.enabled)})
	}
	list, end, err := cutPage(p, devices)
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

// AddFIDODevice gives a user one more security key and returns its ARN: a
// device without codes, with which no call can be made.
func (f *Fake) AddFIDODevice(user string) (serial string) {
	f.world.mu.Lock()
	defer f.world.mu.Unlock()
	w := f.world
	w.user(user)
	serial = "arn:" + w.partition + ":iam::" + w.account + ":u2f/user/" + user + "/key-" + randomText(16, idAlphabet)
	w.iam.fido[user] = append(w.iam.fido[user], mfaDevice{user, serial, w.clock.now()})
	return serial
}
