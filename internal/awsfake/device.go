package awsfake

import (
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"strconv"
	"strings"
	"time"

	"assume-role/internal/creds"
)

const (
	// totpStep is how long a code is shown (RFC 6238).
	totpStep = 30 * time.Second
	// codeLife is how long a code from Code is good, in AWS's time: a slow test
	// machine must not turn a right code into a wrong one.
	codeLife = 3 * totpStep
)

// Device is a virtual MFA device of an IAM user. It accepts, each once,
//
//   - the TOTP codes of the current 30 seconds and of those before and after,
//   - what Code returned in the last 90 seconds,
//   - the fixed codes 000001 to 000999, for scripts that count.
//
// 000000 is never right.
type Device struct {
	// Serial is the device's ARN: the mfa_serial of a profile.
	Serial string

	world *world
	user  string
	seed  string
	// enabled is when the user got it.
	enabled time.Time
	// handed says when Code returned a code, used which were accepted.
	handed map[string]time.Time
	used   map[string]bool
}

// AddDevice gives a user one more MFA device.
func (f *Fake) AddDevice(user string) *Device {
	f.world.mu.Lock()
	defer f.world.mu.Unlock()
	w := f.world
	w.user(user)
	d := &Device{
		world: w, user: user, seed: randomText(32, idAlphabet), enabled: w.clock.now(),
		handed: map[string]time.Time{}, used: map[string]bool{},
	}
	w.secrets = append(w.secrets, d.seed)
	d.Serial = "arn:" + w.partition + ":iam::" + w.account + ":mfa/" + user
	for n := 2; w.devices[d.Serial] != nil; n++ {
		d.Serial = "arn:" + w.partition + ":iam::" + w.account + ":mfa/" + user + "-" + strconv.Itoa(n)
	}
	w.devices[d.Serial] = d
	return d
}

// Code returns a valid code that no call returned before: the TOTP code of now,
// or where that one is taken, of the next step that is free.
func (d *Device) Code() string {
	d.world.mu.Lock()
	defer d.world.mu.Unlock()
	now := d.world.clock.now()
	for step := now.Unix() / int64(totpStep.Seconds()); ; step++ {
		code := totp(d.seed, step)
		if _, taken := d.handed[code]; taken || d.used[code] || fixed(code) || code == "000000" {
			continue
		}
		d.handed[code] = now
		return code
	}
}

// Seed is the base32 secret behind the codes, as an authenticator app gets it.
func (d *Device) Seed() creds.Secret { return creds.Secret(d.seed) }

// take accepts a code, once.
func (d *Device) take(code string, now time.Time) bool {
	if d.used[code] || !d.valid(code, now) {
		return false
	}
	d.used[code] = true
	return true
}

func (d *Device) valid(code string, now time.Time) bool {
	if fixed(code) {
		return true
	}
	if at, ok := d.handed[code]; ok {
		return now.Sub(at) < codeLife
	}
	step := now.Unix() / int64(totpStep.Seconds())
	for s := step - 1; s <= step+1; s++ {
		if code == totp(d.seed, s) && code != "000000" {
			return true
		}
	}
	return false
}

// fixed reports whether a code is one of those that need no TOTP.
func fixed(code string) bool {
	digits, ok := strings.CutPrefix(code, "000")
	return ok && len(digits) == 3 && digits != "000" && strings.Trim(digits, "0123456789") == ""
}

// totp is RFC 6238 with SHA-1 and six digits, which is what AWS uses.
func totp(seed string, step int64) string {
	key, _ := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(seed)
	mac := hmac.New(sha1.New, key)
	_ = binary.Write(mac, binary.BigEndian, step)
	sum := mac.Sum(nil)
	at := sum[len(sum)-1] & 15
	return fmt.Sprintf("%06d", (binary.BigEndian.Uint32(sum[at:])&0x7fffffff)%1_000_000)
}
