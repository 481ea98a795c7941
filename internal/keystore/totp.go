package keystore

import (
	"encoding/json"
	"errors"
	"slices"

	"assume-role/internal/creds"
	"assume-role/internal/fault"
)

// TOTP is what a virtual MFA device makes its codes from (RFC 6238).
type TOTP struct {
	// Serial is the device's, an ARN in practice.
	Serial string
	// Secret is the shared key in base32, without padding (RFC 4648).
	Secret creds.Secret
	// Algorithm is SHA1, SHA256 or SHA512.
	Algorithm string
}

// TOTPs is the part of a store that holds the secrets of MFA devices. They are
// as long-lived as access keys, and kept, moved and rekeyed like them.
type TOTPs struct{ ring *Ring }

// storedTOTP is the item of one device.
type storedTOTP struct {
	Version   int    `json:"version"`
	Serial    string `json:"mfa_serial"`
	Secret    string `json:"secret"`
	Algorithm string `json:"algorithm"`
}

// totpVersion is the only form of storedTOTP so far.
const totpVersion = 1

// TOTPs returns the view of the ring's TOTP secrets.
func (r *Ring) TOTPs() TOTPs { return TOTPs{r} }

// SaveTOTP stores a device's secret, replacing an older one.
func (t TOTPs) SaveTOTP(device TOTP) error {
	if device.Serial == "" || device.Secret == "" || device.Algorithm == "" {
		return fault.New(fault.InvalidValue, "only a device's serial with its whole TOTP secret can be stored")
	}
	data, err := json.Marshal(storedTOTP{
		Version: totpVersion, Serial: device.Serial, Secret: device.Secret.Reveal(), Algorithm: device.Algorithm,
	})
	if err != nil {
		return fault.New("", "the TOTP secret of %s cannot be written as JSON", device.Serial).Because(err)
	}
	return t.ring.Set(itemName(totpPrefix, device.Serial), data)
}

// LoadTOTP returns the device's secret. Without one the error is ErrNotFound;
// for an item that cannot be trusted it is ErrDamaged.
func (t TOTPs) LoadTOTP(serial string) (TOTP, error) {
	stored, err := t.load(itemName(totpPrefix, serial))
	if err == nil && stored.Serial != serial {
		err = ErrDamaged
	}
	if errors.Is(err, ErrDamaged) {
		err = fault.New("", "the TOTP secret of %s in the %s key store is damaged", serial, t.ring.backend).
			Fix("store it again with `assume-role mfa add`, or remove it with `assume-role mfa remove`").Because(err)
	}
	if err != nil {
		return TOTP{}, err
	}
	return TOTP{Serial: serial, Secret: creds.Secret(stored.Secret), Algorithm: stored.Algorithm}, nil
}

// RemoveTOTP takes the device's secret out of the store. A missing one is no
// error.
func (t TOTPs) RemoveTOTP(serial string) error {
	return t.ring.Remove(itemName(totpPrefix, serial))
}

// Serials returns the devices with a secret in the store, sorted. Nothing is
// unlocked for it, unless a serial is longer than a file name can be; one that
// then cannot be read is left out.
func (t TOTPs) Serials() ([]string, error) {
	items, err := t.ring.Names(totpPrefix)
	if err != nil {
		return nil, err
	}
	serials := make([]string, 0, len(items))
	for _, item := range items {
		serial, ok := itemText(totpPrefix, item)
		if !ok {
			stored, err := t.load(item)
			if errors.Is(err, ErrDamaged) || errors.Is(err, ErrNotFound) {
				continue
			}
			if err != nil {
				return nil, err
			}
			serial = stored.Serial
		}
		serials = append(serials, serial)
	}
	slices.Sort(serials)
	return serials, nil
}

// load reads one device's item.
func (t TOTPs) load(item string) (storedTOTP, error) {
	data, err := t.ring.Get(item)
	if err != nil {
		return storedTOTP{}, err
	}
	var stored storedTOTP
	if json.Unmarshal(data, &stored) != nil || stored.Version < 1 || stored.Serial == "" || stored.Secret == "" {
		return storedTOTP{}, ErrDamaged
	}
	if stored.Version > totpVersion {
		return storedTOTP{}, fault.New("", "the TOTP secret was stored by a later release of this tool").
			Fix("update this tool, or store the secret again with `assume-role mfa add`")
	}
	return stored, nil
}
