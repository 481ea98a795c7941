package profile

import (
	"bytes"
	"encoding/json"
	"strings"
	"unicode/utf8"
)

// maxPolicy is how many characters of session policies STS takes, inline and
// managed ones together; AssumeRole takes more of late.
const (
	maxPolicy     = 2048
	maxPolicyARNs = 10
)

// minifyPolicy checks that a session policy is a JSON object in the
// characters that STS takes and returns it without white space.
func minifyPolicy(g given) (string, error) {
	var out bytes.Buffer
	text := strings.TrimSpace(g.Text)
	if err := json.Compact(&out, []byte(text)); err != nil || !strings.HasPrefix(text, "{") {
		return "", g.invalid("is not a JSON object").Because(err).Fix(`write a policy document: {"Version":"2012-10-17","Statement":[…]}`)
	}
	for _, r := range out.String() {
		if r > 0xff || r < ' ' || r == utf8.RuneError {
			return "", g.invalid("holds %q", r).Fix("AWS takes characters up to U+00FF in a session policy")
		}
	}
	return out.String(), nil
}

// policyLength counts what STS's limit counts.
func policyLength(policy string, arns []string) int {
	n := utf8.RuneCountInString(policy)
	for _, a := range arns {
		n += len(a)
	}
	return n
}

// owner is whose session a call makes, as far as the plan knows; the account
// may be empty.
type owner struct{ partition, account string }

// checkPolicyARNs wants managed policies of AWS or of the owner's account, in
// the owner's partition.
func checkPolicyARNs(g given, arns []string, of owner) error {
	if len(arns) > maxPolicyARNs {
		return g.invalid("names %d policies", len(arns)).Fix("AWS takes %d at most", maxPolicyARNs)
	}
	for _, text := range arns {
		a, ok := parseARN(text)
		switch {
		case !ok || !a.isPolicy():
			return g.invalid("has %q, which is not a managed policy's ARN", text).Fix("write arn:aws:iam::aws:policy/NAME or arn:aws:iam::ACCOUNT:policy/NAME")
		case a.partition != of.partition:
			return g.invalid("has %q, which is not of the partition %s", text, of.partition).Fix("write arn:%s:iam::aws:policy/NAME", of.partition)
		case a.account != "aws" && of.account != "" && a.account != of.account:
			return g.invalid("has %q, which is of another account than the session", text).Fix("AWS takes its own policies and those of account %s", of.account)
		}
	}
	return nil
}

func (a arn) isPolicy() bool {
	if a.account == "aws" {
		a.account = "000000000000"
	}
	return a.isIAM("policy/")
}

// managedPolicyARN is the ARN of one of AWS's managed policies in a partition.
func managedPolicyARN(partition, name string) string {
	return "arn:" + partition + ":iam::aws:policy/" + name
}
