package cmd

import (
	"fmt"
	"os"
	"os/user"
	"strings"

	"assume-role/internal/fault"
)

// The limits of AWS on RoleSessionName
// (https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html).
const (
	sessionNameLeast = 2
	sessionNameMost  = 64
)

// sessionNamer makes the role session name where a profile sets none. It is
// the same for every call of a person, so that CloudTrail shows who it was and
// a cached session is found again. A template that leaves no name is an error;
// the built-in one always leaves one, and who the user is is looked up only
// when a name is needed.
func sessionNamer(host Host, template, profile string) (func() string, error) {
	if template == "" {
		return func() string { return cleanSessionName(userName(host) + "@" + hostName()) }, nil
	}
	name := cleanSessionName(braces(host, os.Expand(template, host.Getenv), profile))
	if len(name) < sessionNameLeast {
		return nil, fault.New(fault.InvalidValue, "session.name %q leaves nothing that STS takes as a session name", template).
			Fix("use {user}, {host}, {profile} or letters and digits")
	}
	return func() string { return name }, nil
}

// sessionNameTemplate refuses a template with a place that nothing fills.
func sessionNameTemplate(s *Settings, template string) error {
	literal := os.Expand(template, func(string) string { return "" })
	literal = strings.NewReplacer("{user}", "", "{host}", "", "{profile}", "").Replace(literal)
	if i := strings.IndexAny(literal, "{}"); i >= 0 {
		return fmt.Errorf("has %q, which is none of {user}, {host}, {profile} and ${VARIABLE}", literal[i:])
	}
	s.SessionName = template
	return nil
}

func braces(host Host, template, profile string) string {
	return strings.NewReplacer("{user}", userName(host), "{host}", hostName(), "{profile}", profile).Replace(template)
}

func userName(host Host) string {
	if name := firstOf(host.Getenv("USER"), host.Getenv("LOGNAME"), host.Getenv("USERNAME")); name != "" {
		return name
	}
	if me, err := user.Current(); err == nil {
		return me.Username[strings.LastIndexByte(me.Username, '\\')+1:]
	}
	return "user"
}

func hostName() string {
	name, err := os.Hostname()
	if err != nil || name == "" {
		return "localhost"
	}
	return name
}

// cleanSessionName makes text into what STS allows: [\w+=,.@-], 64 at most.
func cleanSessionName(text string) string {
	clean := strings.Map(func(r rune) rune {
		if r < 0x80 && (strings.ContainsRune("+=,.@-_", r) || isAlphanumeric(r)) {
			return r
		}
		return '-'
	}, text)
	return clean[:min(len(clean), sessionNameMost)]
}

func isAlphanumeric(r rune) bool {
	return '0' <= r && r <= '9' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z'
}
