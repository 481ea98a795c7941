package awsfake

import (
	"encoding/json"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

func (c *iamCall) policyName() string { return c.name("PolicyName", 128, true) }

// putPolicy is PutRolePolicy and PutUserPolicy
// (https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutRolePolicy.html).
func (c *iamCall) putPolicy(find func() (entity, error)) (any, error) {
	name := c.policyName()
	text := c.text("PolicyDocument", limit{required: true, min: 1, max: 131072, pattern: `[\x{0009}\x{000A}\x{000D}\x{0020}-\x{00FF}]+`})
	e, err := find()
	if err != nil {
		return nil, err
	}
	document, err := parsePolicy(text)
	if err != nil {
		return nil, err
	}
	if e.protected {
		return nil, unmodifiable(e)
	}
	if c.sizeWith(e, name, text) > e.room {
		return nil, &apiError{409, "LimitExceeded", "Maximum policy size of " + strconv.Itoa(e.room) + " bytes exceeded for " + e.kind + " " + e.name}
	}
	c.iam.put(e.arn, name, document, c.iam.propagation)
	return nil, nil
}

// sizeWith is how many characters the policies of an entity have once a text
// has replaced the policy of its name; white space does not count.
func (c *iamCall) sizeWith(e entity, name, text string) int {
	size := characters(text)
	for other, document := range c.iam.inline(e.arn).now {
		if other != name {
			size += characters(document.text)
		}
	}
	return size
}

func characters(text string) int {
	return utf8.RuneCountInString(strings.Join(strings.FieldsFunc(text, unicode.IsSpace), ""))
}

func unmodifiable(e entity) error {
	return &apiError{400, "UnmodifiableEntity", "Cannot perform the operation on the protected role '" + e.name + "' - this role is only modifiable by AWS"}
}

// policyXML is the result of GetRolePolicy and GetUserPolicy.
type policyXML struct {
	RoleName, UserName string `xml:",omitempty"`
	PolicyName         string
	PolicyDocument     string
}

// getPolicy is GetRolePolicy and GetUserPolicy
// (https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetRolePolicy.html).
func (c *iamCall) getPolicy(find func() (entity, error)) (any, error) {
	name := c.policyName()
	e, err := find()
	if err != nil {
		return nil, err
	}
	document, ok := c.iam.inline(e.arn).now[name]
	if !ok {
		return nil, noSuchPolicy(e, name)
	}
	result := policyXML{PolicyName: name, PolicyDocument: encoded(document.text)}
	if e.kind == "role" {
		result.RoleName = e.name
	} else {
		result.UserName = e.name
	}
	return result, nil
}

func noSuchPolicy(e entity, name string) error {
	return noSuch("The %s policy with name %s cannot be found.", e.kind, name)
}

// deletePolicy is DeleteRolePolicy and DeleteUserPolicy
// (https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteRolePolicy.html).
func (c *iamCall) deletePolicy(find func() (entity, error)) (any, error) {
	name := c.policyName()
	e, err := find()
	if err != nil {
		return nil, err
	}
	if e.protected {
		return nil, unmodifiable(e)
	}
	if _, ok := c.iam.inline(e.arn).now[name]; !ok {
		return nil, noSuchPolicy(e, name)
	}
	c.iam.remove(e.arn, name, c.iam.propagation)
	return nil, nil
}

// listPolicies is ListRolePolicies and ListUserPolicies
// (https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListRolePolicies.html).
func (c *iamCall) listPolicies(find func() (entity, error)) (any, error) {
	p := c.page()
	e, err := find()
	if err != nil {
		return nil, err
	}
	names, end, err := cutPage(p, slices.Sorted(maps.Keys(c.iam.inline(e.arn).now)))
	return struct {
		PolicyNames members[string]
		pageEnd
	}{names, end}, err
}

// encoded is a policy as IAM's answers have it: percent-encoded by RFC 3986.
func encoded(document string) string {
	return strings.ReplaceAll(url.QueryEscape(document), "+", "%20")
}

// trustPolicy is the policy that lets in whom trusts does.
func (r *role) trustPolicy() string {
	principals := r.Principals
	if len(principals) == 0 {
		principals = []string{"*"}
	}
	conditions := map[string]map[string]string{}
	if r.ExternalID != "" {
		conditions["StringEquals"] = map[string]string{"sts:ExternalId": r.ExternalID}
	}
	if r.RequireMFA {
		conditions["Bool"] = map[string]string{"aws:MultiFactorAuthPresent": "true"}
	}
	statement := map[string]any{
		"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": map[string]any{"AWS": principals},
	}
	if len(conditions) > 0 {
		statement["Condition"] = conditions
	}
	text, _ := json.Marshal(map[string]any{"Version": "2012-10-17", "Statement": []any{statement}}) // strings only
	return string(text)
}
