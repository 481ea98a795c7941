package awsfake

import (
	"fmt"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// params reads a query call's parameters and notes each constraint that one
// breaks. AWS reports all of them in one ValidationError.
type params struct {
	form   url.Values
	broken []string
}

func (p *params) has(name string) bool   { return p.form.Has(name) }
func (p *params) get(name string) string { return p.form.Get(name) }

// limit is what the API's model says about one string. An empty pattern allows
// every character.
type limit struct {
	required bool
	min, max int
	pattern  string
}

// text reads a string parameter and holds it to its limit.
func (p *params) text(name string, l limit) string {
	if !p.has(name) {
		if l.required {
			p.breaks("null", name, "Member must not be null")
		}
		return ""
	}
	value := p.get(name)
	p.check(value, name, l)
	return value
}

// check notes what is wrong with a value; the name is as in the API's
// reference.
func (p *params) check(value, name string, l limit) {
	quoted := "'" + value + "'"
	n := utf8.RuneCountInString(value)
	if n < l.min {
		p.breaks(quoted, name, fmt.Sprintf("Member must have length greater than or equal to %d", l.min))
	}
	if n > l.max {
		p.breaks(quoted, name, fmt.Sprintf("Member must have length less than or equal to %d", l.max))
	}
	if l.pattern != "" && !regexp.MustCompile("^(?:"+l.pattern+")$").MatchString(value) {
		p.breaks(quoted, name, "Member must satisfy regular expression pattern: "+l.pattern)
	}
}

// seconds reads DurationSeconds.
func (p *params) seconds(low, high, unset int) time.Duration {
	const name = "DurationSeconds"
	if !p.has(name) {
		return time.Duration(unset) * time.Second
	}
	n, err := strconv.Atoi(p.get(name))
	switch quoted := "'" + p.get(name) + "'"; {
	case err != nil:
		p.breaks(quoted, name, "Member must be a number")
	case n < low:
		p.breaks(quoted, name, fmt.Sprintf("Member must have value greater than or equal to %d", low))
	case n > high:
		p.breaks(quoted, name, fmt.Sprintf("Member must have value less than or equal to %d", high))
	}
	return time.Duration(n) * time.Second
}

// list reads NAME.member.1, NAME.member.2 … with an optional field of each.
func (p *params) list(name, field string) []string {
	var out []string
	for i := 1; ; i++ {
		key := name + ".member." + strconv.Itoa(i)
		if field != "" {
			key += "." + field
		}
		if !p.has(key) {
			return out
		}
		out = append(out, p.get(key))
	}
}

// atMost holds a list to a number of members.
func (p *params) atMost(n int, name string, list []string) {
	if len(list) > n {
		p.breaks("'["+strings.Join(list, ", ")+"]'", name, fmt.Sprintf("Member must have length less than or equal to %d", n))
	}
}

func (p *params) breaks(value, name, constraint string) {
	member := strings.ToLower(name[:1]) + name[1:]
	p.broken = append(p.broken, "Value "+value+" at '"+member+"' failed to satisfy constraint: "+constraint)
}

// err is the ValidationError that lists every broken constraint, or nil.
func (p *params) err() error {
	if len(p.broken) == 0 {
		return nil
	}
	noun := "errors"
	if len(p.broken) == 1 {
		noun = "error"
	}
	return validationError("%d validation %s detected: %s", len(p.broken), noun, strings.Join(p.broken, "; "))
}
