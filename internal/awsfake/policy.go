package awsfake

import (
	"bytes"
	"compress/flate"
	"encoding/json"
	"fmt"
	"strings"
)

const (
	// maxPolicy is the plain-text limit of a session policy where the API's
	// model has one: everywhere but AssumeRole.
	maxPolicy     = 2048
	maxPolicyARNs = 10
	// packedTags and packedPolicy are what AWS's packed form has room for. AWS
	// documents neither: the first is what 9 tags of 252 bytes at 498 % tell,
	// the second a guess of the same order.
	packedTags   = 455
	packedPolicy = 1024
)

// sessionPolicy is Policy and PolicyArns as a call carries them.
type sessionPolicy struct {
	text string
	arns []string
}

// sessionPolicy reads the two; longest is the model's limit, 0 for none.
func (c *stsCall) sessionPolicy(longest int) sessionPolicy {
	if longest == 0 {
		longest = len(c.get("Policy"))
	}
	p := sessionPolicy{
		text: c.text("Policy", limit{min: 1, max: longest, pattern: `[\x{0009}\x{000A}\x{000D}\x{0020}-\x{00FF}]+`}),
		arns: c.list("PolicyArns", "arn"),
	}
	c.atMost(maxPolicyARNs, "PolicyArns", p.arns)
	for _, arn := range p.arns {
		c.check(arn, "policyArns.member.arn", limit{min: 20, max: 2048})
	}
	return p
}

// check refuses a policy without the grammar of one, and managed policies
// of an account or partition other than the session's.
func (p sessionPolicy) check(partition, account string) error {
	var document struct {
		Version   string
		Statement json.RawMessage
	}
	if p.text != "" {
		if err := json.Unmarshal([]byte(p.text), &document); err != nil {
			return &apiError{400, "MalformedPolicyDocument", "This policy contains invalid Json"}
		}
		if len(document.Statement) == 0 {
			return &apiError{400, "MalformedPolicyDocument", "Syntax errors in policy."}
		}
	}
	for _, arn := range p.arns {
		own := strings.HasPrefix(arn, "arn:"+partition+":iam::"+account+":policy/")
		if !own && !strings.HasPrefix(arn, "arn:"+partition+":iam::aws:policy/") {
			return validationError("ARN %s is not valid.", arn)
		}
	}
	return nil
}

// packedSize returns PackedPolicySize, in percent of what a session has room
// for, and refuses what is over 100.
func packedSize(p sessionPolicy, tags []tag) (percent int, err error) {
	size := 0
	for _, t := range tags {
		size += len(t.key) + len(t.value)
	}
	percent = size * 100 / packedTags
	if percent > 100 {
		return 0, packedTooLarge("Packed size of session tags consumes", percent, "")
	}
	if p.text != "" || len(p.arns) > 0 {
		percent += (packed(p) * 100) / packedPolicy
	}
	if percent > 100 {
		return 0, packedTooLarge("Packed policy consumes", percent, ", please use smaller policy")
	}
	return percent, nil
}

func packed(p sessionPolicy) int {
	var out bytes.Buffer
	z, _ := flate.NewWriter(&out, flate.BestCompression) // the level is a right one
	_, _ = z.Write([]byte(p.text + strings.Join(p.arns, ",")))
	_ = z.Close()
	return out.Len()
}

func packedTooLarge(what string, percent int, advice string) error {
	return &apiError{400, "PackedPolicyTooLarge", fmt.Sprintf("%s %d%% of allotted space%s.", what, percent, advice)}
}
