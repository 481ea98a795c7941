package iam

import (
	"context"
	"strings"
	"time"

	"assume-role/internal/creds"
	"assume-role/internal/fault"
)

// Key is a user's access key as IAM lists it: without its secret.
type Key struct {
	ID      string
	Active  bool
	Created time.Time
}

// The states of a key.
const (
	active   = "Active"
	inactive = "Inactive"
)

type keysResult struct {
	page
	Keys []struct {
		ID         string `xml:"AccessKeyId"`
		Status     string
		CreateDate time.Time
	} `xml:"AccessKeyMetadata>member"`
}

// Keys lists a user's access keys; AWS lets a user have two.
func (c *Client) Keys(ctx context.Context, user string) (keys []Key, err error) {
	r := request{name: "ListAccessKeys", on: onUser(user)}
	err = c.pages(r, func(marker string) (next string, err error) {
		out, _, err := ask[keysResult](ctx, c, r, parameters{"UserName": user, "Marker": marker})
		for _, k := range out.Keys {
			keys = append(keys, Key{ID: k.ID, Active: k.Status == active, Created: k.CreateDate.UTC()})
		}
		return out.next(), err
	})
	return keys, err
}

type keyResult struct {
	AccessKey struct {
		ID     string       `xml:"AccessKeyId"`
		Secret creds.Secret `xml:"SecretAccessKey"`
	}
}

// CreateKey makes one more access key for a user. It takes some seconds until
// all of AWS knows it. The request is sent once: where its answer may have been
// lost, the error is ErrOutcomeUnknown, and there may be a key whose secret
// nobody knows.
func (c *Client) CreateKey(ctx context.Context, user string) (creds.Credentials, error) {
	r := request{name: "CreateAccessKey", on: onUser(user), once: true}
	out, _, err := ask[keyResult](ctx, c, r, parameters{"UserName": user})
	if err != nil {
		return creds.Credentials{}, err
	}
	k := out.AccessKey
	if k.ID == "" || k.Secret == "" {
		return creds.Credentials{}, c.incomplete(r).Because(ErrOutcomeUnknown)
	}
	return creds.Credentials{AccessKeyID: k.ID, SecretAccessKey: k.Secret}, nil
}

// SetKeyActive turns an access key on or off.
func (c *Client) SetKeyActive(ctx context.Context, user, id string, on bool) error {
	status := inactive
	if on {
		status = active
	}
	_, err := c.order(ctx, request{name: "UpdateAccessKey", on: onUser(user)}, parameters{"UserName": user, "AccessKeyId": id, "Status": status})
	return err
}

// DeleteKey deletes an access key for good; ErrNotFound where it is gone
// already.
func (c *Client) DeleteKey(ctx context.Context, user, id string) error {
	_, err := c.order(ctx, request{name: "DeleteAccessKey", on: onUser(user)}, parameters{"UserName": user, "AccessKeyId": id})
	return err
}

// Device is an MFA device of a user.
type Device struct {
	// Serial is its ARN, or a hardware device's serial number.
	Serial string
	// FIDO says that it is a passkey or a security key: it has no codes, and
	// STS takes none of it
	// (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa_configure-api-require.html).
	FIDO bool
}

type devicesResult struct {
	page
	Devices []struct{ SerialNumber string } `xml:"MFADevices>member"`
}

// Devices lists a user's MFA devices.
func (c *Client) Devices(ctx context.Context, user string) (devices []Device, err error) {
	r := request{name: "ListMFADevices", on: onUser(user)}
	err = c.pages(r, func(marker string) (next string, err error) {
		out, _, err := ask[devicesResult](ctx, c, r, parameters{"UserName": user, "Marker": marker})
		for _, d := range out.Devices {
			devices = append(devices, Device{Serial: d.SerialNumber, FIDO: strings.Contains(d.SerialNumber, ":u2f/")})
		}
		return out.next(), err
	})
	return devices, err
}

// page is what IAM says of every list: whether there is more of it.
type page struct {
	IsTruncated bool
	Marker      string
}

// next is where the next page begins; empty after the last.
func (p page) next() string {
	if !p.IsTruncated {
		return ""
	}
	return p.Marker
}

// maxPages bounds what is read of one list: a page has 100 entries, and AWS
// lets no user have more than a few of them.
const maxPages = 10

// pages gets one page of a list after the other.
func (c *Client) pages(r request, page func(marker string) (next string, err error)) error {
	marker := ""
	for range maxPages {
		next, err := page(marker)
		if err != nil || next == "" {
			return err
		}
		marker = next
	}
	return fault.New("", "%s on %s: the list has no end", r.name, r.on).In(c.chain.Profile).
		Fix("check endpoint_url: what answers there is not IAM")
}
