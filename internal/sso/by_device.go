package sso

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"assume-role/internal/bearer"
	"assume-role/internal/terminal"
)

// deviceGrant is RFC 8628's.
const deviceGrant = "urn:ietf:params:oauth:grant-type:device_code"

const (
	// defaultInterval is between two polls where AWS says none, and slowDown is
	// what it grows by when AWS finds that too often (RFC 8628, section 3.5).
	defaultInterval = 5 * time.Second
	slowDown        = 5 * time.Second
	// longestInterval and longestDevice bound what a server says.
	longestInterval = time.Minute
	longestDevice   = 30 * time.Minute
	// longestUserCode is far above what a person types in, in bytes.
	longestUserCode = 64
)

// device is StartDeviceAuthorization's answer
// (https://docs.aws.amazon.com/singlesignon/latest/OIDCAPIReference/API_StartDeviceAuthorization.html).
// The address with the code in it, which AWS gives, too, is not used: whoever
// types the code has seen which machine shows it.
type device struct {
	DeviceCode      string `json:"deviceCode"`
	UserCode        string `json:"userCode"`
	VerificationURI string `json:"verificationUri"`
	// ExpiresIn and Interval are in seconds.
	ExpiresIn int64 `json:"expiresIn"`
	Interval  int64 `json:"interval"`
}

func (d device) complete() bool {
	return d.DeviceCode != "" && d.UserCode != "" && len(d.UserCode) <= longestUserCode && d.VerificationURI != "" && d.ExpiresIn > 0
}

func (d device) lifetime() time.Duration { return seconds(d.ExpiresIn, longestDevice) }

func (d device) interval() time.Duration {
	if d.Interval <= 0 {
		return defaultInterval
	}
	return seconds(d.Interval, longestInterval)
}

func seconds(n int64, most time.Duration) time.Duration {
	return time.Duration(min(n, int64(most/time.Second))) * time.Second
}

// byDevice signs in with a code that the person types in at any browser.
func (s *Session) byDevice(ctx context.Context, p Person, start string) (*token, error) {
	c, d, err := s.device(ctx, start)
	if err != nil {
		return nil, err
	}
	opens, err := s.presentable(ctx, d.VerificationURI)
	if err != nil {
		return nil, err
	}
	p.Show(fmt.Sprintf("Sign in at %s: open this address in a browser, on any machine,\n\n    %s\n\nand enter the code\n\n    %s\n",
		s.name(), terminal.Visible(d.VerificationURI), terminal.Visible(d.UserCode)))
	if opens {
		s.open(ctx, p, d.VerificationURI)
	} else if p.Open != nil {
		p.Show("The address is not one of AWS's, so no browser was started: open it only if you know it.")
	}
	done := p.Wait("the code to be entered")
	defer done()
	return s.poll(ctx, start, c, d)
}

// device begins. A registration that AWS no longer knows is made anew, once.
func (s *Session) device(ctx context.Context, start string) (client, device, error) {
	for again := false; ; again = true {
		c, err := s.client(ctx, start, nil)
		if err != nil {
			return c, device{}, err
		}
		var d device
		err = s.oidc(ctx, "/device_authorization", deviceQuestion{ClientID: c.id, ClientSecret: c.secret.Reveal(), StartURL: start}, false, &d)
		switch {
		case err == nil && d.complete():
			return c, d, nil
		case err == nil:
			return c, d, s.incomplete("StartDeviceAuthorization")
		case again || !isCode(err, "InvalidClientException"):
			return c, d, s.notGranted("StartDeviceAuthorization", start, c, err)
		}
		s.forget(start, c.id)
	}
}

type deviceQuestion struct {
	ClientID     string `json:"clientId"`
	ClientSecret string `json:"clientSecret"`
	StartURL     string `json:"startUrl"`
}

// poll asks until the person has answered, no more often than AWS allows, and
// no longer than the code lasts. That the service cannot be reached for a
// while ends nothing.
func (s *Session) poll(ctx context.Context, start string, c client, d device) (*token, error) {
	interval, left := d.interval(), d.lifetime()
	for {
		if err := s.pause(ctx, interval); err != nil {
			return nil, err
		}
		left -= interval
		t, err := s.exchange(ctx, start, c, question{GrantType: deviceGrant, DeviceCode: d.DeviceCode}, false)
		var out *bearer.Unreachable
		switch {
		case err == nil:
			return t, nil
		case ctx.Err() != nil:
			return nil, ctx.Err()
		case isCode(err, "AuthorizationPendingException"):
		case isCode(err, "SlowDownException"), isStatus(err, http.StatusTooManyRequests):
			interval = min(interval+slowDown, longestInterval)
		case errors.As(err, &out) && left > 0:
			s.debug("polling on: %v", out)
		default:
			return nil, s.notGranted("CreateToken", start, c, err)
		}
		if left <= 0 {
			return nil, s.expiredCode()
		}
	}
}

// pause waits between two polls.
func (s *Session) pause(ctx context.Context, d time.Duration) error {
	if s.Pause != nil {
		return s.Pause(ctx, d)
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
