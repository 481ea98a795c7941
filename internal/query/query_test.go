package query

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/smithy-go"
	"github.com/google/go-cmp/cmp"
)

func TestForm(t *testing.T) {
	t.Parallel()
	p := Parameters{"Status": "Active", "Empty": "", "AccessKeyId": "A&B=C d+é/~*", "PolicyDocument": "{\"a\":\n1}"}
	const want = "AccessKeyId=A%26B%3DC+d%2B%C3%A9%2F~%2A&Action=UpdateAccessKey&Empty=&PolicyDocument=%7B%22a%22%3A%0A1%7D&Status=Active&Version=2010-05-08"
	for range 10 {
		if got := p.form("UpdateAccessKey", "2010-05-08"); got != want {
			t.Fatalf("%s, not %s", got, want)
		}
	}
}

func TestParameters(t *testing.T) {
	t.Parallel()
	all := Parameters{"A": "1", "B": ""}
	p := all.Given()
	p.List("Tags", "Key", []string{"k", ""})
	p.List("TransitiveTagKeys", "", []string{"t"})
	p.List("None", "", nil)
	want := Parameters{"A": "1", "Tags.member.1.Key": "k", "Tags.member.2.Key": "", "TransitiveTagKeys.member.1": "t"}
	if diff := cmp.Diff(want, p); diff != "" || len(all) != 2 {
		t.Error(diff, all)
	}
}

// caller has keys, and asks where a server listens.
func caller(address string) Client {
	return Client{
		HTTP: http.DefaultClient, Address: address, Service: "sts", Version: "2011-06-15", Region: "eu-west-1", Signer: v4.NewSigner(), Retryer: aws.NopRetryer{},
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "AKIATEST", SecretAccessKey: "secret", SessionToken: "the-token"}, nil
		}),
		UserAgent: "assume-role/test",
	}
}

// A request is signed for its service and region, and one without credentials
// is not signed at all.
func TestRequest(t *testing.T) {
	t.Parallel()
	signed := caller("https://sts.local")
	r, err := signed.request(context.Background(), "Action=A")
	if err != nil {
		t.Fatal(err)
	}
	body, _ := io.ReadAll(r.Body)
	authorization := r.Header.Get("Authorization")
	if r.URL.String() != "https://sts.local/" || string(body) != "Action=A" || r.Header.Get("User-Agent") != "assume-role/test" || r.Header.Get("X-Amz-Security-Token") != "the-token" ||
		!strings.Contains(authorization, "/eu-west-1/sts/aws4_request") || !strings.Contains(authorization, "SignedHeaders=content-length;content-type;host;x-amz-date;x-amz-security-token") {
		t.Errorf("%s %q %v", r.URL, body, r.Header)
	}
	signed.Credentials = nil
	if r, err = signed.request(context.Background(), "Action=A"); err != nil || r.Header.Get("Authorization") != "" || r.Header.Get("X-Amz-Security-Token") != "" {
		t.Errorf("%v, %v", r.Header, err)
	}
}

// Credentials and addresses that are of no use send nothing.
func TestUnsendable(t *testing.T) {
	t.Parallel()
	broken := errors.New("no credentials")
	c := caller("https://sts.local")
	c.HTTP = nil
	c.Credentials = aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) { return aws.Credentials{}, broken })
	if err := Order(context.Background(), c, "A", nil); !errors.Is(err, broken) {
		t.Error(err)
	}
	c.Address = "http://a b"
	if err := Order(context.Background(), c, "A", nil); err == nil {
		t.Error("sent")
	}
	c.Address = ""
	if err := Order(context.Background(), c, "A", nil); !errors.Is(err, ErrNoEndpoint) {
		t.Error(err)
	}
}

// The half of an answer that was cut off is not kept beside the whole one.
func TestHalfAnAnswer(t *testing.T) {
	t.Parallel()
	text := told("ListAccessKeys", "<AccessKeyMetadata><member><AccessKeyId>A</AccessKeyId></member><member><AccessKeyId>B</AccessKeyId></member></AccessKeyMetadata>")
	half := strings.Index(text, "B</")
	s := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(rw, text[:half])
		half = len(text)
	}))
	defer s.Close()
	c := caller(s.URL)
	c.Retryer = &ledger{attempts: 3, quota: 9, every: true}
	got, err := Ask[keysResult](context.Background(), c, "ListAccessKeys", nil)
	if err != nil || len(got.Keys) != 2 {
		t.Errorf("%+v, %v", got, err)
	}
	half = strings.Index(text, "B</")
	c.Retryer = aws.NopRetryer{}
	if got, err = Ask[keysResult](context.Background(), c, "ListAccessKeys", nil); err == nil || got.Keys != nil {
		t.Errorf("%+v, %v", got, err)
	}
}

// The types by which callers tell errors apart are the SDK's.
func TestTypes(t *testing.T) {
	t.Parallel()
	id, err := refused([]byte("<ErrorResponse><Error><Code>X</Code><Message>m</Message></Error><RequestId>r</RequestId></ErrorResponse>"))
	var api *smithy.GenericAPIError
	if !errors.As(err, &api) || api.Code != "X" || api.Message != "m" || id != "r" {
		t.Errorf("%q, %#v", id, err)
	}
}
