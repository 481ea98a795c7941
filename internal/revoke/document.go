package revoke

import (
	"encoding/json"
	"time"
)

// The keys of a policy's conditions that tell sessions apart
// (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html).
const (
	issueTime      = "aws:TokenIssueTime"
	userID         = "aws:userid"
	sourceIdentity = "aws:SourceIdentity"
)

const policyVersion = "2012-10-17"

// denial is the policy as the IAM console writes it.
type denial struct {
	Version   string
	Statement []statement
}

type statement struct {
	Effect    string
	Action    []string
	Resource  []string
	Condition conditions
}

// conditions are values by operator and key.
type conditions map[string]map[string]string

// narrowed are the conditions that choose these sessions among all of a
// subject's. A session's user id ends in its name, and no name holds a colon.
func (s Sessions) narrowed() conditions {
	switch {
	case s.Name != "":
		return conditions{"StringLike": {userID: "*:" + s.Name}}
	case s.SourceIdentity != "":
		return conditions{"StringEquals": {sourceIdentity: s.SourceIdentity}}
	}
	return conditions{}
}

// Document is the inline policy that denies everything to the sessions issued
// before a moment. Only requests signed with a session have aws:TokenIssueTime,
// so a user's long-lived keys are not touched.
func Document(s Sessions, before time.Time) string {
	when := s.narrowed()
	when["DateLessThan"] = map[string]string{issueTime: before.UTC().Format(time.RFC3339)}
	return text(denial{policyVersion, []statement{{"Deny", anything(), anything(), when}}})
}

func anything() []string { return []string{"*"} }

// text is the JSON of what always has one.
func text(v any) string {
	out, _ := json.Marshal(v)
	return string(out)
}
