package assume

import (
	"context"
	"net/url"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"assume-role/internal/profile"
)

// Address is where the STS calls of a chain go, as AWS's rules for endpoints
// have it (https://docs.aws.amazon.com/general/latest/gr/sts.html). Nothing is
// called to find out.
func Address(endpoint profile.Endpoint) (string, error) {
	at, err := addressOf(endpoint)
	return at.String(), err
}

func addressOf(endpoint profile.Endpoint) (url.URL, error) {
	rules := resolver{sts.NewDefaultEndpointResolverV2(), endpoint.Legacy}
	found, err := rules.ResolveEndpoint(context.Background(), sts.EndpointParameters{
		Region:       aws.String(endpoint.Region),
		Endpoint:     optional(endpoint.URL),
		UseFIPS:      aws.Bool(endpoint.FIPS),
		UseDualStack: aws.Bool(endpoint.DualStack),
	})
	return found.URI, err
}
