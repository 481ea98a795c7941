package revoke

import (
	"bytes"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"
)

// Before reads the moment back out of a policy. It is strict: of a policy that
// neither Document nor the IAM console writes for these sessions, ok is false.
func Before(document string, s Sessions) (before time.Time, ok bool) {
	var p written
	if strictJSON([]byte(document), &p) != nil || p.Version != policyVersion || len(p.Statement) != 1 {
		return time.Time{}, false
	}
	st := p.Statement[0]
	if st.Effect != "Deny" || !slices.Equal(st.Action, anything()) || !slices.Equal(st.Resource, anything()) {
		return time.Time{}, false
	}
	return st.moment(s)
}

// written is a policy as it may have been written: each list may be a single
// member, and the names of keys know no case.
type written struct {
	Version   string
	ID        string `json:"Id"`
	Statement list[writtenStatement]
}

type writtenStatement struct {
	SID       string `json:"Sid"`
	Effect    string
	Action    list[string]
	Resource  list[string]
	Condition map[string]map[string]list[string]
}

// list is one member or several.
type list[T any] []T

// UnmarshalJSON implements json.Unmarshaler.
func (l *list[T]) UnmarshalJSON(data []byte) error {
	if strings.HasPrefix(string(data), "[") {
		var many []T
		err := strictJSON(data, &many)
		*l = many
		return err
	}
	var one T
	err := strictJSON(data, &one)
	*l = list[T]{one}
	return err
}

// strictJSON reads one value and refuses members that it has no place for.
func strictJSON(data []byte, v any) error {
	if !json.Valid(data) {
		return errors.New("it is not JSON")
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	return d.Decode(v)
}

// moment is the time of a statement whose other conditions choose s.
func (st writtenStatement) moment(s Sessions) (before time.Time, ok bool) {
	got, single := st.conditions()
	when := conditionName("DateLessThan", issueTime)
	before, err := time.Parse(time.RFC3339, got[when])
	if !single || err != nil {
		return time.Time{}, false
	}
	delete(got, when)
	want := map[string]string{}
	for operator, keys := range s.narrowed() {
		for key, value := range keys {
			want[conditionName(operator, key)] = value
		}
	}
	if !maps.Equal(got, want) {
		return time.Time{}, false
	}
	return before.UTC(), true
}

// conditions are the values by operator and key; single is false where a key
// has several values or none.
func (st writtenStatement) conditions() (found map[string]string, single bool) {
	found = map[string]string{}
	for operator, keys := range st.Condition {
		for key, values := range keys {
			if len(values) != 1 {
				return nil, false
			}
			found[conditionName(operator, key)] = values[0]
		}
	}
	return found, true
}

func conditionName(operator, key string) string { return operator + " " + strings.ToLower(key) }
