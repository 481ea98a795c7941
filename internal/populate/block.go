package populate

import (
	"strings"

	"assume-role/internal/awsfile"
)

// The settings of a profile, and of its session's section.
const (
	keySession = "sso_session"
	keyAccount = "sso_account_id"
	keyRole    = "sso_role_name"
	keyRegion  = "region"
)

// block is the text between the markers, taken apart.
type block struct {
	request Request
	// path is what messages call the file.
	path string
	// template and region are what counts of the request and the block.
	template, region string
	// notes are the user's comments above the first section.
	notes    []string
	sections []*section
	// taken are names that belong to somebody else; keep are accounts whose
	// profiles stay whatever the portal shows.
	taken  map[string]bool
	keep   []string
	report Report
}

// section is one in the block.
type section struct {
	name, text             string
	session, account, role string
}

// The comments at the head of a block.
const (
	headWhat     = "# Profiles of `assume-role sso populate"
	headTemplate = "# template = "
	headRegion   = "# region = "
)

// open reads the block of a session. One whose markers are no pair is an error
// of SetBlock.
func open(f *awsfile.File, r Request) (*block, error) {
	b := &block{request: r, path: f.Name, taken: map[string]bool{}}
	text, _ := f.Block(Owner(r.Session))
	inner, err := awsfile.Parse(string(text))
	if err != nil {
		return nil, err
	}
	inner.Name = f.Name
	head, parts := inner.Parts()
	b.readHead(head)
	b.template = firstOf(r.Template, b.template, DefaultTemplate)
	b.region = firstOf(r.Region, b.region, r.DefaultRegion)
	for _, part := range parts {
		s := &section{name: part.Name, text: part.Text}
		s.session, _ = inner.Get(part.Name, keySession)
		s.account, _ = inner.Get(part.Name, keyAccount)
		s.role, _ = inner.Get(part.Name, keyRole)
		b.sections = append(b.sections, s)
	}
	return b, nil
}

func firstOf(texts ...string) string {
	for _, text := range texts {
		if text != "" {
			return text
		}
	}
	return ""
}

func (b *block) readHead(head string) {
	for line := range strings.Lines(head) {
		line = strings.TrimRight(line, "\r\n")
		template, isTemplate := strings.CutPrefix(line, headTemplate)
		region, isRegion := strings.CutPrefix(line, headRegion)
		switch {
		case isTemplate:
			b.template = template
		case isRegion:
			b.region = region
		case !strings.HasPrefix(line, headWhat):
			b.notes = append(b.notes, line)
		}
	}
}

// text is the block as it should be; nil where nothing is to be in it.
func (b *block) text() []byte {
	if len(b.sections) == 0 && len(b.notes) == 0 {
		return nil
	}
	var text strings.Builder
	text.WriteString(headWhat + " " + b.request.Session + "`: run it again to update them\n")
	text.WriteString(headTemplate + b.template + "\n")
	if b.region != "" {
		text.WriteString(headRegion + b.region + "\n")
	}
	for _, line := range b.notes {
		text.WriteString(line + "\n")
	}
	for _, s := range b.sections {
		text.WriteString(s.text)
	}
	return []byte(text.String())
}

// find returns the section of a profile of the session, nil if there is none.
func (b *block) find(profileName string) *section {
	for _, s := range b.sections {
		if b.owns(s) && s.profile() == profileName {
			return s
		}
	}
	return nil
}

// owns tells the session's profiles from what else may stand in the block.
func (b *block) owns(s *section) bool {
	return strings.HasPrefix(s.name, prefix) && s.session == b.request.Session && s.account != "" && s.role != ""
}

const prefix = "profile "

func (s *section) profile() string { return strings.TrimPrefix(s.name, prefix) }

// outside notes the names that belong to others: those of the file's profiles
// that are not the session's, and those that the request names.
func (b *block) outside(f *awsfile.File) error {
	rest, err := awsfile.Parse(f.Text())
	if err != nil {
		return err
	}
	rest.Name = f.Name
	if err := rest.SetBlock(Owner(b.request.Session), nil); err != nil {
		return err
	}
	_, parts := rest.Parts()
	for _, part := range parts {
		b.taken[strings.TrimPrefix(part.Name, prefix)] = true
	}
	for _, s := range b.sections {
		if !b.owns(s) {
			b.taken[s.profile()] = true
		}
	}
	for _, name := range append(b.request.Taken, "default") {
		b.taken[name] = true
	}
	return nil
}
