package populate

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"assume-role/internal/fault"
)

// DefaultTemplate makes the names of profiles where no other one is given.
const DefaultTemplate = "{account_name}-{role_name}"

// profile is one to have: its role, the name that the template gives, and the
// one that it gets.
type profile struct{ account, role, base, name string }

// fields are what a template may name.
type fields struct{ accountName, accountID, roleName, session string }

// CheckTemplate refuses a template that is none.
func CheckTemplate(text string) error {
	if _, err := parseTemplate(text); err != nil {
		return err
	}
	return nil
}

// parseTemplate returns the function that fills a template in, and reduces the
// fields and what comes out to what every SDK takes as a name.
func parseTemplate(text string) (func(fields) string, *fault.Error) {
	if unfit(text) != "" || strings.TrimSpace(text) != text || text == "" {
		return nil, badTemplate(text)
	}
	var parts []func(fields) string
	for rest := text; rest != ""; {
		literal, after, found := strings.Cut(rest, "{")
		parts = append(parts, func(fields) string { return literal })
		if !found {
			break
		}
		name, behind, closed := strings.Cut(after, "}")
		field, known := fieldNamed(name)
		if !closed || !known {
			return nil, badTemplate(text)
		}
		parts = append(parts, field)
		rest = behind
	}
	return func(f fields) string {
		var filled strings.Builder
		for _, part := range parts {
			filled.WriteString(part(f))
		}
		return Reduce(filled.String())
	}, nil
}

func fieldNamed(name string) (func(fields) string, bool) {
	field, known := map[string]func(fields) string{
		"account_name": func(f fields) string { return firstOf(Reduce(f.accountName), f.accountID) },
		"account_id":   func(f fields) string { return f.accountID },
		"role_name":    func(f fields) string { return Reduce(f.roleName) },
		"session":      func(f fields) string { return Reduce(f.session) },
	}[name]
	return field, known
}

func badTemplate(text string) *fault.Error {
	return fault.New(fault.InvalidValue, "%q is no template for names", text).
		Fix("write one such as %s; the fields are {account_name}, {account_id}, {role_name} and {session}", DefaultTemplate)
}

// Reduce leaves of a text the characters that every SDK takes in a name: each
// stretch of others becomes a hyphen, and none is left at the ends.
func Reduce(text string) string {
	var b strings.Builder
	gap := false
	for _, r := range text {
		if !plain(r) {
			gap = true
			continue
		}
		if gap && b.Len() > 0 {
			b.WriteByte('-')
		}
		gap = false
		b.WriteRune(r)
	}
	return strings.Trim(b.String(), "-")
}

func plain(r rune) bool {
	return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || strings.ContainsRune("_.@/+-", r)
}

// longestName is far above what AWS allows accounts (50) and roles (64), in
// bytes.
const longestName = 512

// unfit says what is in a name that nobody gives in good faith: it could be
// read as a line of the file, or as something else than it shows.
func unfit(name string) string {
	switch {
	case len(name) > longestName:
		return fmt.Sprintf("more than %d bytes", longestName)
	case !utf8.ValidString(name):
		return "invalid UTF-8"
	case strings.ContainsAny(name, "\r\n\u0085\u2028\u2029"):
		return "a line break"
	case strings.ContainsFunc(name, unicode.IsControl):
		return "a control character"
	case strings.ContainsAny(name, "[]"):
		return "a bracket"
	}
	return ""
}

// name gives every profile its name: the one that it has in the block, as long
// as the template could have given it that; else the template's; and where that
// is taken, or several would get it, one with the account's id behind it.
func (b *block) name(wanted []*profile) {
	used, times := map[string]bool{}, map[string]int{}
	for _, p := range wanted {
		if p.name = b.kept(p); p.name == "" || used[p.name] {
			p.name = ""
			times[p.base]++
			continue
		}
		used[p.name] = true
	}
	for _, p := range wanted {
		if p.name != "" {
			continue
		}
		for n := 0; p.name == ""; n++ {
			candidate := p.candidate(n)
			if candidate != "" && !used[candidate] && !b.taken[candidate] && (n > 0 || times[p.base] == 1) {
				p.name = candidate
			}
		}
		used[p.name] = true
		if b.taken[p.base] {
			b.report.Renamed = append(b.report.Renamed, fmt.Sprintf("%s in place of %s", p.name, p.base))
		}
	}
}

// candidate is the n-th name for a profile.
func (p *profile) candidate(n int) string {
	switch n {
	case 0:
		return p.base
	case 1:
		return strings.TrimPrefix(p.base+"-"+p.account, "-")
	}
	return p.candidate(1) + "-" + strconv.Itoa(n)
}

// kept is the name that a role has in the block, if it may keep it.
func (b *block) kept(p *profile) string {
	for _, s := range b.sections {
		name := s.profile()
		if b.owns(s) && s.account == p.account && s.role == p.role && !b.taken[name] && p.could(name) {
			return name
		}
	}
	return ""
}

// could reports whether a name is one of the candidates.
func (p *profile) could(name string) bool {
	rest, ok := strings.CutPrefix(name, p.candidate(1))
	n, err := strconv.Atoi(strings.TrimPrefix(rest, "-"))
	return name == p.base && name != "" || ok && (rest == "" || err == nil && n > 1 && rest == "-"+strconv.Itoa(n))
}
