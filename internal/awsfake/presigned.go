package awsfake

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
)

const (
	// maxExpires is what AWS takes in X-Amz-Expires, in seconds.
	maxExpires = 7 * 24 * 60 * 60
	// stsExpires is how long STS takes a presigned call, whatever it says
	// itself: clusters of EKS rely on it
	// (https://github.com/kubernetes-sigs/aws-iam-authenticator).
	stsExpires = 15 * time.Minute
)

// parsePresigned reads a signature out of the query
// (https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html).
func parsePresigned(r *request) (signature, error) {
	q := r.URL.Query()
	for _, name := range []string{"X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Date", "X-Amz-Expires", "X-Amz-SignedHeaders", "X-Amz-Signature"} {
		if len(q[name]) != 1 {
			return signature{}, presignedError("Query-string authentication requires each of the Algorithm, Credential, Signature, Date, SignedHeaders and Expires parameters once.")
		}
	}
	seconds, err := strconv.Atoi(q.Get("X-Amz-Expires"))
	scope := strings.Split(q.Get("X-Amz-Credential"), "/")
	switch {
	case q.Get("X-Amz-Algorithm") != sigAlgorithm:
		return signature{}, presignedError("X-Amz-Algorithm only supports " + sigAlgorithm)
	case err != nil || seconds < 1 || seconds > maxExpires:
		return signature{}, presignedError("X-Amz-Expires must be a number of seconds, and less than a week (in seconds)")
	case len(scope) != 5 || scope[4] != "aws4_request":
		return signature{}, presignedError("Error parsing the X-Amz-Credential parameter; the Credential is mal-formed.")
	case r.Header.Get("X-Amz-Security-Token") != "" || len(q["X-Amz-Security-Token"]) > 1:
		return signature{}, presignedError("The security token must be in the query, once.")
	}
	return signature{
		keyID: scope[0], date: scope[1], region: scope[2], service: scope[3],
		signed: strings.Split(q.Get("X-Amz-SignedHeaders"), ";"), value: q.Get("X-Amz-Signature"),
		stamp: q.Get("X-Amz-Date"), token: q.Get("X-Amz-Security-Token"), presigned: time.Duration(seconds) * time.Second,
	}, nil
}

func presignedError(message string) error {
	return &apiError{400, "AuthorizationQueryParametersError", message}
}

// checkExpires refuses a presigned request whose time is up.
func (s signature) checkExpires(at, now time.Time) error {
	switch {
	case s.date != at.Format("20060102"):
		return presignedError("Invalid credential date. It is not the same as X-Amz-Date.")
	case at.After(now.Add(maxSkew)):
		return &apiError{403, "AccessDenied", "Request is not yet valid"}
	case s.service == "sts" && now.After(at.Add(stsExpires)):
		early := now.Add(-stsExpires)
		return mismatch("Signature expired: %s is now earlier than %s (%s - 15 min.)", s.stamp, early.Format(amzTime), now.Format(amzTime))
	case s.service != "sts" && now.After(at.Add(s.presigned)):
		return &apiError{403, "AccessDenied", "Request has expired"}
	}
	return nil
}

// recomputePresigned is recompute for a signature in the query.
func (s signature) recomputePresigned(again *http.Request, keys aws.Credentials, hash string, at time.Time) string {
	q := again.URL.Query()
	q.Del("X-Amz-Signature")
	again.URL.RawQuery = q.Encode()
	text, _, err := v4.NewSigner(s.options).PresignHTTP(context.Background(), keys, again, hash, s.service, s.region, at)
	if err != nil {
		return ""
	}
	u, err := url.Parse(text)
	if err != nil {
		return ""
	}
	return u.Query().Get("X-Amz-Signature")
}

// options are S3's own: it signs a path as it is sent.
func (s signature) options(o *v4.SignerOptions) {
	o.DisableURIPathEscaping = s.service == "s3"
	o.DisableHeaderHoisting = true
}
