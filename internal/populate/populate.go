// Package populate keeps a profile for every account and role that a sign-in
// at IAM Identity Center shows, in one block of the AWS config file. It writes
// the form with an sso-session
// (https://docs.aws.amazon.com/sdkref/latest/guide/feature-sso-credentials.html).
//
// What stands outside of the block is not touched. Within it a profile keeps
// what the user added to it, and a section that is no profile of the session
// stays.
package populate

import (
	"slices"

	"assume-role/internal/awsfile"
	"assume-role/internal/fault"
	"assume-role/internal/sso"
	"assume-role/internal/terminal"
)

// Request is what the profiles are made of.
type Request struct {
	// Session is the sso-session's name.
	Session string
	// Accounts are those of the portal.
	Accounts []sso.Account
	// Template makes the names, and Region is that of the profiles; where one
	// is empty, what made the block counts, then DefaultTemplate and
	// DefaultRegion. A Region that is given is put into profiles that have
	// another one, too.
	Template, Region, DefaultRegion string
	// Taken are names of profiles that are elsewhere than in the file: no
	// profile gets one of them.
	Taken []string
	// Prune removes the profiles of roles that the portal shows no more.
	Prune bool
}

// Report is what became of the profiles, by their names.
type Report struct {
	Added, Changed, Removed []string
	// Gone are those whose roles the portal shows no more, which stay.
	Gone []string
	// Edited are those of Removed that somebody had added something to.
	Edited []string
	// Renamed says which profiles did not get the name that the template
	// gives, because the user has one of that name.
	Renamed []string
	// Unchanged counts the others.
	Unchanged int
	// Refused describes accounts and roles whose names no profile can have.
	Refused []string
	// Empty and Hidden are accounts without roles, and those whose roles the
	// portal does not show. What the block has of the latter stays.
	Empty, Hidden []string
}

// Owner is the owner of a session's block.
func Owner(session string) string { return "sso populate " + session }

// Apply edits a config file, so that its block has the profiles. Where it is
// as it should be, nothing changes.
func Apply(f *awsfile.File, r Request) (*Report, error) {
	b, err := open(f, r)
	if err != nil {
		return nil, err
	}
	if err := b.outside(f); err != nil {
		return nil, err
	}
	wanted, err := b.wanted()
	if err != nil {
		return nil, err
	}
	b.name(wanted)
	for _, w := range wanted {
		if err := b.put(w); err != nil {
			return nil, err
		}
	}
	b.prune(wanted)
	return &b.report, f.SetBlock(Owner(r.Session), b.text())
}

// wanted are the profiles to have, by account and role. What cannot be one is
// reported.
func (b *block) wanted() ([]*profile, error) {
	name, err := parseTemplate(b.template)
	if err != nil && b.request.Template == "" { // nobody who runs this has given it
		err = err.At(fault.Origin{Path: b.path}).Fix("give another one with --template: the fields are {account_name}, {account_id}, {role_name} and {session}")
	}
	if err != nil {
		return nil, err
	}
	if err := b.carries(&profile{account: "123456789012", role: "role"}); err != nil {
		return nil, err
	}
	var all []*profile
	for _, a := range b.request.Accounts {
		if problem := unfit(a.Name); problem != "" {
			b.refuse(a.ID, "the name %q of account %s has %s in it", a.Name, a.ID, problem)
			continue
		}
		b.notice(a)
		for _, role := range a.Roles {
			p := &profile{account: a.ID, role: role, base: name(fields{a.Name, a.ID, role, b.request.Session})}
			if problem := b.unfitRole(p); problem != "" {
				b.refuse(a.ID, "the name %q of a role of account %s has %s in it", role, a.ID, problem)
				continue
			}
			all = append(all, p)
		}
	}
	return all, nil
}

// unfitRole says what is in a role's name that keeps it out of the file.
func (b *block) unfitRole(p *profile) string {
	if problem := unfit(p.role); problem != "" {
		return problem
	}
	if terminal.Visible(p.role) != p.role {
		return "a character that does not show"
	}
	if b.carries(p) != nil {
		return "what a file cannot carry"
	}
	return ""
}

// carries reports why a file cannot have a profile with these settings.
func (b *block) carries(p *profile) error {
	_, err := newSection("p", b.settings(p, b.region))
	return err
}

// notice reports accounts that give no profile.
func (b *block) notice(a sso.Account) {
	switch label := label(a); {
	case a.Hidden:
		b.keep = append(b.keep, a.ID)
		b.report.Hidden = append(b.report.Hidden, label)
	case len(a.Roles) == 0:
		b.report.Empty = append(b.report.Empty, label)
	}
}

func label(a sso.Account) string {
	if a.Name == "" {
		return a.ID
	}
	return a.Name + " (" + a.ID + ")"
}

// refuse reports a name. What the block has of the account stays.
func (b *block) refuse(account, format string, args ...any) {
	b.keep = append(b.keep, account)
	b.report.Refused = append(b.report.Refused, fault.New("", format, args...).Message)
}

// put writes one profile into the block.
func (b *block) put(p *profile) error {
	if s := b.find(p.name); s != nil {
		changed, err := s.update(b.settings(p, b.request.Region))
		switch {
		case err != nil:
			return err
		case changed:
			b.report.Changed = append(b.report.Changed, p.name)
		default:
			b.report.Unchanged++
		}
		return nil
	}
	s, err := newSection(p.name, b.settings(p, b.region))
	if err != nil {
		return err
	}
	at := slices.IndexFunc(b.sections, func(other *section) bool { return other.name > s.name })
	if at < 0 {
		at = len(b.sections)
	}
	b.sections = slices.Insert(b.sections, at, s)
	b.report.Added = append(b.report.Added, p.name)
	return nil
}

// prune removes or reports what is in the block and nobody wants.
func (b *block) prune(wanted []*profile) {
	want := map[string]bool{}
	for _, p := range wanted {
		want[p.name] = true
	}
	kept := b.sections[:0:0]
	for _, s := range b.sections {
		switch {
		case want[s.profile()] || !b.owns(s) || slices.Contains(b.keep, s.account):
			kept = append(kept, s)
		case !b.request.Prune:
			kept = append(kept, s)
			b.report.Gone = append(b.report.Gone, s.profile())
		default:
			b.report.Removed = append(b.report.Removed, s.profile())
			if s.edited() {
				b.report.Edited = append(b.report.Edited, s.profile())
			}
		}
	}
	b.sections = kept
}
