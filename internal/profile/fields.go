package profile

import (
	"strconv"
	"strings"
)

// STS's limits on the parameters of its calls, checked before any call so
// that the error can name the line. See
// https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html.

// isWord reports whether c is what STS's patterns call \w: ASCII only.
func isWord(c byte) bool {
	return c == '_' || '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}

// checkName holds a value to a length and to letters, digits, underscores
// and the characters of extra.
func checkName(g given, shortest, longest int, extra string) error {
	switch n := len(g.Text); {
	case n < shortest:
		return g.invalid("is too short").Fix("AWS takes %d to %d characters", shortest, longest)
	case n > longest:
		return g.invalid("is too long").Fix("AWS takes %d to %d characters", shortest, longest)
	}
	for i := range len(g.Text) {
		if c := g.Text[i]; !isWord(c) && strings.IndexByte(extra, c) < 0 {
			return g.invalid("holds %q", []rune(g.Text[i:])[0]).Fix("AWS takes letters, digits and _%s", extra)
		}
	}
	return nil
}

func checkSessionName(g given) error    { return checkName(g, 2, 64, "+=,.@-") }
func checkSourceIdentity(g given) error { return checkName(g, 2, 64, "+=,.@-") }
func checkExternalID(g given) error     { return checkName(g, 2, 1224, "+=,.@:/-") }
func checkSerial(g given) error         { return checkName(g, 9, 256, "+=/:,.@-") }
func checkFederatedName(g given) error  { return checkName(g, 2, 32, "+=,.@-") }

// checkAccount wants the twelve digits of an account id.
func checkAccount(g given) error {
	if !isAccount(g.Text) {
		return g.invalid("%q is not an account id", g.Text).Fix("write its 12 digits")
	}
	return nil
}

func isAccount(text string) bool { return len(text) == 12 && isDigits(text) }

func isDigits(text string) bool {
	for i := range len(text) {
		if text[i] < '0' || text[i] > '9' {
			return false
		}
	}
	return text != ""
}

// checkRegion keeps what is not a host name's label out of host names.
func checkRegion(g given) error {
	for i := range len(g.Text) {
		if c := g.Text[i]; c != '-' && (c < 'a' || c > 'z') && (c < '0' || c > '9') {
			return g.invalid("%q is not a region", g.Text).Fix("write one such as eu-west-1")
		}
	}
	if len(g.Text) > 63 || g.Text[0] == '-' || g.Text[len(g.Text)-1] == '-' {
		return g.invalid("%q is not a region", g.Text).Fix("write one such as eu-west-1")
	}
	return nil
}

// parseBool reads true or false in any case, as the SDKs do.
func parseBool(g given) (bool, error) {
	switch strings.ToLower(g.Text) {
	case "":
		return false, nil
	case "true":
		return true, nil
	case "false":
		return false, nil
	}
	return false, g.invalid("is %q", g.Text).Fix("write true or false")
}

// checkChoice wants one of a few words.
func checkChoice(g given, words ...string) error {
	for _, word := range words {
		if g.Text == word {
			return nil
		}
	}
	return g.invalid("is %q", g.Text).Fix("write one of: %s", strings.Join(words, ", "))
}

// parseCount reads a whole number of at least one; 0 where none was given.
func parseCount(g given) (int, error) {
	if !g.isSet() {
		return 0, nil
	}
	n, err := strconv.Atoi(g.Text)
	if err != nil || n < 1 {
		return 0, g.invalid("is %q", g.Text).Fix("write a whole number from 1 up")
	}
	return n, nil
}
