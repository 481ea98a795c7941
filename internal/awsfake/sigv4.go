package awsfake

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
)

const (
	sigAlgorithm = "AWS4-HMAC-SHA256"
	amzTime      = "20060102T150405Z"
	// maxSkew is how far a signature's time may be from STS's.
	maxSkew = 5 * time.Minute
)

// signature is a parsed Authorization header, or what stands for it in a query.
type signature struct {
	keyID, date, region, service string
	signed                       []string
	value                        string
	// stamp is the time of the signature, token the session's, as they were
	// sent.
	stamp, token string
	// presigned is how long a request that is signed in its query says that it
	// is good for; 0 for one signed in its headers.
	presigned time.Duration
}

// parseSignature reads
//
//	AWS4-HMAC-SHA256 Credential=KEY/DATE/REGION/SERVICE/aws4_request, SignedHeaders=a;b, Signature=HEX
func parseSignature(r *request) (signature, error) {
	header, inQuery := r.Header.Get("Authorization"), r.URL.Query().Has("X-Amz-Signature")
	switch {
	case header != "" && inQuery:
		return signature{}, &apiError{400, "InvalidArgument", "Only one auth mechanism allowed"}
	case inQuery:
		return parsePresigned(r)
	case header == "":
		return signature{}, &apiError{403, "MissingAuthenticationToken", "Request is missing Authentication Token"}
	}
	rest, ok := strings.CutPrefix(header, sigAlgorithm+" ")
	parts := map[string]string{}
	for part := range strings.SplitSeq(rest, ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(part), "=")
		parts[name] = value
	}
	scope := strings.Split(parts["Credential"], "/")
	if !ok || len(scope) != 5 || scope[4] != "aws4_request" || parts["SignedHeaders"] == "" || parts["Signature"] == "" {
		return signature{}, &apiError{400, "IncompleteSignature", "Authorization header requires 'Credential', 'SignedHeaders' and 'Signature' parameters."}
	}
	return signature{
		keyID: scope[0], date: scope[1], region: scope[2], service: scope[3],
		signed: strings.Split(parts["SignedHeaders"], ";"), value: parts["Signature"],
		stamp: r.Header.Get("X-Amz-Date"), token: r.Header.Get("X-Amz-Security-Token"),
	}, nil
}

// authenticate finds out who signed a request to a service and whether the
// keys are still good.
func (w *world) authenticate(r *request, service string) (*principal, error) {
	sig, err := parseSignature(r)
	if err != nil {
		return nil, err
	}
	key, err := w.keyFor(sig.keyID, sig.token)
	if err != nil {
		return nil, err
	}
	now := w.clock.now()
	if err := sig.verify(r, key, service, now); err != nil {
		return nil, err
	}
	if key.token != "" && !now.Before(key.expires) {
		return nil, &apiError{403, "ExpiredToken", "The security token included in the request is expired"}
	}
	key.used = &keyUse{now, sig.service, sig.region}
	return key.owner, nil
}

// keyFor finds an active key; a session's needs its token, a long-lived one
// must have none.
func (w *world) keyFor(id, token string) (*accessKey, error) {
	key := w.keys[id]
	if key == nil || key.status.seen() != activeKey || subtle.ConstantTimeCompare([]byte(key.token), []byte(token)) != 1 {
		return nil, invalidToken()
	}
	return key, nil
}

func invalidToken() error {
	return &apiError{403, "InvalidClientTokenId", "The security token included in the request is invalid."}
}

func mismatch(format string, args ...any) error {
	return &apiError{403, "SignatureDoesNotMatch", fmt.Sprintf(format, args...)}
}

func (s signature) verify(r *request, key *accessKey, service string, now time.Time) error {
	if err := s.checkScope(r, service); err != nil {
		return err
	}
	at, err := time.Parse(amzTime, s.stamp)
	if err != nil {
		return &apiError{400, "IncompleteSignature", "Date must be in ISO-8601 'basic format'. Got '" + s.stamp + "'."}
	}
	check := s.checkTime
	if s.presigned > 0 {
		check = s.checkExpires
	}
	if err := check(at, now); err != nil {
		return err
	}
	hash, err := s.bodyHash(r)
	if err != nil {
		return err
	}
	if subtle.ConstantTimeCompare([]byte(s.recompute(r, key, hash, at)), []byte(s.value)) != 1 {
		return mismatch("The request signature we calculated does not match the signature you provided. " +
			"Check your AWS Secret Access Key and signing method. Consult the service documentation for details.")
	}
	return nil
}

// checkScope holds the signature to the service and to the headers that must be
// part of it.
func (s signature) checkScope(r *request, service string) error {
	if s.service != service {
		return mismatch("Credential should be scoped to correct service: '%s'.", service)
	}
	must := []string{"Host"}
	for name := range r.Header {
		if strings.HasPrefix(name, "X-Amz-") {
			must = append(must, name)
		}
	}
	if s.presigned == 0 && !slices.Contains(must, "X-Amz-Date") {
		must = append(must, "X-Amz-Date")
	}
	for _, name := range must {
		if !slices.Contains(s.signed, strings.ToLower(name)) {
			return mismatch("'%s' must be a 'SignedHeader' in the AWS Authorization.", name)
		}
	}
	return nil
}

// checkTime refuses what was signed over five minutes ago or ahead.
func (s signature) checkTime(at, now time.Time) error {
	stamp := at.Format(amzTime)
	switch early, late := now.Add(-maxSkew), now.Add(maxSkew); {
	case s.date != at.Format("20060102"):
		return mismatch("Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '%s' != '%s', from '%s'.",
			s.date, at.Format("20060102"), stamp)
	case at.Before(early):
		return mismatch("Signature expired: %s is now earlier than %s (%s - 5 min.)", stamp, early.Format(amzTime), now.Format(amzTime))
	case at.After(late):
		return mismatch("Signature not yet current: %s is still later than %s (%s + 5 min.)", stamp, late.Format(amzTime), now.Format(amzTime))
	}
	return nil
}

// recompute signs the same request again, with the secret and token that AWS
// knows and exactly the headers that the client says it signed.
func (s signature) recompute(r *request, key *accessKey, hash string, at time.Time) string {
	again := &http.Request{
		Method: r.Method, Host: r.Host, Header: http.Header{},
		URL: &url.URL{Scheme: "http", Host: r.Host, Path: r.URL.Path, RawPath: r.URL.RawPath, RawQuery: r.URL.RawQuery},
	}
	for _, name := range s.signed {
		switch name {
		case "host": // taken from Host
		case "content-length":
			again.ContentLength = r.ContentLength
		default:
			again.Header[http.CanonicalHeaderKey(name)] = r.Header.Values(name)
		}
	}
	keys := aws.Credentials{AccessKeyID: key.id, SecretAccessKey: key.secret, SessionToken: key.token}
	if s.presigned > 0 {
		return s.recomputePresigned(again, keys, hash, at)
	}
	if err := v4.NewSigner(s.options).SignHTTP(context.Background(), keys, again, hash, s.service, s.region, at); err != nil {
		return ""
	}
	_, value, _ := strings.Cut(again.Header.Get("Authorization"), "Signature=")
	return value
}

const unsignedPayload = "UNSIGNED-PAYLOAD"

// bodyHash is what was signed of the body. S3 wants to be told, or, of a
// presigned request, takes any body; a header that is there must be true.
func (s signature) bodyHash(r *request) (string, error) {
	sum := sha256.Sum256(r.body)
	hash, told := hex.EncodeToString(sum[:]), r.Header.Get("X-Amz-Content-Sha256")
	switch {
	case s.service == "s3" && s.presigned > 0, s.service == "s3" && told == unsignedPayload:
		return unsignedPayload, nil
	case s.service == "s3" && told == "":
		return "", &apiError{400, "InvalidRequest", "Missing required header for this request: x-amz-content-sha256"}
	case told != "" && told != hash:
		return "", &apiError{400, "XAmzContentSHA256Mismatch", "The provided 'x-amz-content-sha256' header does not match what was computed."}
	}
	return hash, nil
}
