package request

import (
	"context"
	"encoding/base64"
	"net/http"
	"time"

	"assume-role/internal/creds"
)

const (
	// clusterHeader binds a token to one cluster.
	clusterHeader = "X-K8s-Aws-Id"
	// clusterExpires is what every such URL says; STS takes it for 15 minutes.
	clusterExpires = time.Minute
	// ClusterTokenLife is how long a cluster takes a token, less a minute for
	// clocks that differ.
	ClusterTokenLife = 14 * time.Minute
)

// ClusterToken makes the bearer token by which an EKS cluster knows who calls:
// GetCallerIdentity, presigned and bound to the cluster by a header, in base64
// (https://github.com/kubernetes-sigs/aws-iam-authenticator, "API
// Authorization from Outside a Cluster"). sts is STS's address; nothing is
// called.
func (s Signer) ClusterToken(ctx context.Context, sts, cluster string) (creds.Secret, error) {
	u, err := ParseURL(sts + "/?Action=GetCallerIdentity&Version=2011-06-15")
	if err != nil {
		return "", err
	}
	r, err := Message{Method: http.MethodGet, URL: u, Header: http.Header{clusterHeader: {cluster}}, Body: Bytes(nil)}.HTTP(ctx)
	if err != nil {
		return "", err
	}
	address, _, err := s.Presign(ctx, r, clusterExpires)
	return creds.Secret("k8s-aws-v1." + base64.RawURLEncoding.EncodeToString([]byte(address.Reveal()))), err
}
