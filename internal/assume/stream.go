package assume

import (
	"context"
	"net/http"

	"assume-role/internal/bearer"
)

// Stream has do make one request of the user's to any service, with a client
// whose answers may be of any length and come at any speed: do bounds its own
// waiting. Plain http goes to this machine and to trusted hosts only, nothing is
// decompressed, and no redirect is followed. Errors are those of Invoke.
func (a *Assumer) Stream(ctx context.Context, o Operation, do func(context.Context, *http.Client) error) error {
	transport, bad := a.newTransport(o.Endpoint.CABundle)
	if bad != nil {
		return bad.At(o.Endpoint.CABundleAt).In(o.Profile)
	}
	transport.DisableCompression = true
	observed, seen := observe(ctx)
	err := do(observed, a.clientOver(bearer.Guard(transport, a.Trusted)))
	if err == nil {
		return nil
	}
	return a.translate(ctx, newFailure(o.operation(), o.Endpoint, *seen, err))
}
