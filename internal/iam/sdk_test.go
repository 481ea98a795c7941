package iam

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	sdk "github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"assume-role/internal/assume"
	"assume-role/internal/cache"
	"assume-role/internal/profile"
	"assume-role/internal/query"
)

// The SDK's own client of IAM is in no program of ours. Here it is the witness:
// what it sends, what it reads and how it fails is what this package does.

// sdkClient is the SDK's client in the place of ours.
func sdkClient(c query.Client) *sdk.Client {
	return sdk.New(sdk.Options{
		Region: c.Region, BaseEndpoint: &c.Address, HTTPClient: c.HTTP, HTTPSignerV4: c.Signer, Retryer: c.Retryer,
		Credentials: c.Credentials, DisableClockSkewCorrection: true,
	})
}

// witness makes every request with the SDK's client, in place of what it is
// told to do.
type witness struct {
	Invoker
	call func(context.Context, *sdk.Client) error
}

func (i witness) Invoke(ctx context.Context, op assume.Operation, _ func(context.Context, query.Client) error) (time.Duration, error) {
	return i.Invoker.Invoke(ctx, op, func(ctx context.Context, w query.Client) error { return i.call(ctx, sdkClient(w)) })
}

// hasty does not wait before it tries again.
type hasty struct{ Invoker }

func (i hasty) Invoke(ctx context.Context, op assume.Operation, do func(context.Context, query.Client) error) (time.Duration, error) {
	return i.Invoker.Invoke(ctx, op, func(ctx context.Context, w query.Client) error {
		w.Retryer = atOnce{w.Retryer}
		return do(ctx, w)
	})
}

type atOnce struct{ aws.Retryer }

func (atOnce) RetryDelay(int, error) (time.Duration, error) { return 0, nil }

// operation is one of IAM's: an answer, as in the API reference, and what ours
// and the SDK's client make of it.
type operation struct {
	name, answer string
	ours         func(context.Context, *Client) (any, error)
	theirs       func(context.Context, *sdk.Client) (any, error)
}

// done is the answer to an operation without a result.
func done(name string) string {
	return "<" + name + `Response xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><ResponseMetadata><RequestId>7a62c49f-347e-4fc4-9331-6e8eEXAMPLE</RequestId></ResponseMetadata></` + name + "Response>"
}

// told is the answer to one with a result.
func told(name, result string) string {
	return strings.Replace(done(name), "<ResponseMetadata>", "\n  <"+name+"Result>\n"+result+"\n  </"+name+"Result>\n  <ResponseMetadata>", 1)
}

const strange = "a+b=c,d.e@f_g-h i/ü&%"

func operations() []operation {
	p := aws.String
	return []operation{
		{"GetRole", told("GetRole", `<Role><Path>/application_abc/</Path><Arn>arn:aws:iam::123456789012:role/application_abc/S3Access</Arn><RoleName>S3Access</RoleName><AssumeRolePolicyDocument>%7B%7D</AssumeRolePolicyDocument><CreateDate>2012-05-08T23:34:01Z</CreateDate><RoleId>AROADBQP57FF2AEXAMPLE</RoleId><MaxSessionDuration>7200</MaxSessionDuration><RoleLastUsed><LastUsedDate>2019-11-20T17:09:20Z</LastUsedDate><Region>us-east-1</Region></RoleLastUsed></Role>`),
			func(ctx context.Context, c *Client) (any, error) { return c.Role(ctx, strange) },
			func(ctx context.Context, c *sdk.Client) (any, error) {
				o, err := c.GetRole(ctx, &sdk.GetRoleInput{RoleName: p(strange)})
				return Role{Name: strange, ID: *o.Role.RoleId, ARN: *o.Role.Arn, MaxSession: time.Duration(*o.Role.MaxSessionDuration) * time.Second}, err
			}},
		{"GetUser", told("GetUser", `<User><UserId>AIDACKCEVSQ6C2EXAMPLE</UserId><Path>/division_abc/</Path><UserName>Bob &amp; &#233;</UserName><Arn>arn:aws:iam::123456789012:user/division_abc/Bob</Arn><CreateDate>2013-10-02T17:01:44Z</CreateDate></User>`),
			func(ctx context.Context, c *Client) (any, error) { return c.User(ctx, "") },
			func(ctx context.Context, c *sdk.Client) (any, error) {
				o, err := c.GetUser(ctx, &sdk.GetUserInput{})
				return User{Name: *o.User.UserName, ID: *o.User.UserId, ARN: *o.User.Arn}, err
			}},
		{"ListAccessKeys", told("ListAccessKeys", `<UserName>Bob</UserName><AccessKeyMetadata><member><UserName>Bob</UserName><AccessKeyId>AKIAIOSFODNN7EXAMPLE</AccessKeyId><Status>Active</Status><CreateDate>2016-12-03T18:53:41Z</CreateDate></member><member><AccessKeyId>AKIAI44QH8DHBEXAMPLE</AccessKeyId><Status>Inactive</Status><CreateDate>2017-03-25T20:38:14.5Z</CreateDate></member></AccessKeyMetadata><IsTruncated>false</IsTruncated>`),
			func(ctx context.Context, c *Client) (any, error) { return c.Keys(ctx, strange) },
			func(ctx context.Context, c *sdk.Client) (any, error) {
				o, err := c.ListAccessKeys(ctx, &sdk.ListAccessKeysInput{UserName: p(strange)})
				var keys []Key
				for _, k := range o.AccessKeyMetadata {
					keys = append(keys, Key{ID: *k.AccessKeyId, Active: k.Status == types.StatusTypeActive, Created: k.CreateDate.UTC()})
				}
				return keys, err
			}},
		{"CreateAccessKey", told("CreateAccessKey", `<AccessKey><UserName>Bob</UserName><AccessKeyId>AKIAIOSFODNN7EXAMPLE</AccessKeyId><Status>Active</Status><SecretAccessKey>wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY</SecretAccessKey></AccessKey>`),
			func(ctx context.Context, c *Client) (any, error) {
				k, err := c.CreateKey(ctx, "")
				return k.AccessKeyID + k.SecretAccessKey.Reveal(), err
			},
			func(ctx context.Context, c *sdk.Client) (any, error) {
				o, err := c.CreateAccessKey(ctx, &sdk.CreateAccessKeyInput{})
				return *o.AccessKey.AccessKeyId + *o.AccessKey.SecretAccessKey, err
			}},
		{"UpdateAccessKey", done("UpdateAccessKey"),
			func(ctx context.Context, c *Client) (any, error) {
				return nil, c.SetKeyActive(ctx, strange, "AKIA", false)
			},
			func(ctx context.Context, c *sdk.Client) (any, error) {
				_, err := c.UpdateAccessKey(ctx, &sdk.UpdateAccessKeyInput{UserName: p(strange), AccessKeyId: p("AKIA"), Status: types.StatusTypeInactive})
				return nil, err
			}},
		{"DeleteAccessKey", done("DeleteAccessKey"),
			func(ctx context.Context, c *Client) (any, error) { return nil, c.DeleteKey(ctx, "", "AKIA") },
			func(ctx context.Context, c *sdk.Client) (any, error) {
				_, err := c.DeleteAccessKey(ctx, &sdk.DeleteAccessKeyInput{AccessKeyId: p("AKIA")})
				return nil, err
			}},
		{"GetAccessKeyLastUsed", told("GetAccessKeyLastUsed", `<AccessKeyLastUsed><Region>us-west-2</Region><LastUsedDate>2015-03-13T10:45:00Z</LastUsedDate><ServiceName>s3</ServiceName></AccessKeyLastUsed><UserName>bob</UserName>`),
			func(ctx context.Context, c *Client) (any, error) { return c.LastUsed(ctx, "AKIA") },
			func(ctx context.Context, c *sdk.Client) (any, error) {
				o, err := c.GetAccessKeyLastUsed(ctx, &sdk.GetAccessKeyLastUsedInput{AccessKeyId: p("AKIA")})
				return o.AccessKeyLastUsed.LastUsedDate.UTC(), err
			}},
		{"ListMFADevices", told("ListMFADevices", `<MFADevices><member><UserName>Bob</UserName><EnableDate>2016-12-03T18:53:41Z</EnableDate><SerialNumber>arn:aws:iam::123456789012:u2f/user/Bob/k</SerialNumber></member></MFADevices><IsTruncated>false</IsTruncated>`),
			func(ctx context.Context, c *Client) (any, error) { return c.Devices(ctx, "") },
			func(ctx context.Context, c *sdk.Client) (any, error) {
				o, err := c.ListMFADevices(ctx, &sdk.ListMFADevicesInput{})
				return []Device{{Serial: *o.MFADevices[0].SerialNumber, FIDO: true}}, err
			}},
		{"PutRolePolicy", done("PutRolePolicy"),
			func(ctx context.Context, c *Client) (any, error) {
				_, err := c.PutRolePolicy(ctx, strange, "P", awkward)
				return nil, err
			},
			func(ctx context.Context, c *sdk.Client) (any, error) {
				_, err := c.PutRolePolicy(ctx, &sdk.PutRolePolicyInput{RoleName: p(strange), PolicyName: p("P"), PolicyDocument: p(awkward)})
				return nil, err
			}},
		{"DeleteUserPolicy", done("DeleteUserPolicy"),
			func(ctx context.Context, c *Client) (any, error) { return nil, c.DeleteUserPolicy(ctx, strange, "P") },
			func(ctx context.Context, c *sdk.Client) (any, error) {
				_, err := c.DeleteUserPolicy(ctx, &sdk.DeleteUserPolicyInput{UserName: p(strange), PolicyName: p("P")})
				return nil, err
			}},
		{"PutUserPolicy", done("PutUserPolicy"),
			func(ctx context.Context, c *Client) (any, error) {
				_, err := c.PutUserPolicy(ctx, strange, "P", awkward)
				return nil, err
			},
			func(ctx context.Context, c *sdk.Client) (any, error) {
				_, err := c.PutUserPolicy(ctx, &sdk.PutUserPolicyInput{UserName: p(strange), PolicyName: p("P"), PolicyDocument: p(awkward)})
				return nil, err
			}},
		{"DeleteRolePolicy", done("DeleteRolePolicy"),
			func(ctx context.Context, c *Client) (any, error) { return nil, c.DeleteRolePolicy(ctx, strange, "P") },
			func(ctx context.Context, c *sdk.Client) (any, error) {
				_, err := c.DeleteRolePolicy(ctx, &sdk.DeleteRolePolicyInput{RoleName: p(strange), PolicyName: p("P")})
				return nil, err
			}},
		{"GetRolePolicy", told("GetRolePolicy", `<PolicyName>S3AccessPolicy</PolicyName><RoleName>S3Access</RoleName><PolicyDocument>%7B%22a%22%3A1%7D</PolicyDocument>`),
			func(ctx context.Context, c *Client) (any, error) {
				p, _, err := c.RolePolicy(ctx, strange, "P")
				return p.Document, err
			},
			func(ctx context.Context, c *sdk.Client) (any, error) {
				o, err := c.GetRolePolicy(ctx, &sdk.GetRolePolicyInput{RoleName: p(strange), PolicyName: p("P")})
				return strings.NewReplacer("%7B", "{", "%7D", "}", "%22", `"`, "%3A", ":").Replace(*o.PolicyDocument), err
			}},
		{"GetUserPolicy", told("GetUserPolicy", `<UserName>Bob</UserName><PolicyName>All</PolicyName><PolicyDocument>%7B%7D</PolicyDocument>`),
			func(ctx context.Context, c *Client) (any, error) {
				p, _, err := c.UserPolicy(ctx, strange, "P")
				return p.Document, err
			},
			func(ctx context.Context, c *sdk.Client) (any, error) {
				_, err := c.GetUserPolicy(ctx, &sdk.GetUserPolicyInput{UserName: p(strange), PolicyName: p("P")})
				return "{}", err
			}},
	}
}

// sent is a request as far as it means something to IAM.
type sent struct{ Method, Path, Type, Body, Scope string }

// listener answers every request alike, and keeps what it got.
type listener struct {
	*httptest.Server
	mu  sync.Mutex
	got []sent
}

func (w *world) listener(answer http.HandlerFunc) *listener {
	l := &listener{}
	l.Server = httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		_, scope, _ := strings.Cut(r.Header.Get("Authorization"), "Credential=")
		scope, _, _ = strings.Cut(scope, ",")
		l.mu.Lock()
		l.got = append(l.got, sent{r.Method, r.URL.String(), r.Header.Get("Content-Type"), string(body), scope})
		l.mu.Unlock()
		answer(rw, r)
	}))
	w.Cleanup(l.Close)
	return l
}

func (l *listener) take() []sent {
	l.mu.Lock()
	defer l.mu.Unlock()
	got := l.got
	l.got = nil
	return got
}

// Every operation sends what the SDK's client sends, byte for byte, and reads
// the same out of the answer.
func TestAsTheSDK(t *testing.T) {
	t.Parallel()
	for _, path := range []string{"", "/", "/base/iam"} {
		for _, op := range operations() {
			t.Run(op.name+path, func(t *testing.T) {
				t.Parallel()
				w := newWorld(t)
				l := w.listener(func(rw http.ResponseWriter, _ *http.Request) { fmt.Fprint(rw, op.answer) })
				c := w.at(l.URL + path)
				ours, err := op.ours(context.Background(), c)
				w.ok(err)
				sentByUs := l.take()
				var theirs any
				_, err = c.aws.Invoke(context.Background(), assume.Operation{Endpoint: c.chain.Services[Service], Signer: w.keys}, func(ctx context.Context, wire query.Client) (err error) {
					theirs, err = op.theirs(ctx, sdkClient(wire))
					return err
				})
				w.ok(err)
				if diff := cmp.Diff(theirs, ours, cmpopts.IgnoreFields(Role{}, "Skew"), cmpopts.IgnoreFields(User{}, "Skew")); diff != "" {
					t.Errorf("the SDK reads (-), we read (+):\n%s", diff)
				}
				if diff := cmp.Diff(l.take(), sentByUs); diff != "" {
					t.Errorf("the SDK sends (-), we send (+):\n%s", diff)
				}
			})
		}
	}
}

// mishaps are answers that are no success, by what is wrong with them.
func mishaps() map[string]http.HandlerFunc {
	no := func(code string) string {
		return "<ErrorResponse><Error><Type>Sender</Type><Code>" + code + "</Code><Message>m</Message></Error><RequestId>in-text</RequestId></ErrorResponse>"
	}
	text := func(status int, body string) http.HandlerFunc {
		return func(rw http.ResponseWriter, _ *http.Request) {
			rw.Header().Set("X-Amzn-Requestid", "in-header")
			rw.WriteHeader(status)
			fmt.Fprint(rw, body)
		}
	}
	short := func(status int, body string) http.HandlerFunc {
		return func(rw http.ResponseWriter, _ *http.Request) {
			rw.Header().Set("Content-Length", "9999")
			rw.WriteHeader(status)
			fmt.Fprint(rw, body)
		}
	}
	broken := func(text string) http.HandlerFunc {
		return func(rw http.ResponseWriter, _ *http.Request) {
			connection, _, err := rw.(http.Hijacker).Hijack()
			if err == nil {
				fmt.Fprint(connection, text)
				if tcp, ok := connection.(*net.TCPConn); ok && text == "" {
					_ = tcp.SetLinger(0)
				}
				connection.Close()
			}
		}
	}
	return map[string]http.HandlerFunc{
		"denied": text(403, no("AccessDenied")), "not found": text(404, no("NoSuchEntity")), "throttled": text(400, no("Throttling")),
		"a timeout": text(400, no("RequestTimeout")), "a quota": text(409, no("LimitExceeded")), "unknown": text(400, no("SomethingNew")),
		"trouble": text(500, no("ServiceFailure")), "unavailable": text(503, ""), "a gateway": text(502, "<html><body>no</body></html>"),
		"too many": text(429, ""), "empty": text(400, ""), "no XML": text(400, "no\n"), "HTML": text(403, "<!DOCTYPE html><html><body><p>no</body></html>"),
		"JSON": text(404, `{"message":"no"}`), "another XML": text(400, "<Error><Code>x</Code></Error>"), "no code": text(400, "<ErrorResponse><RequestId>r</RequestId></ErrorResponse>"),
		"a redirect": func(rw http.ResponseWriter, r *http.Request) {
			http.Redirect(rw, r, "/elsewhere", http.StatusTemporaryRedirect)
		},
		"a refusal cut off": short(403, no("AccessDenied")[:40]), "a refusal in half": text(403, no("AccessDenied")[:40]), "cut off": short(200, told("GetRole", "")[:40]), "in half": text(200, told("GetRole", "<Role><RoleId>AROA")[:120]),
		"of another": text(200, "<html><body/></html>"), "of another operation": text(200, told("GetUser", "<User/>")),
		"no number": text(200, told("GetRole", "<Role><MaxSessionDuration>x</MaxSessionDuration></Role>")),
		"reset":     broken(""), "closed": broken("\n"), "half a header": broken("HTTP/1.1 200 OK\r\nContent-"), "no HTTP": broken("SSH-2.0-x\r\n\r\n"),
	}
}

// outcome is what became of a request: the line for the user, what errors.Is
// and errors.As find, and how often it was sent.
type outcome struct {
	Line, Code, RequestID               string
	Status, Tries                       int
	Unreachable, Unknown, Found, Denied bool
}

func (l *listener) outcome(err error) outcome {
	o := outcome{Line: fmt.Sprint(err), Tries: len(l.take())}
	var api interface{ ErrorCode() string }
	if errors.As(err, &api) && api.ErrorCode() != "UnknownError" {
		o.Code = api.ErrorCode()
	}
	var answer *awshttp.ResponseError
	if errors.As(err, &answer) {
		o.Status, o.RequestID = answer.HTTPStatusCode(), answer.ServiceRequestID()
	}
	o.Unreachable, o.Unknown = errors.Is(err, cache.ErrUnreachable), errors.Is(err, ErrOutcomeUnknown)
	o.Found, o.Denied = errors.Is(err, ErrNotFound), errors.Is(err, ErrDenied)
	return o
}

// A request that fails fails as with the SDK's client: the same line, the same
// causes, after as many tries.
func TestFailsAsTheSDK(t *testing.T) {
	t.Parallel()
	for name, answer := range mishaps() {
		for _, once := range []bool{false, true} {
			t.Run(fmt.Sprint(name, " ", once), func(t *testing.T) {
				t.Parallel()
				w := newWorld(t)
				l := w.listener(answer)
				chain := *w.chain
				chain.Services = map[string]profile.Endpoint{Service: {Region: "us-east-1", Partition: "aws", URL: l.URL}}
				r := request{name: "GetRole", on: "role/ops", once: once}
				fails := func(aws Invoker) outcome {
					_, _, err := ask[roleResult](context.Background(), New(aws, &chain, w.keys), r, parameters{"RoleName": "ops"})
					if err == nil {
						t.Fatal("no error")
					}
					return l.outcome(err)
				}
				ours := fails(hasty{w.assumer})
				theirs := fails(witness{hasty{w.assumer}, func(ctx context.Context, c *sdk.Client) error {
					_, err := c.GetRole(ctx, &sdk.GetRoleInput{RoleName: aws.String("ops")})
					return err
				}})
				if diff := cmp.Diff(theirs, ours); diff != "" {
					t.Errorf("the SDK (-), ours (+):\n%s", diff)
				}
			})
		}
	}
}
