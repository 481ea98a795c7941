package output

import (
	"bytes"
	"strings"

	"assume-role/internal/creds"
)

// ini is a section of the shared credentials file
// (https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html). The
// expiry is for people and other tools; AWS's own pass over it.
func ini() Format {
	return Format{"ini", "a section for the shared credentials file", false, renderINI}
}

func renderINI(text *bytes.Buffer, p Payload) error {
	if reason := refuseSection(p.Profile); reason != "" {
		return &Unrepresentable{"ini", "profile", reason}
	}
	text.WriteString("[" + p.Profile + "]\n")
	c := p.Credentials
	for _, v := range []creds.Variable{
		{Name: "aws_access_key_id", Value: creds.Secret(c.AccessKeyID)},
		{Name: "aws_secret_access_key", Value: c.SecretAccessKey},
		{Name: "aws_session_token", Value: c.SessionToken},
		{Name: "aws_credential_expiration", Value: creds.Secret(c.ExpirationText())},
		{Name: "region", Value: creds.Secret(p.Region)},
	} {
		if v.Value == "" {
			continue
		}
		if reason := refuseINI(v.Value.Reveal()); reason != "" {
			return &Unrepresentable{"ini", v.Name, reason}
		}
		text.WriteString(v.Name + " = " + v.Value.Reveal() + "\n")
	}
	return nil
}

// refuseINI refuses what the file's readers would not give back: they trim
// values, know no quotes and end a value at a blank with a # or ; after it.
func refuseINI(value string) string {
	blank := " " + strings.ReplaceAll(value, "\t", " ")
	switch {
	case strings.TrimSpace(value) != value:
		return "white space at an end"
	case strings.Contains(blank, " #"), strings.Contains(blank, " ;"):
		return "the start of a comment"
	case strings.ContainsFunc(value, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }):
		return "a control character"
	}
	return onlyText(value)
}

// refuseSection refuses what cannot be the name of a section.
func refuseSection(name string) string {
	switch {
	case name == "":
		return "nothing"
	case strings.ContainsAny(name, "[]"):
		return "a bracket"
	}
	return refuseINI(name)
}
