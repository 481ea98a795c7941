package awsfake_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/aws-sdk-go-v2/service/sts/types"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"assume-role/internal/awsfake"
	"assume-role/internal/creds"
)

// start serves a fresh AWS for one test.
func start(t *testing.T, o ...awsfake.Options) *awsfake.Fake {
	t.Helper()
	o = append(o, awsfake.Options{})
	f, err := awsfake.Start(o[0])
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(f.Close)
	return f
}

// signer signs at the time of a clock, so that a test can move both sides.
type signer struct{ now func() time.Time }

func (s signer) SignHTTP(ctx context.Context, c aws.Credentials, r *http.Request, hash, service, region string, _ time.Time, o ...func(*v4.SignerOptions)) error {
	return v4.NewSigner().SignHTTP(ctx, c, r, hash, service, region, s.now(), o...)
}

// keys are credentials as a test holds them.
type keys struct {
	id, secret, token string
}

func longLived(id string, secret creds.Secret) keys { return keys{id: id, secret: secret.Reveal()} }

func temporary(c *types.Credentials) keys {
	return keys{*c.AccessKeyId, *c.SecretAccessKey, *c.SessionToken}
}

// client is the AWS SDK's own, with one attempt a call.
func client(f *awsfake.Fake, k keys, more ...func(*sts.Options)) *sts.Client {
	o := sts.Options{
		Region: "eu-west-1", BaseEndpoint: aws.String(f.URL()), Retryer: aws.NopRetryer{},
		HTTPSignerV4: signer{f.Now}, HTTPClient: &http.Client{Transport: &http.Transport{DisableKeepAlives: true}},
	}
	if k.id != "" {
		o.Credentials = aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: k.id, SecretAccessKey: k.secret, SessionToken: k.token}, nil
		})
	}
	return sts.New(o, more...)
}

// alice is a user with a key, a device and a role anyone may assume.
type alice struct {
	*awsfake.Fake
	keys
	device *awsfake.Device
	role   string
}

func newAlice(t *testing.T) alice {
	t.Helper()
	f := start(t)
	return alice{
		Fake: f, keys: longLived(f.AddKey("alice")), device: f.AddDevice("alice"),
		role: f.AddRole(awsfake.Role{Name: "admin", MaxDuration: 12 * time.Hour}),
	}
}

// input is an AssumeRole that works.
func (a alice) input() *sts.AssumeRoleInput {
	return &sts.AssumeRoleInput{RoleArn: aws.String(a.role), RoleSessionName: aws.String("alice@host")}
}

// assume makes an AssumeRole that must work.
func (a alice) assume(t *testing.T, k keys, change func(*sts.AssumeRoleInput)) *sts.AssumeRoleOutput {
	t.Helper()
	in := a.input()
	if change != nil {
		change(in)
	}
	out, err := client(a.Fake, k).AssumeRole(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// session makes a GetSessionToken session, with MFA if asked.
func (a alice) session(t *testing.T, mfa bool) keys {
	t.Helper()
	in := &sts.GetSessionTokenInput{}
	if mfa {
		in.SerialNumber, in.TokenCode = &a.device.Serial, aws.String(a.device.Code())
	}
	out, err := client(a.Fake, a.keys).GetSessionToken(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	return temporary(out.Credentials)
}

// refused holds an error to a status, a code and a part of AWS's text.
func refused(t *testing.T, err error, status int, code, text string) {
	t.Helper()
	var api smithy.APIError
	var response *smithyhttp.ResponseError
	if !errors.As(err, &api) || !errors.As(err, &response) {
		t.Fatalf("error = %v, want %s", err, code)
	}
	if api.ErrorCode() != code || response.HTTPStatusCode() != status || !strings.Contains(api.ErrorMessage(), text) {
		t.Fatalf("refused with %d %s %q, want %d %s %q", response.HTTPStatusCode(), api.ErrorCode(), api.ErrorMessage(), status, code, text)
	}
}

// identity is who a pair of keys is.
func identity(t *testing.T, f *awsfake.Fake, k keys) *sts.GetCallerIdentityOutput {
	t.Helper()
	out, err := client(f, k).GetCallerIdentity(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	return out
}
