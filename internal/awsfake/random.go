package awsfake

import "crypto/rand"

// The alphabets of AWS's identifiers (IAM User Guide, "IAM identifiers") and
// of secrets. '/' and '+' are in on purpose: they are what breaks quoting.
const (
	idAlphabet     = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
	secretAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/+"
)

// randomText returns n random letters of an alphabet whose length divides 256,
// so that every letter is as likely as any other.
func randomText(n int, alphabet string) string {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails: crypto/rand ends the program instead
	for i := range b {
		b[i] = alphabet[int(b[i])%len(alphabet)]
	}
	return string(b)
}

// newID returns an identifier such as AKIA… or AROA…, 20 characters long.
func newID(prefix string) string { return prefix + randomText(20-len(prefix), idAlphabet) }

// newRequestID returns the UUID that AWS gives every answer.
func newRequestID() string {
	const hex = "0123456789abcdef"
	return randomText(8, hex) + "-" + randomText(4, hex) + "-4" + randomText(3, hex) +
		"-8" + randomText(3, hex) + "-" + randomText(12, hex)
}
