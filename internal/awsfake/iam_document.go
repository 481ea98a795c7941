package awsfake

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// policyDocument is an inline policy: its text, and what it denies.
type policyDocument struct {
	text    string
	denials []statement
}

// statement is one of a policy. What the fake does not know how to enforce in a
// Deny is refused when the policy is put, so that nothing is silently allowed.
type statement struct {
	Sid                   string
	Effect                string
	Action, NotAction     oneOrMore
	Resource, NotResource oneOrMore
	Principal             json.RawMessage
	NotPrincipal          json.RawMessage
	Condition             map[string]map[string]oneOrMore
}

// oneOrMore is a list whose only member may stand alone.
type oneOrMore []string

// UnmarshalJSON implements json.Unmarshaler.
func (l *oneOrMore) UnmarshalJSON(text []byte) error {
	if bytes.HasPrefix(bytes.TrimSpace(text), []byte{'['}) {
		return json.Unmarshal(text, (*[]string)(l))
	}
	*l = make(oneOrMore, 1)
	return json.Unmarshal(text, &(*l)[0])
}

// statements are one or more.
type statements []statement

// UnmarshalJSON implements json.Unmarshaler.
func (l *statements) UnmarshalJSON(text []byte) error {
	if !bytes.HasPrefix(bytes.TrimSpace(text), []byte{'['}) {
		text = slices.Concat([]byte{'['}, text, []byte{']'})
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	return decoder.Decode((*[]statement)(l))
}

func malformed(format string, args ...any) error {
	return &apiError{400, "MalformedPolicyDocument", fmt.Sprintf(format, args...)}
}

// parsePolicy reads a policy by the grammar of
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html.
func parsePolicy(text string) (policyDocument, error) {
	var document struct {
		Version   string
		ID        string `json:"Id"`
		Statement statements
	}
	if !json.Valid([]byte(text)) {
		return policyDocument{}, malformed("This policy contains invalid Json")
	}
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&document); err != nil || len(document.Statement) == 0 ||
		!slices.Contains([]string{"", "2008-10-17", "2012-10-17"}, document.Version) {
		return policyDocument{}, malformed("Syntax errors in policy.")
	}
	parsed := policyDocument{text: text}
	for _, s := range document.Statement {
		if err := s.check(); err != nil {
			return policyDocument{}, err
		}
		if s.Effect == "Deny" {
			parsed.denials = append(parsed.denials, s)
		}
	}
	return parsed, nil
}

func (s statement) check() error {
	switch {
	case s.Effect != "Allow" && s.Effect != "Deny":
		return malformed("Syntax errors in policy.")
	case s.Principal != nil || s.NotPrincipal != nil:
		return malformed("Policy document should not specify a principal.")
	case len(s.Action)+len(s.NotAction) == 0:
		return malformed("Policy statement must contain actions.")
	case len(s.Resource)+len(s.NotResource) == 0:
		return malformed("Policy statement must contain resources.")
	}
	for _, action := range slices.Concat(s.Action, s.NotAction) {
		if action != "*" && !strings.Contains(action, ":") {
			return malformed("Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.")
		}
	}
	for _, resource := range slices.Concat(s.Resource, s.NotResource) {
		if resource != "*" && !strings.HasPrefix(resource, "arn:") {
			return malformed("Resource %s must be in ARN format or \"*\".", resource)
		}
	}
	if s.Effect == "Deny" {
		return s.enforceable()
	}
	return nil
}

// enforceable refuses a Deny that AWS takes but the fake would not enforce.
func (s statement) enforceable() error {
	all := slices.Concat(s.Action, s.Resource)
	for operator, keys := range s.Condition {
		for key, values := range keys {
			if !slices.Contains(operators(key), operator) {
				return malformed("awsfake does not enforce %s of %s.", operator, key)
			}
			if _, err := moments(values); operator == dateLessThan && err != nil {
				return malformed("Syntax errors in policy.")
			}
			all = append(all, values...)
		}
	}
	if len(s.NotAction)+len(s.NotResource) > 0 {
		return malformed("awsfake does not enforce NotAction and NotResource.")
	}
	if slices.ContainsFunc(all, func(text string) bool { return strings.Contains(text, "${") }) {
		return malformed("awsfake does not enforce policy variables.")
	}
	return nil
}

// moments reads the values of a date condition: ISO 8601, or seconds.
func moments(values []string) ([]time.Time, error) {
	var all []time.Time
	for _, value := range values {
		at, err := moment(value)
		if err != nil {
			return nil, err
		}
		all = append(all, at)
	}
	return all, nil
}

func moment(value string) (time.Time, error) {
	if seconds, err := strconv.ParseInt(value, 10, 64); err == nil {
		return time.Unix(seconds, 0), nil
	}
	for _, layout := range []string{"2006-01-02T15:04Z07:00", time.DateOnly} {
		if at, err := time.Parse(layout, value); err == nil {
			return at, nil
		}
	}
	return time.Parse(time.RFC3339, value)
}
