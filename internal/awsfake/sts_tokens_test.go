package awsfake_test

import (
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/aws-sdk-go-v2/service/sts/types"

	"assume-role/internal/awsfake"
)

func TestGetSessionToken(t *testing.T) {
	t.Parallel()
	a := newAlice(t)
	out, err := client(a.Fake, a.keys).GetSessionToken(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if left := out.Credentials.Expiration.Sub(a.Now()).Round(time.Minute); left != 12*time.Hour {
		t.Errorf("%v left, want the default of 12 hours", left)
	}
	if who := identity(t, a.Fake, temporary(out.Credentials)); *who.Arn != "arn:aws:iam::123456789012:user/alice" {
		t.Errorf("the session is %s", *who.Arn)
	}
}

func TestGetSessionTokenRefuses(t *testing.T) {
	t.Parallel()
	a := newAlice(t)
	bob := a.AddDevice("bob")
	for name, tc := range map[string]struct {
		in           sts.GetSessionTokenInput
		status       int
		code, reason string
	}{
		"too short":   {sts.GetSessionTokenInput{DurationSeconds: aws.Int32(899)}, 400, "ValidationError", "greater than or equal to 900"},
		"too long":    {sts.GetSessionTokenInput{DurationSeconds: aws.Int32(129601)}, 400, "ValidationError", "less than or equal to 129600"},
		"no code":     {sts.GetSessionTokenInput{SerialNumber: &a.device.Serial}, 403, "AccessDenied", "must provide both MFA serial number and one time pass code."},
		"no serial":   {sts.GetSessionTokenInput{TokenCode: aws.String("000001")}, 403, "AccessDenied", "must provide both MFA serial number and one time pass code."},
		"wrong code":  {sts.GetSessionTokenInput{SerialNumber: &a.device.Serial, TokenCode: aws.String("000000")}, 403, "AccessDenied", "MultiFactorAuthentication failed with invalid MFA one time pass code."},
		"bob's":       {sts.GetSessionTokenInput{SerialNumber: &bob.Serial, TokenCode: aws.String(bob.Code())}, 403, "AccessDenied", "valid and associated with this user."},
		"nobody's":    {sts.GetSessionTokenInput{SerialNumber: aws.String("GAHT12345678"), TokenCode: aws.String("000001")}, 403, "AccessDenied", "valid and associated with this user."},
		"bad serial":  {sts.GetSessionTokenInput{SerialNumber: aws.String("a b c d e f"), TokenCode: aws.String("000001")}, 400, "ValidationError", "at 'serialNumber'"},
		"seven digit": {sts.GetSessionTokenInput{SerialNumber: &a.device.Serial, TokenCode: aws.String("0000001")}, 400, "ValidationError", "at 'tokenCode'"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := client(a.Fake, a.keys).GetSessionToken(t.Context(), &tc.in)
			refused(t, err, tc.status, tc.code, tc.reason)
		})
	}
	if a.Codes() != 0 {
		t.Errorf("%d codes accepted, want none", a.Codes())
	}
}

// TestSessionsCannotMakeSessions: of the calls with keys, only AssumeRole and
// GetCallerIdentity are open to temporary credentials.
func TestSessionsCannotMakeSessions(t *testing.T) {
	t.Parallel()
	a := newAlice(t)
	fed, err := client(a.Fake, a.keys).GetFederationToken(t.Context(), &sts.GetFederationTokenInput{Name: aws.String("bob")})
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range []keys{a.session(t, false), a.session(t, true), temporary(a.assume(t, a.keys, nil).Credentials), temporary(fed.Credentials)} {
		_, err := client(a.Fake, k).GetSessionToken(t.Context(), nil)
		refused(t, err, 403, "AccessDenied", "Cannot call GetSessionToken with session credentials")
		_, err = client(a.Fake, k).GetFederationToken(t.Context(), &sts.GetFederationTokenInput{Name: aws.String("bob")})
		refused(t, err, 403, "AccessDenied", "Cannot call GetFederationToken with session credentials")
	}
}

func TestRootSessionsLastAnHour(t *testing.T) {
	t.Parallel()
	f := start(t)
	root := client(f, longLived(f.AddRootKey()))
	session, err := root.GetSessionToken(t.Context(), &sts.GetSessionTokenInput{DurationSeconds: aws.Int32(7200)})
	if err != nil {
		t.Fatal(err)
	}
	fed, err := root.GetFederationToken(t.Context(), &sts.GetFederationTokenInput{Name: aws.String("bob")})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []*types.Credentials{session.Credentials, fed.Credentials} {
		if left := c.Expiration.Sub(f.Now()).Round(time.Minute); left != time.Hour {
			t.Errorf("%v left, want an hour", left)
		}
	}
	if who := identity(t, f, temporary(session.Credentials)); *who.Arn != "arn:aws:iam::123456789012:root" {
		t.Errorf("root's session is %s", *who.Arn)
	}
}

func TestGetFederationToken(t *testing.T) {
	t.Parallel()
	a := newAlice(t)
	out, err := client(a.Fake, a.keys).GetFederationToken(t.Context(), &sts.GetFederationTokenInput{
		Name: aws.String("bob"), Tags: tags("team", "blue"), DurationSeconds: aws.Int32(900),
		Policy: aws.String(`{"Version":"2012-10-17","Statement":[]}`),
	})
	if err != nil {
		t.Fatal(err)
	}
	const arn = "arn:aws:sts::123456789012:federated-user/bob"
	if *out.FederatedUser.Arn != arn || *out.FederatedUser.FederatedUserId != "123456789012:bob" {
		t.Errorf("got %s %s", *out.FederatedUser.Arn, *out.FederatedUser.FederatedUserId)
	}
	if who := identity(t, a.Fake, temporary(out.Credentials)); *who.Arn != arn {
		t.Errorf("GetCallerIdentity = %s", *who.Arn)
	}
}

func TestGetFederationTokenRefuses(t *testing.T) {
	t.Parallel()
	a := newAlice(t)
	for name, tc := range map[string]struct {
		change func(*sts.GetFederationTokenInput)
		code   string
		text   string
	}{
		"long name":      {func(in *sts.GetFederationTokenInput) { in.Name = aws.String(strings.Repeat("a", 33)) }, "ValidationError", "less than or equal to 32"},
		"short name":     {func(in *sts.GetFederationTokenInput) { in.Name = aws.String("a") }, "ValidationError", "greater than or equal to 2"},
		"name of blanks": {func(in *sts.GetFederationTokenInput) { in.Name = aws.String("a b") }, "ValidationError", "at 'name'"},
		"long policy": {func(in *sts.GetFederationTokenInput) {
			in.Policy = aws.String(`{"Statement":"` + strings.Repeat("a", 2048) + `"}`)
		}, "ValidationError", "less than or equal to 2048"},
		"no policy": {func(in *sts.GetFederationTokenInput) { in.Policy = aws.String(`[]`) }, "MalformedPolicyDocument", ""},
		"same tags": {func(in *sts.GetFederationTokenInput) { in.Tags = tags("a", "1", "A", "2") }, "InvalidParameterValue", "case insensitive"},
		"many tags": {func(in *sts.GetFederationTokenInput) { in.Tags = tags("a", noise(250), "b", noise(250)) }, "PackedPolicyTooLarge", "110%"},
		"too long":  {func(in *sts.GetFederationTokenInput) { in.DurationSeconds = aws.Int32(129601) }, "ValidationError", "at 'durationSeconds'"},
		"foreign ARN": {func(in *sts.GetFederationTokenInput) {
			in.PolicyArns = []types.PolicyDescriptorType{{Arn: aws.String("arn:aws:iam::210987654321:policy/mine")}}
		}, "ValidationError", "is not valid."},
	} {
		t.Run(name, func(t *testing.T) {
			in := &sts.GetFederationTokenInput{Name: aws.String("bob")}
			tc.change(in)
			_, err := client(a.Fake, a.keys).GetFederationToken(t.Context(), in)
			refused(t, err, 400, tc.code, tc.text)
		})
	}
}

func TestCodesWorkOnce(t *testing.T) {
	t.Parallel()
	a := newAlice(t)
	second := a.AddDevice("alice")
	if second.Serial == a.device.Serial {
		t.Fatal("two devices with one serial")
	}
	try := func(d *awsfake.Device, code string) error {
		_, err := client(a.Fake, a.keys).GetSessionToken(t.Context(), &sts.GetSessionTokenInput{SerialNumber: &d.Serial, TokenCode: &code})
		return err
	}
	accepted := 0
	for _, code := range []string{a.device.Code(), a.device.Code(), a.device.Code(), "000001", "000999"} {
		if err := try(a.device, code); err != nil {
			t.Fatalf("fresh code %s: %v", code, err)
		}
		accepted++
		refused(t, try(a.device, code), 403, "AccessDenied", "invalid MFA one time pass code")
	}
	if err := try(second, "000001"); err != nil {
		t.Errorf("a code of another device counts as used: %v", err)
	}
	stale := a.device.Code()
	a.Advance(90 * time.Second)
	refused(t, try(a.device, stale), 403, "AccessDenied", "invalid MFA one time pass code")
	if a.Codes() != accepted+1 {
		t.Errorf("Codes() = %d, want %d", a.Codes(), accepted+1)
	}
}
