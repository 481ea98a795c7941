package request

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	"assume-role/internal/creds"
)

// Signer signs requests with Signature Version 4.
type Signer struct {
	Scope
	Credentials creds.Credentials
	// Now is the clock that the signature is made at.
	Now func() time.Time
}

// Sign puts the signature, the session token and the body's hash into the
// headers. hash is in hex. The query keeps its order on the wire; Content-Length
// is not signed, which OpenSearch Serverless insists on.
func (s Signer) Sign(ctx context.Context, r *http.Request, hash string) error {
	r.Header.Set("X-Amz-Content-Sha256", hash)
	query, length := r.URL.RawQuery, r.ContentLength
	r.ContentLength = 0
	err := v4.NewSigner(s.pathRule).SignHTTP(ctx, s.keys(), r, hash, s.Service, s.Region, s.Now())
	r.URL.RawQuery, r.ContentLength = query, length
	return err
}

// Presign returns the address with the signature and the session token in its
// query, good for a time that is rounded to seconds, and the headers that must
// be sent with it besides Host. It is a secret: whoever has it can make the
// request. The body is not signed, and for other services than S3 there is none.
func (s Signer) Presign(ctx context.Context, r *http.Request, good time.Duration) (address creds.Secret, send http.Header, err error) {
	u := *r.URL
	u.RawQuery = join(u.RawQuery, "X-Amz-Expires="+strconv.Itoa(int(good/time.Second)))
	again := r.Clone(ctx)
	again.URL = &u
	text, send, err := v4.NewSigner(s.pathRule).PresignHTTP(ctx, s.keys(), again, s.presignedHash(), s.Service, s.Region, s.Now())
	send.Del("Host")
	return creds.Secret(text), send, err
}

func join(query, more string) string {
	if query == "" {
		return more
	}
	return query + "&" + more
}

// presignedHash stands for a body that is not known, or for none.
func (s Signer) presignedHash() string {
	if keepsPaths(s.Service) {
		return "UNSIGNED-PAYLOAD"
	}
	sum := sha256.Sum256(nil)
	return hex.EncodeToString(sum[:])
}

func (s Signer) pathRule(o *v4.SignerOptions) { o.DisableURIPathEscaping = keepsPaths(s.Service) }

func (s Signer) keys() aws.Credentials {
	return aws.Credentials{
		AccessKeyID:     s.Credentials.AccessKeyID,
		SecretAccessKey: s.Credentials.SecretAccessKey.Reveal(),
		SessionToken:    s.Credentials.SessionToken.Reveal(),
	}
}
