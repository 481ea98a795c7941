package assume

import (
	"context"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
)

// clockSigner signs with the caller's clock in place of the SDK's own, so
// that one clock decides over signatures and expiry alike.
type clockSigner struct {
	signer *v4.Signer
	now    func() time.Time
}

// SignHTTP implements v4.HTTPSigner.
func (s clockSigner) SignHTTP(ctx context.Context, c aws.Credentials, r *http.Request, hash, service, region string, _ time.Time, options ...func(*v4.SignerOptions)) error {
	return s.signer.SignHTTP(ctx, c, r, hash, service, region, s.now(), options...)
}
