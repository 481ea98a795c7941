package awsfake

import (
	"regexp"
	"slices"
	"strings"
)

// The condition keys that the fake enforces, in lower case: AWS does not tell
// their cases apart.
const (
	issueTimeKey      = "aws:tokenissuetime"
	userIDKey         = "aws:userid"
	sourceIdentityKey = "aws:sourceidentity"
	principalARNKey   = "aws:principalarn"
)

const dateLessThan = "DateLessThan"

// operators lists what a condition key can be compared with here.
func operators(key string) []string {
	switch strings.ToLower(key) {
	case issueTimeKey:
		return []string{dateLessThan}
	case userIDKey, sourceIdentityKey, principalARNKey:
		return []string{"StringEquals", "StringLike", "ArnEquals", "ArnLike"}
	}
	return nil
}

func (d policyDocument) denies(ask permission, has map[string]string) bool {
	return slices.ContainsFunc(d.denials, func(s statement) bool { return s.matches(ask, has) })
}

func (s statement) matches(ask permission, has map[string]string) bool {
	resource := ask.resource
	if resource == "" {
		resource = "*"
	}
	return slices.ContainsFunc(s.Action, func(a string) bool { return wild(strings.ToLower(a), strings.ToLower(ask.action)) }) &&
		slices.ContainsFunc(s.Resource, func(r string) bool { return wild(r, resource) }) &&
		s.holds(has)
}

// holds reports whether all conditions do: of every operator, every key; of a
// key, one value. A key that the request lacks does not hold.
func (s statement) holds(has map[string]string) bool {
	for operator, keys := range s.Condition {
		for key, values := range keys {
			got, there := has[strings.ToLower(key)]
			if !there || !slices.ContainsFunc(values, func(want string) bool { return compare(operator, got, want) }) {
				return false
			}
		}
	}
	return true
}

// compare is one condition operator
// (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html).
func compare(operator, got, want string) bool {
	switch operator {
	case dateLessThan:
		at, _ := moment(got)
		limit, err := moment(want)
		return err == nil && at.Before(limit)
	case "StringEquals":
		return got == want
	case "StringLike":
		return wild(want, got)
	}
	return arnLike(want, got)
}

// arnLike is ArnLike, and ArnEquals, which is the same: each of the six parts
// has wildcards of its own.
func arnLike(pattern, arn string) bool {
	want, got := strings.SplitN(pattern, ":", 6), strings.SplitN(arn, ":", 6)
	if len(want) != 6 || len(got) != 6 {
		return false
	}
	for i := range want {
		if !wild(want[i], got[i]) {
			return false
		}
	}
	return true
}

// wild matches a whole text: * is any run of characters, ? any one.
func wild(pattern, text string) bool {
	expression := regexp.QuoteMeta(pattern)
	expression = strings.NewReplacer(`\*`, ".*", `\?`, ".").Replace(expression)
	return regexp.MustCompile("^(?s:" + expression + ")$").MatchString(text)
}
