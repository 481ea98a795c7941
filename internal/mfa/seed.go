package mfa

import (
	"encoding/base32"
	"net/url"
	"strings"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"

	"assume-role/internal/creds"
	"assume-role/internal/fault"
)

// Seed is what a virtual device makes its codes from (RFC 6238): six digits
// every 30 seconds, as AWS has them
// (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa_enable_virtual.html).
type Seed struct {
	// Secret is the shared key in base32: capital letters, no padding.
	Secret creds.Secret
	// Algorithm is SHA1, which AWS uses, SHA256 or SHA512.
	Algorithm string
}

const (
	// minSeed and maxSeed bound a secret, in base32 characters: 80 bits are the
	// fewest that anybody hands out, and six digits are a code, not a secret.
	minSeed = 16
	maxSeed = 1024
	// maxSeedText bounds the text around it, in bytes.
	maxSeedText = 4096
)

// ParseSeed reads what an MFA device is set up with: the secret in base32, in
// groups or small letters as may be, or an otpauth:// URI, the text of the QR
// code. What AWS could not verify is refused. No error quotes the text.
func ParseSeed(text creds.Secret) (Seed, error) {
	given := strings.TrimSpace(text.Reveal())
	switch scheme, _, found := strings.Cut(given, ":"); {
	case len(given) > maxSeedText:
		return Seed{}, badSeed("it is too long")
	case found && strings.EqualFold(scheme, "otpauth-migration"):
		return Seed{}, badSeed("it is an authenticator's export of several accounts")
	case found && strings.EqualFold(scheme, "otpauth"):
		return parseURI(given)
	}
	secret, err := parseBase32(given)
	return Seed{Secret: secret, Algorithm: otp.AlgorithmSHA1.String()}, err
}

// parseURI reads otpauth://totp/LABEL?secret=…
// (https://github.com/google/google-authenticator/wiki/Key-Uri-Format).
func parseURI(text string) (Seed, error) {
	uri, err := url.Parse(text)
	if err != nil { // which quotes the secret
		return Seed{}, badSeed("the otpauth URI cannot be parsed")
	}
	values, err := url.ParseQuery(uri.RawQuery)
	switch {
	case err != nil:
		return Seed{}, badSeed("the otpauth URI cannot be parsed")
	case strings.EqualFold(uri.Host, "hotp"):
		return Seed{}, badSeed("it is of type hotp, whose codes are counted; AWS takes those of type totp")
	case !strings.EqualFold(uri.Host, "totp"):
		return Seed{}, badSeed("the otpauth URI is not of type totp")
	}
	for _, name := range []string{"secret", "algorithm", "digits", "period"} {
		if len(values[name]) > 1 {
			return Seed{}, badSeed("the otpauth URI has more than one " + name)
		}
	}
	algorithm := strings.ToUpper(values.Get("algorithm"))
	switch {
	case algorithm == "":
		algorithm = otp.AlgorithmSHA1.String()
	case !known(algorithm):
		return Seed{}, badSeed("its algorithm is none of SHA1, SHA256 and SHA512")
	}
	switch digits, every := values.Get("digits"), values.Get("period"); {
	case digits != "" && digits != "6":
		return Seed{}, badSeed("its codes do not have 6 digits, and AWS takes no others")
	case every != "" && every != "30":
		return Seed{}, badSeed("its codes do not change every 30 seconds, as AWS's devices do")
	}
	secret, err := parseBase32(values.Get("secret"))
	return Seed{Secret: secret, Algorithm: algorithm}, err
}

// parseBase32 returns the secret in one form, so that the same is equal.
func parseBase32(text string) (creds.Secret, error) {
	bare := strings.Map(func(r rune) rune {
		if strings.ContainsRune(" \t-", r) {
			return -1
		}
		return r
	}, text)
	bare = strings.ToUpper(strings.TrimRight(bare, "="))
	_, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(bare)
	switch {
	case bare == "":
		return "", badSeed("it is empty")
	case err != nil:
		return "", badSeed("it is not base32 (letters and the digits 2 to 7)")
	case strings.ContainsRune("\x01\x03\x06", rune(len(bare)%8)): // which package base32 passes over
		return "", badSeed("it is not base32: characters are missing")
	case len(bare) < minSeed:
		return "", badSeed("it is too short for one")
	case len(bare) > maxSeed:
		return "", badSeed("it is too long")
	}
	return creds.Secret(bare), nil
}

func badSeed(why string) error {
	return fault.New(fault.InvalidValue, "this is no TOTP secret of an AWS MFA device: %s", why).
		Fix(`give the secret that AWS shows for "authenticator app", or the otpauth://totp/ URI of its QR code`)
}

// known reports whether codes can be made with the algorithm.
func known(algorithm string) bool {
	_, ok := algorithmOf(algorithm)
	return ok
}

func algorithmOf(name string) (otp.Algorithm, bool) {
	for _, a := range []otp.Algorithm{otp.AlgorithmSHA1, otp.AlgorithmSHA256, otp.AlgorithmSHA512} {
		if a.String() == name {
			return a, true
		}
	}
	return 0, false
}

// Code is the code that the device shows at that time.
func (s Seed) Code(at time.Time) (creds.Secret, error) {
	algorithm, ok := algorithmOf(s.Algorithm)
	if !ok {
		return "", badSeed("its algorithm is none of SHA1, SHA256 and SHA512")
	}
	code, err := totp.GenerateCodeCustom(s.Secret.Reveal(), at, totp.ValidateOpts{
		Period: uint(period / time.Second), Digits: otp.DigitsSix, Algorithm: algorithm,
	})
	if err != nil { // only base32's, without the text
		return "", badSeed("it is not base32")
	}
	return creds.Secret(code), nil
}
