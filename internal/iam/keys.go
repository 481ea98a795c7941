package iam

import (
	"context"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"assume-role/internal/creds"
	"assume-role/internal/fault"
)

// Key is a user's access key as IAM lists it: without its secret.
type Key struct {
	ID      string
	Active  bool
	Created time.Time
}

// Keys lists a user's access keys; AWS lets a user have two.
func (c *Client) Keys(ctx context.Context, user string) (keys []Key, err error) {
	r := request{name: "ListAccessKeys", on: onUser(user)}
	err = c.pages(r, func(marker *string) (next *string, err error) {
		out, _, err := send(ctx, c, r, (*sdk.Client).ListAccessKeys, &sdk.ListAccessKeysInput{UserName: optional(user), Marker: marker})
		if err != nil {
			return nil, err
		}
		for _, k := range out.AccessKeyMetadata {
			keys = append(keys, Key{ID: aws.ToString(k.AccessKeyId), Active: k.Status == types.StatusTypeActive, Created: aws.ToTime(k.CreateDate).UTC()})
		}
		return more(out.IsTruncated, out.Marker), nil
	})
	return keys, err
}

// CreateKey makes one more access key for a user. It takes some seconds until
// all of AWS knows it. The request is sent once: where its answer may have been
// lost, the error is ErrOutcomeUnknown, and there may be a key whose secret
// nobody knows.
func (c *Client) CreateKey(ctx context.Context, user string) (creds.Credentials, error) {
	r := request{name: "CreateAccessKey", on: onUser(user), once: true}
	out, _, err := send(ctx, c, r, (*sdk.Client).CreateAccessKey, &sdk.CreateAccessKeyInput{UserName: optional(user)})
	if err != nil {
		return creds.Credentials{}, err
	}
	k := out.AccessKey
	if k == nil || aws.ToString(k.AccessKeyId) == "" || aws.ToString(k.SecretAccessKey) == "" {
		return creds.Credentials{}, c.incomplete(r).Because(ErrOutcomeUnknown)
	}
	return creds.Credentials{AccessKeyID: *k.AccessKeyId, SecretAccessKey: creds.Secret(*k.SecretAccessKey)}, nil
}

// SetKeyActive turns an access key on or off.
func (c *Client) SetKeyActive(ctx context.Context, user, id string, active bool) error {
	in := &sdk.UpdateAccessKeyInput{UserName: optional(user), AccessKeyId: &id, Status: types.StatusTypeInactive}
	if active {
		in.Status = types.StatusTypeActive
	}
	_, _, err := send(ctx, c, request{name: "UpdateAccessKey", on: onUser(user)}, (*sdk.Client).UpdateAccessKey, in)
	return err
}

// DeleteKey deletes an access key for good; ErrNotFound where it is gone
// already.
func (c *Client) DeleteKey(ctx context.Context, user, id string) error {
	in := &sdk.DeleteAccessKeyInput{UserName: optional(user), AccessKeyId: &id}
	_, _, err := send(ctx, c, request{name: "DeleteAccessKey", on: onUser(user)}, (*sdk.Client).DeleteAccessKey, in)
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

// Devices lists a user's MFA devices.
func (c *Client) Devices(ctx context.Context, user string) (devices []Device, err error) {
	r := request{name: "ListMFADevices", on: onUser(user)}
	err = c.pages(r, func(marker *string) (next *string, err error) {
		out, _, err := send(ctx, c, r, (*sdk.Client).ListMFADevices, &sdk.ListMFADevicesInput{UserName: optional(user), Marker: marker})
		if err != nil {
			return nil, err
		}
		for _, d := range out.MFADevices {
			serial := aws.ToString(d.SerialNumber)
			devices = append(devices, Device{Serial: serial, FIDO: strings.Contains(serial, ":u2f/")})
		}
		return more(out.IsTruncated, out.Marker), nil
	})
	return devices, err
}

// more is where the next page of a list begins; nil after the last.
func more(truncated bool, marker *string) *string {
	if !truncated || aws.ToString(marker) == "" {
		return nil
	}
	return marker
}

// maxPages bounds what is read of one list: a page has 100 entries, and AWS
// lets no user have more than a few of them.
const maxPages = 10

// pages gets one page of a list after the other.
func (c *Client) pages(r request, page func(marker *string) (next *string, err error)) error {
	var marker *string
	for range maxPages {
		next, err := page(marker)
		if err != nil || next == nil {
			return err
		}
		marker = next
	}
	return fault.New("", "%s on %s: the list has no end", r.name, r.on).In(c.chain.Profile).
		Fix("check endpoint_url: what answers there is not IAM")
}
