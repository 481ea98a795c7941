package assume

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/aws-sdk-go-v2/service/sts/types"
	"github.com/google/go-cmp/cmp"

	"assume-role/internal/creds"
	"assume-role/internal/profile"
	"assume-role/internal/query"
)

// The SDK's own client of STS is in no program of ours. Here it is the witness:
// what it sends and what it reads is what this package does.

// sent is a request as STS gets it, but for its date and its signature.
type sent struct {
	Method, Path, Type, Scope string
	Form                      url.Values
}

// stenographer is a server that answers everything the same, and notes what it
// is asked.
type stenographer struct {
	*httptest.Server
	mu  sync.Mutex
	got []sent
}

func writingDown(t *testing.T, answer string) *stenographer {
	s := &stenographer{}
	s.Server = httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		form, _ := url.ParseQuery(string(body))
		_, scope, _ := strings.Cut(r.Header.Get("Authorization"), "Credential=")
		scope, _, _ = strings.Cut(scope, ",")
		s.mu.Lock()
		s.got = append(s.got, sent{r.Method, r.URL.Path, r.Header.Get("Content-Type"), scope, form})
		s.mu.Unlock()
		_, _ = io.WriteString(rw, answer)
	}))
	t.Cleanup(s.Close)
	return s
}

func (s *stenographer) take() []sent {
	s.mu.Lock()
	defer s.mu.Unlock()
	got := s.got
	s.got = nil
	return got
}

// sdkClient is the SDK's client in the place of ours.
func sdkClient(c query.Client) *sts.Client {
	o := sts.Options{
		Region: c.Region, BaseEndpoint: &c.Address, HTTPClient: c.HTTP, HTTPSignerV4: c.Signer, Retryer: c.Retryer,
		Credentials: c.Credentials, DisableClockSkewCorrection: true,
	}
	if c.Credentials == nil {
		o.Credentials = aws.AnonymousCredentials{}
	}
	return sts.New(o)
}

// sdkOperation is one of STS's: an answer, as in the API reference, and what
// ours and the SDK's client make of it.
type sdkOperation struct {
	name, result string
	unsigned     bool
	ours         func(context.Context, query.Client) (creds.Credentials, error)
	theirs       func(context.Context, *sts.Client) (*types.Credentials, *string, error)
}

const sdkCredentials = `<Credentials><AccessKeyId>ASgeIAIOSFODNN7EXAMPLE</AccessKeyId><SecretAccessKey>wJalrXUtnFEMI/K7MDENG/bPxRfi&#43;CYzEXAMPLEKEY</SecretAccessKey><SessionToken>AQoDYXdzEPT//////////wEXAMPLE==</SessionToken><Expiration>2019-07-15T23:28:33.359Z</Expiration></Credentials>`

// sdkCall has all that a call can have, the awkward included.
func sdkCall() *profile.Call {
	return &profile.Call{
		RoleARN: "arn:aws:iam::123456789012:role/a+b=c,d.e@f-g", SessionName: "me@here", ExternalID: "ex:ternal/1 é", SourceIdentity: "who",
		Policy: `{"Version":"2012-10-17", "a": "&%"}`, PolicyARNs: []string{"arn:aws:iam::aws:policy/ReadOnlyAccess", "arn:2"},
		Tags: []profile.Tag{{Key: "k", Value: "v=1,2"}, {Key: "empty"}}, TransitiveTagKeys: []string{"k", "empty"},
		Duration: 90 * time.Minute, FederatedName: "fed", Device: &profile.Device{Serial: "arn:aws:iam::123456789012:mfa/alice"},
	}
}

func sdkOperations() []sdkOperation {
	p, call, s := parameters{call: sdkCall(), name: "generated", code: "123456"}, sdkCall(), aws.String
	tags := []types.Tag{{Key: s("k"), Value: s("v=1,2")}, {Key: s("empty"), Value: s("")}}
	policies := []types.PolicyDescriptorType{{Arn: s("arn:aws:iam::aws:policy/ReadOnlyAccess")}, {Arn: s("arn:2")}}
	assumedUser := "<AssumedRoleUser><AssumedRoleId>AROA:me</AssumedRoleId><Arn>arn:aws:sts::123456789012:assumed-role/demo/me</Arn></AssumedRoleUser>"
	bare := parameters{call: &profile.Call{RoleARN: call.RoleARN}, name: "generated"}
	return []sdkOperation{
		{"AssumeRole", sdkCredentials + assumedUser, false,
			func(ctx context.Context, c query.Client) (creds.Credentials, error) { return sendAssumeRole(ctx, c, p) },
			func(ctx context.Context, c *sts.Client) (*types.Credentials, *string, error) {
				o, err := c.AssumeRole(ctx, &sts.AssumeRoleInput{RoleArn: &call.RoleARN, RoleSessionName: &call.SessionName, ExternalId: &call.ExternalID, SourceIdentity: &call.SourceIdentity,
					Policy: &call.Policy, PolicyArns: policies, Tags: tags, TransitiveTagKeys: call.TransitiveTagKeys, DurationSeconds: aws.Int32(5400), SerialNumber: &call.Device.Serial, TokenCode: s("123456")})
				return o.Credentials, o.AssumedRoleUser.Arn, err
			}},
		{"AssumeRole", sdkCredentials + assumedUser, false,
			func(ctx context.Context, c query.Client) (creds.Credentials, error) {
				return sendAssumeRole(ctx, c, bare)
			},
			func(ctx context.Context, c *sts.Client) (*types.Credentials, *string, error) {
				o, err := c.AssumeRole(ctx, &sts.AssumeRoleInput{RoleArn: &call.RoleARN, RoleSessionName: s("generated")})
				return o.Credentials, o.AssumedRoleUser.Arn, err
			}},
		{"AssumeRoleWithSAML", sdkCredentials + assumedUser, true,
			func(ctx context.Context, c query.Client) (creds.Credentials, error) {
				return sendAssumeRoleWithSAML(ctx, c, p, "arn:aws:iam::123456789012:saml-provider/p", "PHNhbWw+/=")
			},
			func(ctx context.Context, c *sts.Client) (*types.Credentials, *string, error) {
				o, err := c.AssumeRoleWithSAML(ctx, &sts.AssumeRoleWithSAMLInput{RoleArn: &call.RoleARN, PrincipalArn: s("arn:aws:iam::123456789012:saml-provider/p"), SAMLAssertion: s("PHNhbWw+/="),
					Policy: &call.Policy, PolicyArns: policies, DurationSeconds: aws.Int32(5400)})
				return o.Credentials, o.AssumedRoleUser.Arn, err
			}},
		{"AssumeRoleWithWebIdentity", sdkCredentials + "<SubjectFromWebIdentityToken>sub</SubjectFromWebIdentityToken>" + assumedUser, true,
			func(ctx context.Context, c query.Client) (creds.Credentials, error) {
				return sendAssumeRoleWithWebIdentity(ctx, c, p, "eyJ.e30.sig")
			},
			func(ctx context.Context, c *sts.Client) (*types.Credentials, *string, error) {
				o, err := c.AssumeRoleWithWebIdentity(ctx, &sts.AssumeRoleWithWebIdentityInput{RoleArn: &call.RoleARN, RoleSessionName: &call.SessionName, WebIdentityToken: s("eyJ.e30.sig"),
					Policy: &call.Policy, PolicyArns: policies, DurationSeconds: aws.Int32(5400)})
				return o.Credentials, o.AssumedRoleUser.Arn, err
			}},
		{"GetFederationToken", sdkCredentials + "<FederatedUser><FederatedUserId>1:fed</FederatedUserId><Arn>arn:aws:sts::123456789012:federated-user/fed</Arn></FederatedUser>", false,
			func(ctx context.Context, c query.Client) (creds.Credentials, error) {
				return sendFederationToken(ctx, c, p)
			},
			func(ctx context.Context, c *sts.Client) (*types.Credentials, *string, error) {
				o, err := c.GetFederationToken(ctx, &sts.GetFederationTokenInput{Name: s("fed"), Policy: &call.Policy, PolicyArns: policies, Tags: tags, DurationSeconds: aws.Int32(5400)})
				return o.Credentials, o.FederatedUser.Arn, err
			}},
		{"GetSessionToken", sdkCredentials, false,
			func(ctx context.Context, c query.Client) (creds.Credentials, error) {
				return sendSessionToken(ctx, c, parameters{call: &profile.Call{Device: call.Device, Duration: 8 * time.Hour}, code: "123456"})
			},
			func(ctx context.Context, c *sts.Client) (*types.Credentials, *string, error) {
				o, err := c.GetSessionToken(ctx, &sts.GetSessionTokenInput{DurationSeconds: aws.Int32(28800), SerialNumber: &call.Device.Serial, TokenCode: s("123456")})
				return o.Credentials, nil, err
			}},
		{"GetCallerIdentity", "<Arn>arn:aws:iam::123456789012:user/Alice</Arn><UserId>AIDACKCEVSQ6C2EXAMPLE</UserId><Account>123456789012</Account>", false,
			func(ctx context.Context, c query.Client) (creds.Credentials, error) {
				id, err := query.Ask[Identity](ctx, c, "GetCallerIdentity", nil)
				return creds.Credentials{ARN: id.ARN, AccountID: id.Account}, err
			},
			func(ctx context.Context, c *sts.Client) (*types.Credentials, *string, error) {
				o, err := c.GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
				return nil, o.Arn, err
			}},
	}
}

// Every operation sends what the SDK's client sends, at whatever path, and reads
// the same out of the answer.
func TestAsTheSDK(t *testing.T) {
	t.Parallel()
	for _, path := range []string{"", "/", "/base/sts"} {
		for _, op := range sdkOperations() {
			t.Run(op.name+path, func(t *testing.T) {
				t.Parallel()
				w := newWorld(t)
				s := writingDown(t, "<"+op.name+`Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><`+op.name+"Result>"+op.result+"</"+op.name+"Result><ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></"+op.name+"Response>")
				endpoint := profile.Endpoint{Region: "eu-central-1", Partition: "aws", URL: s.URL + path}
				var ours creds.Credentials
				var theirs *types.Credentials
				var who *string
				_, err := New(w.options).invoke(context.Background(), endpoint, operation{name: op.name, call: &profile.Call{}, source: &profile.Source{}, signer: w.keys, unsigned: op.unsigned},
					func(ctx context.Context, c query.Client) (err error) {
						if ours, err = op.ours(ctx, c); err == nil {
							theirs, who, err = op.theirs(ctx, sdkClient(c))
						}
						return err
					})
				got := s.take()
				if err != nil || len(got) != 2 {
					t.Fatal(err, got)
				}
				if diff := cmp.Diff(got[1], got[0]); diff != "" || op.unsigned != (got[0].Scope == "") {
					t.Errorf("the SDK sends (-), ours (+):\n%s", diff)
				}
				compareSessions(t, ours, theirs, aws.ToString(who))
			})
		}
	}
}

func compareSessions(t *testing.T, ours creds.Credentials, theirs *types.Credentials, arn string) {
	t.Helper()
	want := creds.Credentials{ARN: arn, AccountID: profile.AccountOf(arn)}
	if theirs != nil {
		want.AccessKeyID, want.SecretAccessKey, want.SessionToken = *theirs.AccessKeyId, creds.Secret(*theirs.SecretAccessKey), creds.Secret(*theirs.SessionToken)
		want.Expiration = theirs.Expiration.UTC()
	}
	if ours != want {
		t.Errorf("the SDK reads %v, ours %v", want, ours)
	}
}

// The hosts are those of the SDK's rules, for every kind of region and variant.
func TestHostsAsTheSDKHasThem(t *testing.T) {
	t.Parallel()
	rules := sts.NewDefaultEndpointResolverV2()
	for region, partition := range map[string]string{
		"us-east-1": "aws", "eu-west-1": "aws", "ap-east-1": "aws", "mx-central-1": "aws", "cn-north-1": "aws-cn", "cn-northwest-1": "aws-cn", "us-gov-east-1": "aws-us-gov",
		"us-gov-west-1": "aws-us-gov", "eusc-de-east-1": "aws-eusc", "us-iso-east-1": "aws-iso", "us-isob-east-1": "aws-iso-b", "eu-isoe-west-1": "aws-iso-e", "us-isof-south-1": "aws-iso-f",
	} {
		for variant := range 8 {
			e := profile.Endpoint{Region: region, Partition: partition, FIPS: variant&1 != 0, DualStack: variant&2 != 0, Legacy: variant&4 != 0}
			found, err := rules.ResolveEndpoint(context.Background(), sts.EndpointParameters{
				Region: &e.Region, UseFIPS: &e.FIPS, UseDualStack: &e.DualStack, UseGlobalEndpoint: &e.Legacy,
			})
			if got := e.STSCalls(); err != nil || got != found.URI.String() {
				t.Errorf("%+v: %s, and by the SDK's rules %s, %v", e, got, found.URI.String(), err)
			}
		}
	}
}
