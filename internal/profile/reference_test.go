package profile

import (
	"regexp"
	"strings"
)

// reference is the grammar of the AWS files in its plainest form, slow and
// without lines: what the parser must agree with on any input. It returns
// false for a text that breaks the grammar.
type reference struct {
	credentials bool
	profiles    map[string]map[string]string
	// bare are [default]'s settings in a config file.
	bare map[string]string

	started bool
	section map[string]string
	key     string // of the setting above, "" for none
	value   *string
	block   bool
}

var (
	aHeader   = regexp.MustCompile(`^\[[ \t]*(.*?)[ \t]*\][ \t]*([#;].*)?$`)
	aPrefixed = regexp.MustCompile(`^(profile|sso-session|services)[ \t]+(.*)$`)
	aComment  = regexp.MustCompile(`[ \t][#;].*$`)
	aSetting  = regexp.MustCompile(`^[ \t]*([^=]*?)[ \t]*=[ \t]*(.*?)[ \t]*$`)
	aKey      = regexp.MustCompile(`^[A-Za-z0-9_\-/.%@:+]+$`)
	inQuotes  = regexp.MustCompile(`^(?:".*"|'.*')$`)
	shellPart = `'([^']*)'|"((?:[^"\\]|\\.)*)"|([^'" \t\\])`
	aPart     = regexp.MustCompile(shellPart)
	aWord     = regexp.MustCompile(`^(?:` + shellPart + `)*$`)
	anEscape  = regexp.MustCompile(`\\(["\\])`)
)

func readReference(text string, credentials bool) (map[string]map[string]string, bool) {
	r := &reference{credentials: credentials, profiles: map[string]map[string]string{}}
	for _, line := range strings.Split(text, "\n") {
		if !r.line(strings.TrimSuffix(line, "\r")) {
			return nil, false
		}
	}
	if r.bare != nil && r.profiles["default"] == nil {
		r.profiles["default"] = r.bare
	}
	return r.profiles, true
}

func (r *reference) line(line string) bool {
	switch {
	case strings.Trim(line, " \t") == "", strings.HasPrefix(line, "#"), strings.HasPrefix(line, ";"):
		return true
	case strings.HasPrefix(line, "["):
		return r.header(line)
	case !r.started:
		return false
	case strings.HasPrefix(line, " "), strings.HasPrefix(line, "\t"):
		return r.more(strings.Trim(line, " \t"))
	}
	return r.setting(line)
}

func (r *reference) header(line string) bool {
	m := aHeader.FindStringSubmatch(line)
	if m == nil {
		return false
	}
	r.started, r.section, r.value = true, map[string]string{}, nil
	kind, name := "", m[1]
	if p := aPrefixed.FindStringSubmatch(name); p != nil {
		kind, name = p[1], unquoteReference(p[2])
	}
	switch {
	case name == "" || r.credentials != (kind == "") && name != "default", r.credentials && kind != "":
		return true
	case !r.credentials && kind == "":
		r.bare = orEmpty(r.bare)
		r.section = r.bare
	case kind == "" || kind == "profile":
		r.profiles[name] = orEmpty(r.profiles[name])
		r.section = r.profiles[name]
	}
	return true
}

func unquoteReference(name string) string {
	if !inQuotes.MatchString(name) {
		return name
	}
	if !aWord.MatchString(name) {
		return name[1 : len(name)-1]
	}
	return aPart.ReplaceAllStringFunc(name, func(part string) string {
		m := aPart.FindStringSubmatch(part)
		return m[1] + anEscape.ReplaceAllString(m[2], "$1") + m[3]
	})
}

func orEmpty(m map[string]string) map[string]string {
	if m == nil {
		return map[string]string{}
	}
	return m
}

func (r *reference) setting(line string) bool {
	m := aSetting.FindStringSubmatch(aComment.ReplaceAllString(line, ""))
	if m == nil || m[1] == "" {
		return false
	}
	r.key, r.block = strings.ToLower(m[1]), m[2] == ""
	value := m[2]
	r.value = &value
	r.store()
	return true
}

func (r *reference) more(text string) bool {
	if r.value == nil {
		return false
	}
	if m := aSetting.FindStringSubmatch(text); r.block && (m == nil || m[1] == "") {
		return false
	}
	*r.value += "\n" + text
	r.store()
	return true
}

func (r *reference) store() {
	if aKey.MatchString(r.key) && r.key != "-" {
		r.section[r.key] = *r.value
	}
}
