package profile

import "assume-role/internal/shellword"

// sectionKind tells the sections of the AWS files apart. Others than these
// (plugins, preview, a profile without its prefix) are ignored in the config
// file, as in the SDKs.
type sectionKind uint8

const (
	ignoredSection sectionKind = iota
	profileSection
	// bareDefault is [default] of the config file, which any [profile
	// default] there replaces.
	bareDefault
	ssoSection
	servicesSection
)

// inBrackets returns the trimmed text of a section header, or false where
// the header is not closed: behind its ] only a comment may follow. The text
// may hold ] and comment characters itself.
func inBrackets(line string) (string, bool) {
	line = trim(line)
	for i := 1; i < len(line); i++ {
		if line[i] != ']' {
			continue
		}
		if rest := trimLeft(line[i+1:]); rest == "" || rest[0] == '#' || rest[0] == ';' {
			return trim(line[1:i]), true
		}
	}
	return "", false
}

// configSection reads a header of the config file.
func configSection(text string) (sectionKind, string) {
	if text == defaultProfile {
		return bareDefault, text
	}
	kind, name := prefixed(text)
	return kind, shellword.Unquote(name)
}

// credentialsSection reads a header of the credentials file, where a profile
// has no prefix, and what has one of the config file's is ignored.
func credentialsSection(text string) (sectionKind, string) {
	if kind, _ := prefixed(text); kind != ignoredSection || text == "" {
		return ignoredSection, ""
	}
	return profileSection, text
}

// prefixed reads a header of two words: what it is, and the name.
func prefixed(text string) (sectionKind, string) {
	word, name := cutWord(text)
	switch {
	case shellword.Unquote(name) == "":
		return ignoredSection, ""
	case word == "profile":
		return profileSection, name
	case word == "sso-session":
		return ssoSection, name
	case word == "services":
		return servicesSection, name
	}
	return ignoredSection, ""
}

const defaultProfile = "default"

// cutWord splits at the first blank.
func cutWord(text string) (word, rest string) {
	for i := range len(text) {
		if isBlank(text[i]) {
			return text[:i], trim(text[i:])
		}
	}
	return text, ""
}
