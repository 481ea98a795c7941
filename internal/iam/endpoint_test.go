package iam

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/auth"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"assume-role/internal/profile"
)

// apiError is an error of AWS's.
type apiError struct{ code, text string }

func (e apiError) Error() string                 { return e.code }
func (e apiError) ErrorCode() string             { return e.code }
func (e apiError) ErrorMessage() string          { return e.text }
func (e apiError) ErrorFault() smithy.ErrorFault { return smithy.FaultClient }

// An endpoint that a user gives is signed for in the region in which the SDK's
// rules sign for AWS's own.
func TestRegionsThatSign(t *testing.T) {
	t.Parallel()
	for region, host := range map[string]string{
		"us-east-1":       "iam.amazonaws.com",
		"eu-west-1":       "iam.amazonaws.com",
		"cn-northwest-1":  "iam.cn-north-1.amazonaws.com.cn",
		"us-gov-east-1":   "iam.us-gov.amazonaws.com",
		"us-iso-west-1":   "iam.us-iso-east-1.c2s.ic.gov",
		"us-isob-west-1":  "iam.us-isob-east-1.sc2s.sgov.gov",
		"eu-isoe-west-1":  "iam.eu-isoe-west-1.cloud.adc-e.uk",
		"us-isof-south-1": "iam.us-isof-south-1.csp.hci.ic.gov",
		"eusc-de-east-1":  "iam.eusc-de-east-1.amazonaws.eu",
	} {
		own, given := endpointIn(t, region, ""), endpointIn(t, region, "https://iam.local")
		found, err := sdk.NewDefaultEndpointResolverV2().ResolveEndpoint(context.Background(), sdk.EndpointParameters{
			Region: &own.Region, UseFIPS: aws.Bool(own.FIPS), UseDualStack: aws.Bool(own.DualStack),
		})
		if err != nil {
			t.Fatal(err)
		}
		if found.URI.Host != host || !signsFor(found.Properties, given.Region) {
			t.Errorf("%s: %s, %+v, and ours signs for %s", region, found.URI.Host, found.Properties, given.Region)
		}
	}
}

// endpointIn is where a profile in a region finds IAM.
func endpointIn(t *testing.T, region, url string) profile.Endpoint {
	t.Helper()
	path := filepath.Join(t.TempDir(), "config")
	text := "[profile p]\naws_access_key_id = AKIA\naws_secret_access_key = x\nregion = " + region + "\n"
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	config, err := profile.Load(profile.Files{Config: profile.File{Path: path}})
	if err != nil {
		t.Fatal(err)
	}
	env := func(name string) string { return map[string]string{"AWS_ENDPOINT_URL_IAM": url}[name] }
	chain, err := profile.Resolve(config, profile.Request{Profile: "p", Services: []string{Service}, Env: env})
	if err != nil {
		t.Fatal(err)
	}
	return chain.Services[Service]
}

// signsFor reports whether the SDK's rules sign for a region.
func signsFor(properties smithy.Properties, region string) bool {
	options, _ := auth.GetAuthOptions(&properties)
	if len(options) == 0 {
		return false
	}
	signs, _ := smithyhttp.GetSigV4SigningRegion(&options[0].SignerProperties)
	return signs == region
}
